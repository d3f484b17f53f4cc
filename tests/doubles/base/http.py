"""Requests and answers as plain values, and the step from and to WSGI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

Json = Any
"""A value as it stands in JSON: the border where types end."""

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_BODY_LIMIT = 8 * 1024 * 1024


@dataclass(slots=True)
class Request:
    """One HTTP request. ``headers`` has lower-case names; ``pairs`` keeps the query's order."""

    method: str
    scheme: str
    host: str
    path: str
    query_string: str
    headers: dict[str, str]
    body: bytes = b""
    pairs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def root(self) -> str:
        """Return the address of the site as this request names it, without a slash."""
        return f"{self.scheme}://{self.host}"

    @property
    def query(self) -> dict[str, str]:
        """Return the query; as in PHP, the last of equal names counts."""
        return dict(self.pairs)

    @property
    def uri(self) -> str:
        """Return path and query as they were asked for."""
        return self.path + (f"?{self.query_string}" if self.query_string else "")

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of a posted form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookies; unreadable ones are none."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    def json(self) -> Json:
        """Return the body as JSON; raises ValueError when it is none."""
        return json.loads(self.body.decode("utf-8"))


@dataclass(slots=True)
class Response:
    """One HTTP answer."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> Response:
        """Add a header and return the answer itself."""
        self.headers.append((name, value))
        return self

    def put(self, name: str, value: str) -> Response:
        """Set a header in place of others of its name and return the answer itself."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        return self.add(name, value)

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


Handler = Callable[[Request], Response]


def text_answer(text: str, status: int = 200, kind: str = "text/html; charset=UTF-8") -> Response:
    """Return an answer with this text."""
    return Response(status, text.encode(), [("Content-Type", kind)])


def redirect_to(address: str, status: int = 302) -> Response:
    """Return a redirect as WordPress sends it."""
    answer = text_answer("", status)
    return answer.add("X-Redirect-By", "WordPress").add("Location", address)


def as_wsgi(handler: Handler) -> WsgiApp:
    """Return a WSGI application that answers with this handler."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = handler(_request_of(environ))
        phrase = HTTPStatus(answer.status).phrase
        length = ("Content-Length", str(len(answer.body)))
        start_response(f"{answer.status} {phrase}", [*answer.headers, length])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    return application


def _request_of(environ: Environ) -> Request:
    """Return the request that a WSGI server describes."""
    headers = {
        key[5:].replace("_", "-").lower(): str(value)
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    length = min(int(environ.get("CONTENT_LENGTH") or 0), _BODY_LIMIT)
    query_string = environ.get("QUERY_STRING", "")
    return Request(
        method=environ["REQUEST_METHOD"],
        scheme=environ["wsgi.url_scheme"],
        host=headers.get("host") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace") or "/",
        query_string=query_string,
        headers=headers,
        body=environ["wsgi.input"].read(length) if length else b"",
        pairs=parse_qsl(query_string, keep_blank_values=True),
    )
