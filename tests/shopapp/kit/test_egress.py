"""The outbound client goes nowhere it should not, and never waits or reads too long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import ThreadingHTTPServer

import pytest
from django.test import override_settings

from shopapp.kit import egress
from tests.shopapp.kit.door import Door

LOOPBACK = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")


PUBLIC_ONLY = override_settings(ALLOW_LOOPBACK_STORES=False, EGRESS_EXTRA_CA_FILE="")


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


def test_loopback_is_refused_unless_the_development_switch_is_on(door: str) -> None:
    with PUBLIC_ONLY, pytest.raises(egress.EgressRefused):
        egress.request("GET", door)
    assert Door.seen == []
    with LOOPBACK:
        assert egress.request("GET", door).content == b"hello"


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
