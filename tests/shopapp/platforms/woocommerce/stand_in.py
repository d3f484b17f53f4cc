"""A store on loopback that replays recorded answers and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as the store saw it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """What the store says."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def recorded(recording: dict[str, Any]) -> Answer:
    """Return a recorded REST answer, to be replayed."""
    response = recording["response"]
    kept = ("X-WP-Total", "X-WP-TotalPages", "Link", "Content-Type")
    headers = {name: value for name, value in response["headers"] if name in kept}
    return Answer(response["json"], response["status"], headers)


def page(status: int = 200, text: str = "<!DOCTYPE html><html>a page</html>") -> Answer:
    """Return a page of HTML."""
    return Answer(text, status, {"Content-Type": "text/html; charset=UTF-8"})


@contextmanager
def store(reply: Callable[[Asked], Answer]) -> Iterator[tuple[str, list[Asked]]]:
    """Run a store; yields its address and the requests it got."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = Asked(
                self.command, self.path, dict(self.headers.items()), self.rfile.read(length)
            )
            asked.append(request)
            answer = reply(request)
            raw = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            defaults = {"Content-Type": "application/json; charset=UTF-8"}
            for name, value in (defaults | answer.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw.encode())))
            self.end_headers()
            self.wfile.write(raw.encode())

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 (http.server's names)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
