"""A mail server on loopback that keeps a ledger and can stop at any point of a conversation."""

from __future__ import annotations

import contextlib
import queue
import socket
import socketserver
import threading
from types import TracebackType
from typing import Any

POINTS = ("greeting", "mail", "rcpt", "data", "body", "accepted")
"""Where it can stop: before its greeting, before it answers MAIL, RCPT or DATA, before it takes the
whole body, and after it took the body (it is in the ledger) but before it says so."""


class MailSink:
    """Takes every mail. ``ledger``: the recipients of all mails taken, in order.

    Arm a point with ``stop_at``; ``reached`` then gets it once, and that conversation hangs until
    its client is gone or ``release`` is called. ``answers``: an answer to give instead, by point.
    """

    def __init__(self) -> None:
        self.ledger: list[str] = []
        self.reached: queue.Queue[str] = queue.Queue()
        self.answers: dict[str, str] = {}
        self.hang_up_at = ""
        self._stop_at = ""
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.sink = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> MailSink:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def stop_at(self, point: str) -> None:
        self._released.clear()
        self._stop_at = point

    def release(self) -> None:
        self._stop_at = ""
        self._released.set()

    def pass_by(self, point: str, client: socket.socket) -> bool:
        """Return False when the conversation is over at this point."""
        if self.hang_up_at == point:
            return False
        if self._stop_at != point:
            return True
        self._stop_at = ""
        self.reached.put(point)
        client.settimeout(0.02)
        while not self._released.is_set():
            try:
                if client.recv(1, socket.MSG_PEEK) == b"":
                    return False
            except TimeoutError:
                continue
            except OSError:
                return False
        client.settimeout(None)
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    sink: MailSink

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no error."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._converse(self.server.sink)

    def _converse(self, sink: MailSink) -> None:
        if not sink.pass_by("greeting", self.connection):
            return
        self._say("220 sink")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper().decode()
            point = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}.get(word, "")
            if point and not sink.pass_by(point, self.connection):
                return
            if word == "RCPT":
                recipient = line.split(b"<")[1].split(b">")[0].decode()
            if point in sink.answers:
                self._say(sink.answers[point])
            elif word == "DATA":
                self._say("354 go ahead")
                if not self._take(sink, recipient):
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, sink: MailSink, recipient: str) -> bool:
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
        if not sink.pass_by("body", self.connection):
            return False
        if "body" in sink.answers:
            self._say(sink.answers["body"])
            return True
        sink.ledger.append(recipient)
        if not sink.pass_by("accepted", self.connection):
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
