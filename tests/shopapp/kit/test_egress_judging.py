"""Whom the outbound client speaks to: judged once, and connected to as judged."""

from __future__ import annotations

import socket

import pytest
from django.test import override_settings

from shopapp.kit import egress
from shopapp.kit.public_addresses import is_public

LOOPBACK = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")


PUBLIC_ONLY = override_settings(ALLOW_LOOPBACK_STORES=False, EGRESS_EXTRA_CA_FILE="")


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
