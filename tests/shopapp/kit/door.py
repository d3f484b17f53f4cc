"""A small server on loopback with one bad habit per path."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler


class Door(BaseHTTPRequestHandler):
    """Answers each path in its own way, and remembers who asked."""

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
