"""A large file is fetched part by part, also from a server that knows no parts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings

from shopapp.kit import egress

FILE = bytes(number % 251 for number in range(300_000))


class Files(BaseHTTPRequestHandler):
    """Serves the file; at /whole it ignores what part was asked for."""

    def do_GET(self) -> None:
        start, _, end = self.headers["Range"].removeprefix("bytes=").partition("-")
        if self.path == "/whole":
            self._answer(200, FILE)
        elif self.path == "/packed":
            self._answer(200, FILE, "gzip")
        elif self.path == "/too-much":
            self._answer(206, FILE)
        else:
            self._answer(206, FILE[int(start) : int(end) + 1])

    def _answer(self, status: int, body: bytes, encoding: str = "identity") -> None:
        self.send_response(status)
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("path", "status"), [("/parts", 206), ("/whole", 200)])
@pytest.mark.parametrize(
    ("start", "size"), [(0, 1), (0, 1000), (70_000, 100_000), (299_000, 5000), (300_000, 10)]
)
def test_exactly_the_part_that_was_asked_for_comes(
    files: str, path: str, status: int, start: int, size: int
) -> None:
    answer = egress.request_part(f"{files}{path}", start=start, size=size)
    assert (answer.status, answer.content) == (status, FILE[start : start + size])


def test_more_than_was_asked_for_is_not_read(files: str) -> None:
    with pytest.raises(egress.EgressFailed):
        egress.request_part(f"{files}/too-much", start=0, size=1000)


def test_a_packed_file_has_no_parts(files: str) -> None:
    with pytest.raises(egress.EgressFailed):
        egress.request_part(f"{files}/packed", start=0, size=1000)


def test_a_file_on_our_own_network_is_not_fetched(files: str) -> None:
    with override_settings(ALLOW_LOOPBACK_STORES=False), pytest.raises(egress.EgressRefused):
        egress.request_part(f"{files}/parts", start=0, size=1000)
