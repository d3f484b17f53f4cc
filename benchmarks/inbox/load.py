"""Post requests over kept connections on loopback, as fast as answered or at a steady rate."""

from __future__ import annotations

import collections
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_PATIENCE = 15.0
"""Seconds without any answer after which a load gives up."""


@dataclass(slots=True)
class Answers:
    """What came back. ``seconds`` of every answer, counted from when its request was due."""

    seconds: list[float] = field(default_factory=list)
    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Return how many 200s came per second."""
        return self.statuses[200] / self.lasted


class _Line:
    """One connection: one request at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self._heard = b""

    def ask(self, request: bytes, due: float) -> None:
        self.due = due
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Return the status once the answer is whole; raises ConnectionError when hung up."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server hung up")
        self._heard += data
        head, whole, body = self._heard.partition(b"\r\n\r\n")
        if not whole or not _is_whole(head, body):
            return None
        self._heard = b""
        return int(head[9:12])


def post(
    port: int,
    requests: Iterator[bytes],
    *,
    seconds: float,
    connections: int = 16,
    rate: float | None = None,
) -> Answers:
    """Post for so long and return every answer, those still under way at the end included.

    With a ``rate`` (per second) requests fall due evenly, and one that has to wait for a free
    connection has waited: slow answers hide no others. Without, the next follows each answer.
    """
    answers = Answers()
    with selectors.DefaultSelector() as selector:
        free = [_Line(port) for _ in range(connections)]
        for line in free:
            selector.register(line.socket, selectors.EVENT_READ, line)
        try:
            _converse(selector, free, requests, answers, seconds=seconds, rate=rate)
        finally:
            for key in list(selector.get_map().values()):
                key.data.socket.close()
    return answers


def _converse(
    selector: selectors.BaseSelector,
    free: list[_Line],
    requests: Iterator[bytes],
    answers: Answers,
    *,
    seconds: float,
    rate: float | None,
) -> None:
    lines, sent = len(free), 0
    started = last = time.perf_counter()
    due = _schedule(started, rate)
    while True:
        now = time.perf_counter()
        while free and (moment := due(sent, now)) <= now and moment - started < seconds:
            free.pop().ask(next(requests), moment)
            sent += 1
        over = due(sent, now) - started >= seconds
        if over and len(free) == lines:
            break
        if now - last > _PATIENCE:
            raise TimeoutError("the server answers no more")
        wait = _PATIENCE if over or not free else max(0.0, due(sent, now) - now)
        for key, _ in selector.select(wait):
            line: _Line = key.data
            status = line.status()
            if status is not None:
                last = time.perf_counter()
                answers.statuses[status] += 1
                answers.seconds.append(last - line.due)
                free.append(line)
    answers.lasted = time.perf_counter() - started


def _schedule(started: float, rate: float | None) -> Callable[[int, float], float]:
    """Return when the request of this number is due, asked now."""
    if rate is None:
        return lambda _number, now: now
    return lambda number, _now: started + number / rate


def _is_whole(head: bytes, body: bytes) -> bool:
    for header in head.split(b"\r\n")[1:]:
        name, _, value = header.partition(b":")
        if name.strip().lower() == b"content-length":
            return len(body) >= int(value)
    # Without CommonMiddleware the length is not told: the body comes in chunks, the last one empty.
    return body.endswith(b"0\r\n\r\n")
