"""What has to be told to the app, and the faults a test may put between a shop and its reader."""

from __future__ import annotations

import random
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tests.doubles.base.http import Json
from tests.doubles.shopify.app_setup import AppSetup, Subscription
from tests.doubles.shopify.payloads.redacted import redacted
from tests.doubles.shopify.settings import dump, now
from tests.doubles.shopify.state import State

RETRY_WAITS = tuple(timedelta(minutes=one) for one in (1, 2, 5, 12, 25, 45, 65, 85))
"""Eight retries within four hours. Shopify tells the number and the span, not the waits."""

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


@dataclass(slots=True)
class Pending:
    """One delivery on its way: a retry is the same delivery with the same ids and body."""

    topic: str
    subscription: Subscription
    body: bytes
    webhook_id: str
    event_id: str
    triggered_at: datetime
    due_at: datetime
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """One try, for the ledger. ``status`` is 0 where nothing answered in time."""

    topic: str
    url: str
    headers: dict[str, str]
    body: bytes
    status: int
    at: datetime
    webhook_id: str
    tried: int
    dropped: bool = False


@dataclass(slots=True)
class NewsFaults:
    """What goes wrong, by request. Each count is used up by the deliveries it touches.

    ``drop``: never sent, as Shopify now and then never sends. ``duplicate``: sent twice with the
    same ids. ``hold``: kept back for a later run. ``shuffle``: a seed; each run is sent in another
    order. ``redact``: protected customer data comes as nulls, as long as this is on.
    """

    drop: int = 0
    duplicate: int = 0
    hold: int = 0
    shuffle: int | None = None
    redact: bool = False

    def take(self, name: Literal["drop", "duplicate", "hold"]) -> bool:
        """Tell whether the next delivery meets this fault, and use it up."""
        left = int(getattr(self, name))
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True

    def order(self, batch: list[Pending]) -> list[Pending]:
        """Return the batch in the order in which it is sent."""
        if self.shuffle is None:
            return batch
        shuffled = list(batch)
        random.Random(self.shuffle).shuffle(shuffled)
        self.shuffle += 1
        return shuffled


@dataclass(slots=True)
class News:
    """The queue between a change and its webhooks. Bodies are written when it happens."""

    state: State
    setup: AppSetup
    faults: NewsFaults = field(default_factory=NewsFaults)
    waiting: list[Pending] = field(default_factory=list)
    ledger: deque[Delivered] = field(default_factory=lambda: deque(maxlen=50_000))
    installed: bool = False
    known: bool = False
    """Whether the app was ever installed: compliance topics go on after it left."""
    scopes: tuple[str, ...] = ()
    _event: str = ""

    @contextmanager
    def action(self) -> Iterator[None]:
        """Hold the shop's lock; all news told inside comes of one action of someone's."""
        with self.state.lock:
            outermost = not self._event
            self._event = self._event or str(uuid.uuid4())
            try:
                yield
            finally:
                if outermost:
                    self._event = ""

    def tell(self, topic: str, payload: Json, *, wait: timedelta = timedelta(0)) -> None:
        """Queue this news where the app is installed, subscribed and allowed to know.

        ``wait``: how much later (shown time) it is sent.
        """
        if not (self.known if topic in COMPLIANCE else self.installed):
            return
        with self.action():
            for subscription in self.setup.listening(topic, self.scopes):
                told = redacted(payload) if self.faults.redact else payload
                body = dump(subscription.shaped(told))
                at = now()
                self.waiting.append(
                    Pending(
                        topic, subscription, body, str(uuid.uuid4()), self._event, at, at + wait
                    )
                )

    def take_due(self) -> list[Pending]:
        """Take what is due, in the order of sending; what is held or not due stays."""
        with self.state.lock:
            at = now()
            due = [one for one in self.waiting if one.due_at <= at]
            held = [one for one in due if not one.tried and self.faults.take("hold")]
            batch = [one for one in due if one not in held]
            self.waiting = [one for one in self.waiting if one not in batch]
            return self.faults.order(batch)

    def put_back(self, pending: Pending) -> bool:
        """Queue a failed delivery for its next try; return False after the last one."""
        if pending.tried > len(RETRY_WAITS):
            return False
        with self.state.lock:
            pending.due_at = now() + RETRY_WAITS[pending.tried - 1]
            self.waiting.append(pending)
            return True
