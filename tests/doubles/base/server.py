"""A threaded server on loopback for a WSGI application, plain or with TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from types import TracebackType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tests.doubles.base.http import WsgiApp


class _QuietHandler(WSGIRequestHandler):
    """Answers without writing a log line; a silent visitor is let go."""

    timeout = 30

    def setup(self) -> None:
        """Shake hands in the connection's own thread, so that no visitor blocks another."""
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()
        super().setup()

    def get_environ(self) -> dict[str, object]:
        """Return the environment with the scheme that this connection speaks."""
        environ: dict[str, object] = super().get_environ()
        environ["HTTPS"] = "on" if isinstance(self.request, ssl.SSLSocket) else ""
        return environ

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the ledgers tell what was asked."""


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    tls: ssl.SSLContext | None = None

    def server_bind(self) -> None:
        """Bind without asking the name server for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a visitor; the handshake is left to its thread."""
        visitor, address = self.socket.accept()
        if self.tls is None:
            return visitor, address
        wrapped = self.tls.wrap_socket(visitor, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Let go of a visitor who hung up or spoke no TLS."""


class Listener:
    """A running server; ``with`` stops it. Port 0 takes a free one."""

    def __init__(
        self, app: WsgiApp, port: int = 0, certificate: tuple[Path, Path] | None = None
    ) -> None:
        """Start to answer at 127.0.0.1 on this port."""
        self._server = _ThreadedServer(("127.0.0.1", port), _QuietHandler)
        self._server.set_app(app)
        if certificate:
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.tls.load_cert_chain(*certificate)
        scheme = "https" if certificate else "http"
        self.port: int = self._server.server_port
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Listener:
        """Return the listener itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the listener."""
        self.stop()
