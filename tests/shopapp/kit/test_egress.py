"""The outbound client goes nowhere it should not, and never waits or reads too long."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import override_settings

from shopapp.kit import egress
from shopapp.kit.public_addresses import is_public

LOOPBACK = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")
PUBLIC_ONLY = override_settings(ALLOW_LOOPBACK_STORES=False, EGRESS_EXTRA_CA_FILE="")


class Door(BaseHTTPRequestHandler):
    """A small server with one bad habit per path."""

    seen: list[tuple[str, str, str]] = []

    def do_GET(self) -> None:
        Door.seen.append((self.path, self.headers["Host"], self.headers.get("Authorization", "")))
        answers: dict[str, Callable[[], None]] = {
            "/moved": lambda: self._answer(302, b"", Location="http://127.0.0.1:1/elsewhere"),
            "/bomb": lambda: self._answer(
                200, gzip.compress(b"0" * 5_000_000), **{"Content-Encoding": "gzip"}
            ),
            "/packed": lambda: self._answer(
                200, gzip.compress(b"hello"), **{"Content-Encoding": "gzip"}
            ),
            "/nonsense": lambda: self._answer(302, b"", Location="javascript:alert(1)//[::"),
            "/brotli": lambda: self._answer(200, b"?", **{"Content-Encoding": "br"}),
            "/large": lambda: self._answer(200, b"x" * 2000),
        }
        answers.get(self.path, lambda: self._answer(200, b"hello"))()

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def door() -> Iterator[str]:
    Door.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends one header byte whenever the other side has waited a little."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        with listener.accept()[0] as connection:
            while not stop.wait(0.02):
                try:
                    connection.send(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    stop.set()
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::808:808",
        "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "3fff::1",
        "fec0::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "not an address",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    with PUBLIC_ONLY, pytest.raises(egress.EgressRefused, match=r"shop\.example"):
        egress.request("GET", "http://shop.example/", resolver=lambda host, port: [address])


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//shop.example",
        "http://",
        "http://anna:secret@shop.example/",
        "http://shop.example:70000/",
        "http://shop example/",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with LOOPBACK, pytest.raises(egress.EgressRefused):
        egress.request("GET", url, resolver=lambda host, port: ["8.8.8.8"])


def test_loopback_is_refused_unless_the_development_switch_is_on(door: str) -> None:
    with PUBLIC_ONLY, pytest.raises(egress.EgressRefused):
        egress.request("GET", door)
    assert Door.seen == []
    with LOOPBACK:
        assert egress.request("GET", door).content == b"hello"


def test_the_development_switch_admits_no_private_network() -> None:
    with LOOPBACK, pytest.raises(egress.EgressRefused):
        egress.request("GET", "http://shop.example/", resolver=lambda host, port: ["10.0.0.1"])


def test_a_public_address_is_reached_on_web_ports_only() -> None:
    with PUBLIC_ONLY, pytest.raises(egress.EgressRefused):
        egress.request("GET", "http://shop.example:25/", resolver=lambda host, port: ["8.8.8.8"])


def test_numbers_in_disguise_are_judged_as_the_address_they_mean() -> None:
    for host in ("2130706433", "0x7f.1", "127.1", "[::1]", "localhost"):
        with PUBLIC_ONLY, pytest.raises((egress.EgressRefused, egress.EgressFailed)):
            egress.request("GET", f"http://{host}/")


def test_the_host_is_looked_up_once_and_the_judged_address_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that answers with a public address first and with loopback next gains nothing."""
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    dialled: list[str] = []

    def refuse(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with PUBLIC_ONLY, pytest.raises(egress.EgressFailed):
        egress.request("GET", "http://shop.example/", resolver=lambda host, port: answers.pop(0))
    assert dialled == ["8.8.8.8"]
    assert answers == [["127.0.0.1"]]


def test_of_mixed_answers_only_the_public_ones_are_dialled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialled: list[str] = []

    def refuse(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with PUBLIC_ONLY, pytest.raises(egress.EgressFailed):
        egress.request(
            "GET",
            "http://shop.example/",
            resolver=lambda host, port: ["10.0.0.1", "8.8.8.8", "127.0.0.1", "1.1.1.1"],
        )
    assert dialled == ["8.8.8.8", "1.1.1.1"]


def test_the_host_header_names_the_shop_and_not_the_address(door: str) -> None:
    port = door.rpartition(":")[2]
    with LOOPBACK:
        egress.request(
            "GET",
            f"http://shop.example:{port}/a",
            resolver=lambda host, port: ["127.0.0.1"],
        )
    assert Door.seen == [("/a", f"shop.example:{port}", "")]


def test_parameters_join_those_in_the_address_and_basic_auth_is_sent(door: str) -> None:
    with LOOPBACK:
        egress.request("GET", f"{door}/a?b=1", params={"c": "2 3"}, auth=("anna", "pass"))
    path, _, authorization = Door.seen[0]
    assert path == "/a?b=1&c=2+3" or path == "/a?b=1&c=2%203"
    assert authorization == "Basic YW5uYTpwYXNz"


def test_a_redirect_is_an_answer_and_is_not_followed(door: str) -> None:
    with LOOPBACK:
        answer = egress.request("GET", f"{door}/moved")
    assert (answer.status, answer.headers["location"]) == (
        302,
        "http://127.0.0.1:1/elsewhere",
    )
    assert len(Door.seen) == 1


def test_a_redirect_to_nonsense_is_an_answer_too(door: str) -> None:
    with LOOPBACK:
        assert egress.request("GET", f"{door}/nonsense").status == 302


def test_an_answer_beyond_the_cap_is_cut_off(door: str) -> None:
    with LOOPBACK:
        assert len(egress.request("GET", f"{door}/large", max_bytes=2000).content) == 2000
        with pytest.raises(egress.EgressFailed, match="larger than 1999"):
            egress.request("GET", f"{door}/large", max_bytes=1999)


def test_a_packed_answer_is_unpacked_within_the_cap(door: str) -> None:
    with LOOPBACK:
        assert egress.request("GET", f"{door}/packed").content == b"hello"
        with pytest.raises(egress.EgressFailed, match="larger"):
            egress.request("GET", f"{door}/bomb", max_bytes=100_000)
        with pytest.raises(egress.EgressFailed, match="packed"):
            egress.request("GET", f"{door}/brotli")


def test_a_slow_drip_ends_at_the_deadline(dripping: str) -> None:
    with LOOPBACK, pytest.raises(egress.EgressFailed, match="too long"):
        egress.request("GET", dripping, timeout=0.3)


def test_a_look_up_that_hangs_ends_at_the_deadline() -> None:
    gate = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        gate.wait()
        return []

    try:
        with LOOPBACK, pytest.raises(egress.EgressFailed, match="too long"):
            egress.request("GET", "http://shop.example/", timeout=0.2, resolver=hang)
    finally:
        gate.set()


def test_a_name_that_nobody_knows_is_a_failure_and_not_a_refusal() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with PUBLIC_ONLY, pytest.raises(egress.EgressFailed, match="not known"):
        egress.request("GET", "http://shop.example/", resolver=unknown)


def test_a_closed_port_is_a_failure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with LOOPBACK, pytest.raises(egress.EgressFailed, match="could not be reached"):
        egress.request("GET", f"http://127.0.0.1:{port}/")


def test_a_server_that_speaks_no_http_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def nonsense() -> None:
            with listener.accept()[0] as connection:
                connection.recv(1000)
                connection.send(b"220 mail ready\r\n")

        thread = threading.Thread(target=nonsense)
        thread.start()
        with LOOPBACK, pytest.raises(egress.EgressFailed):
            egress.request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=5)
        thread.join()


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
