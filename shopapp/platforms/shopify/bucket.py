"""A shop's bucket of points, as Shopify keeps one for every app and shop.

Every answer tells how large it is, what is left and how fast it fills
(https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits); nothing of that is known
before the first answer, which therefore is waited for. Each process has its own idea of the bucket;
what others took shows with the next answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from shopapp.kit.safe_json import Json

Clock = Callable[[], float]
Sleep = Callable[[float], None]
_ROUNDING = 1.0
_A_MOMENT = 0.001  # Fractions of a point get lost in sums of fractions of seconds.
_FIRST_ANSWER_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """Points that were set aside for one request."""

    operation: str
    points: float
    number: int


@dataclass(frozen=True, slots=True)
class Level:
    """What an answer told of the bucket: its size, what is in it and points filled in a second."""

    size: float
    left: float
    rate: float


class Bucket:
    """One shop's points. Threads may share it; they are served in the order in which they came."""

    def __init__(self, *, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> None:
        """``clock``: seconds that only go up. ``sleep``: waits so many seconds."""
        self._clock = clock
        self._sleep = sleep
        self._changed = threading.Condition()
        self._level: Level | None = None
        self._told_at = 0.0
        self._told_by = 0
        self._taken = 0
        self._out: dict[int, float] = {}
        self._costs: dict[str, float] = {}

    def take(self, operation: str, *, worst: float) -> Ticket:
        """Set the operation's points aside and wait until they are there. ``worst`` counts until
        the shop itself has said what it asks for this operation."""
        with self._changed:
            if self._level is None and self._out:
                self._changed.wait_for(lambda: not self._out or self._level, _FIRST_ANSWER_TIMEOUT)
            self._taken += 1
            ticket = Ticket(operation, self._costs.get(operation, worst), self._taken)
            pause = self._pause(ticket.points)
            self._out[ticket.number] = ticket.points
        if pause > 0:
            self._sleep(pause)
        return ticket

    def settle(self, ticket: Ticket, cost: Json) -> None:
        """Give a ticket back, with what the answer told of costs (``extensions.cost``; None where
        there was no answer)."""
        with self._changed:
            self._out.pop(ticket.number, None)
            self._learn(ticket, _level(cost))
            requested = _number(cost.get("requestedQueryCost")) if isinstance(cost, dict) else None
            if requested is not None:
                self._costs[ticket.operation] = requested
            self._changed.notify_all()

    def _learn(self, ticket: Ticket, told: Level | None) -> None:
        known = self._level
        if known is None:
            self._level = told
        elif told is None:
            # Unknown whether the points were spent: they fill up again in any case.
            self._level = replace(known, left=self._left(known) - ticket.points)
        elif ticket.number < self._told_by:
            # A newer request was answered before: of the two, the one that tells of less.
            self._level = replace(told, left=min(told.left, self._left(known)))
        else:
            self._level = told
        self._told_at = self._clock()
        self._told_by = max(self._told_by, ticket.number) if told else self._told_by

    def _pause(self, points: float) -> float:
        """Return the seconds until so many points are there beside those that are out."""
        if self._level is None or self._level.rate <= 0:
            return 0.0
        wanted = min(points, self._level.size) + _ROUNDING
        missing = wanted - (self._left(self._level) - sum(self._out.values()))
        full_in = (self._level.size - self._left(self._level)) / self._level.rate
        pause = missing / self._level.rate
        return pause if self._out else min(pause, full_in + _A_MOMENT)

    def _left(self, level: Level) -> float:
        filled = level.left + (self._clock() - self._told_at) * level.rate
        return min(level.size, filled)


_BUCKETS: dict[str, Bucket] = {}
_BUCKETS_LOCK = threading.Lock()


def bucket_of(host: str) -> Bucket:
    """Return this process's bucket of a shop."""
    with _BUCKETS_LOCK:
        return _BUCKETS.setdefault(host, Bucket())


def _level(cost: Json) -> Level | None:
    status = cost.get("throttleStatus") if isinstance(cost, dict) else None
    if not isinstance(status, dict):
        return None
    size = _number(status.get("maximumAvailable"))
    left = _number(status.get("currentlyAvailable"))
    rate = _number(status.get("restoreRate"))
    return None if size is None or left is None or rate is None else Level(size, left, rate)


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return float(value)
