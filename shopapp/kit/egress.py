"""The one outbound HTTP client for addresses that merchants or browsers gave us.

It looks the host up once, refuses what is not public, connects to the very address that was
judged, follows no redirect and never reads longer or more than it was told.

Ports: 80, 443, 8080 and 8443 on the public internet. With the setting ALLOW_LOOPBACK_STORES
(development only) also this machine's loopback, on any port.
"""

from __future__ import annotations

import base64
import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import httpcore
import httpx
from django.conf import settings

from shopapp.kit.judged_network import (
    EgressError,
    EgressFailed,
    EgressRefused,
    JudgingBackend,
    Resolver,
    look_up,
)
from shopapp.kit.safe_json import Json

__all__ = [
    "EgressError",
    "EgressFailed",
    "EgressRefused",
    "Resolver",
    "Response",
    "look_up",
    "request",
    "request_part",
]

DEFAULT_MAX_BYTES = 5 * 1024 * 1024
_DEFAULT_HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "Rebasket/1.0"}
_GZIP_OR_ZLIB = 47
_OK = 200
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, read whole. ``headers`` ignores case in names."""

    status: int
    headers: httpx.Headers
    content: bytes


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    content: bytes | None = None,
    json: Json = None,
    auth: tuple[str, str] | None = None,
    timeout: float = 15.0,
    max_bytes: int = DEFAULT_MAX_BYTES,
    resolver: Resolver = look_up,
) -> Response:
    """Send one request and return the answer, whatever its status (redirects too).

    ``timeout``: seconds for all of it, from the look-up to the last byte. ``max_bytes``: of the
    answer's body, after unpacking. ``auth``: user and password for Basic.
    Raises EgressRefused or EgressFailed.
    """
    deadline = time.monotonic() + timeout
    target = _judged_url(url)
    sent = httpx.Request(
        method,
        target.copy_merge_params(params) if params else target,
        headers={**_DEFAULT_HEADERS, **_basic(auth), **(headers or {})},
        content=content,
        json=json,
    )
    return _exchange(sent, deadline, resolver, lambda answer: _body(answer, max_bytes))


def request_part(
    url: str, *, start: int, size: int, timeout: float = 60.0, resolver: Resolver = look_up
) -> Response:
    """Ask for ``size`` bytes of a file from the byte ``start`` on; judged as `request` is.

    An answer of 206 is that part. One of 200 is cut to it: the server sends everything all the
    same, what is before is skipped and what comes after is not read.
    """
    deadline = time.monotonic() + timeout
    wanted = {"Range": f"bytes={start}-{start + size - 1}", "Accept-Encoding": "identity"}
    sent = httpx.Request("GET", _judged_url(url), headers=_DEFAULT_HEADERS | wanted)

    def read(answer: httpx.Response) -> bytes:
        whole = answer.status_code == _OK
        return _part(answer, start, size) if whole else _body(answer, size)

    return _exchange(sent, deadline, resolver, read)


def _exchange(
    sent: httpx.Request,
    deadline: float,
    resolver: Resolver,
    read: Callable[[httpx.Response], bytes],
) -> Response:
    host = sent.url.host
    try:
        # The transport alone: httpx.Client would read a redirect's address even where it does
        # not follow it, and a hostile one makes it raise.
        with _Transport(deadline, resolver) as transport:
            answer = transport.handle_request(sent)
            return Response(answer.status_code, answer.headers, read(answer))
    except httpcore.TimeoutException as error:
        raise EgressFailed(f"{host} took too long to answer.") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise EgressRefused("This request cannot be sent.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise EgressFailed(f"{host} could not be reached.") from error


def _basic(auth: tuple[str, str] | None) -> dict[str, str]:
    if auth is None:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(':'.join(auth).encode()).decode()}"}


def _judged_url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise EgressRefused("This is not a web address.") from error
    if parsed.scheme not in {"http", "https"} or not _HOST.fullmatch(parsed.raw_host):
        raise EgressRefused("Only http and https addresses can be reached.")
    if parsed.userinfo:
        raise EgressRefused("A web address must not carry a user name or password.")
    return parsed


def _body(answer: httpx.Response, max_bytes: int) -> bytes:
    """Return the unpacked body; unpacking is bounded as well (a small gzip can hold gigabytes)."""
    encoding = _encoding(answer)
    if encoding not in {"identity", "", "gzip", "deflate"}:
        raise EgressFailed("The answer is packed in a way that was not asked for.")
    unpack = zlib.decompressobj(_GZIP_OR_ZLIB) if encoding in {"gzip", "deflate"} else None
    body = bytearray()
    try:
        for chunk in answer.iter_raw():
            room = max_bytes - len(body) + 1
            body += unpack.decompress(chunk, room) if unpack else chunk[:room]
            if len(body) > max_bytes:
                raise EgressFailed(f"The answer is larger than {max_bytes} bytes.")
    except zlib.error as error:
        raise EgressFailed("The answer is damaged.") from error
    return bytes(body)


def _part(answer: httpx.Response, start: int, size: int) -> bytes:
    """Return ``size`` bytes from ``start`` on of a body that comes whole, and read no further."""
    if _encoding(answer) not in {"identity", ""}:
        raise EgressFailed("The answer is packed in a way that was not asked for.")
    body, seen = bytearray(), 0
    for chunk in answer.iter_raw():
        body += chunk[max(0, start - seen) :][: size - len(body)]
        seen += len(chunk)
        if len(body) == size:
            break
    return bytes(body)


def _encoding(answer: httpx.Response) -> str:
    encoding: str = answer.headers.get("Content-Encoding", "identity")
    return encoding.strip().lower()


class _Transport(httpx.BaseTransport):
    """httpx over a connection that only goes where `JudgingBackend` lets it."""

    def __init__(self, deadline: float, resolver: Resolver) -> None:
        extra = getattr(settings, "EGRESS_EXTRA_CA_FILE", "") or ""
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(extra, Path(extra).stat().st_mtime if extra else 0.0),
            max_connections=1,
            network_backend=JudgingBackend(deadline, resolver),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to one request, its body still to be read."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            request=request,
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@lru_cache(maxsize=4)
def _tls(extra_ca_file: str, changed_at: float) -> ssl.SSLContext:
    """Return the trust we have: certifi's, and the extra file's (read anew when it changed)."""
    del changed_at
    context = httpx.create_ssl_context(trust_env=False)
    if extra_ca_file:
        context.load_verify_locations(extra_ca_file)
    return context
