"""Over TLS the outbound client trusts whom it should, by name."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import override_settings

from shopapp.kit import egress
from tests.shopapp.kit.door import Door

LOOPBACK = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")


PUBLIC_ONLY = override_settings(ALLOW_LOOPBACK_STORES=False, EGRESS_EXTRA_CA_FILE="")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate for shop.example, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


@pytest.fixture
def secure_door(certificate: Path) -> Iterator[int]:
    Door.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def _over_tls(host: str, port: int) -> egress.Response:
    return egress.request("GET", f"https://{host}:{port}/", resolver=lambda h, p: ["127.0.0.1"])


def test_a_self_made_certificate_counts_only_when_its_file_is_named(
    secure_door: int, certificate: Path
) -> None:
    with LOOPBACK, pytest.raises(egress.EgressFailed):
        _over_tls("shop.example", secure_door)
    assert Door.seen == []
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=str(certificate)):
        assert _over_tls("shop.example", secure_door).content == b"hello"


def test_a_certificate_of_another_host_is_refused(secure_door: int, certificate: Path) -> None:
    with (
        override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=str(certificate)),
        pytest.raises(egress.EgressFailed),
    ):
        _over_tls("other.example", secure_door)
    assert Door.seen == []
