"""The points that an app may spend in a shop: a bucket that fills again, on real time."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spent:
    """One line of the ledger of operations. ``actual`` is None where it was refused."""

    name: str
    requested: int
    actual: int | None
    throttled: bool
    available: float


@dataclass(slots=True)
class Bucket:
    """A leaky bucket: the asked cost is taken, what was not used is given back."""

    maximum: float = 2000.0
    restore_rate: float = 100.0
    ledger: deque[Spent] = field(default_factory=lambda: deque(maxlen=100_000))
    _available: float | None = None
    _at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, cost: int) -> bool:
        """Take the cost, if there is as much; a refusal is written down."""
        with self._lock:
            available = self._filled()
            if cost > available:
                self.ledger.append(Spent(name, cost, None, True, available))
                return False
            self._available = available - cost
            return True

    def settle(self, name: str, requested: int, actual: int) -> None:
        """Give back what was asked for and not used."""
        with self._lock:
            self._available = min(self.maximum, self._filled() + requested - actual)
            self.ledger.append(Spent(name, requested, actual, False, self._available))

    def resize(self, maximum: float, restore_rate: float) -> None:
        """Make another bucket of this one, full."""
        with self._lock:
            self.maximum, self.restore_rate, self._available = maximum, restore_rate, None

    def cost_json(self, requested: int, actual: int | None) -> dict[str, Any]:
        """Return ``extensions.cost``."""
        with self._lock:
            available = self._filled()
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": float(self.maximum),
                "currentlyAvailable": int(available),
                "restoreRate": float(self.restore_rate),
            },
        }

    @property
    def throttled(self) -> int:
        """Return how many operations were refused."""
        return sum(one.throttled for one in self.ledger)

    def _filled(self) -> float:
        at = time.monotonic()
        before = self.maximum if self._available is None else self._available
        passed = at - self._at if self._available is not None else 0.0
        self._available, self._at = min(self.maximum, before + passed * self.restore_rate), at
        return self._available
