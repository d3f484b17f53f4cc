"""Connections to judged addresses only, each wait held to one deadline.

The part of the outbound client (`shopapp.kit.egress`) that touches the network.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
from django.conf import settings

from shopapp.kit.public_addresses import is_loopback, is_public

CONNECT_SECONDS = 5.0
PORTS = frozenset({80, 443, 8080, 8443})

Resolver = Callable[[str, int], list[str]]
"""Looks a host up: name and port in, IP addresses out, best first."""


class EgressError(Exception):
    """A request that brought no answer; the text is one sentence without secrets."""


class EgressRefused(EgressError):
    """We do not speak to this address; trying again does not help."""


class EgressFailed(EgressError):
    """The network or the other side failed; trying later may help."""


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of this host as the system resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class JudgingBackend(httpcore.NetworkBackend):
    """Connects to judged addresses only, and holds every wait to one deadline."""

    def __init__(self, deadline: float, resolver: Resolver) -> None:
        self._deadline = deadline
        self._resolver = resolver
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to an allowed address of this host, trying them in order."""
        found = _within(self._deadline, lambda: self._resolver(host, port))
        allowed = [address for address in found if _allowed(address, port)]
        if not allowed:
            raise EgressRefused(f"{host} is not a public address that we may speak to.")
        refusal: Exception | None = None
        for address in allowed:
            seconds = min(CONNECT_SECONDS, _left(self._deadline))
            try:
                stream = self._real.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
                continue
            return _DeadlineStream(stream, self._deadline)
        raise EgressFailed(f"{host} could not be reached.") from refusal

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refuse: nothing outside is reached through a file."""
        raise EgressRefused("Only http and https addresses can be reached.")


class _DeadlineStream(httpcore.NetworkStream):
    """A connection on which a slow drip of bytes cannot outlive the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = min(CONNECT_SECONDS, _left(self._deadline))
        secured = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _allowed(address: str, port: int) -> bool:
    if is_loopback(address):
        return bool(getattr(settings, "ALLOW_LOOPBACK_STORES", False))
    return is_public(address) and port in PORTS


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("deadline")
    return seconds


def _within(deadline: float, look: Callable[[], list[str]]) -> list[str]:
    """Return the look-up's answer; the system resolver has no time limit of its own."""
    answers: list[list[str]] = []

    def run() -> None:
        try:
            answers.append(look())
        except (OSError, UnicodeError):
            answers.append([])

    thread = threading.Thread(target=run, daemon=True, name="egress-look-up")
    thread.start()
    thread.join(_left(deadline))
    if not answers:
        raise httpcore.ConnectTimeout("look-up")
    if not answers[0]:
        raise EgressFailed("This host's name is not known.")
    return answers[0]
