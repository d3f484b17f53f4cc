"""What has to be told to webhooks, and the faults a test may put between a store and its reader."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tests.doubles.woocommerce.records import Webhook
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.state import State

Outage = Literal["", "refused", "500", "html", "slow", "redirect"]


@dataclass(slots=True)
class Pending:
    """One delivery that waits for the next run of the queue."""

    webhook_id: int
    topic: str
    arg: int
    queued_at: datetime


@dataclass(slots=True)
class Faults:
    """What goes wrong, by request. Each count is used up by the deliveries it touches.

    ``drop``: never sent, and WooCommerce takes it for sent. ``duplicate``: sent twice. ``hold``:
    kept back for a later run. ``shuffle``: a seed; each run is sent in another order.
    ``outage``: how the store itself answers requests to its interfaces.
    """

    drop: int = 0
    duplicate: int = 0
    hold: int = 0
    shuffle: int | None = None
    outage: Outage = ""
    slow_seconds: float = 30.0

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
    """The queue between a change and its webhooks: one entry per webhook and thing."""

    state: State
    faults: Faults = field(default_factory=Faults)
    waiting: list[Pending] = field(default_factory=list)

    def tell(self, topic: str, arg: int) -> None:
        """Queue this news for each active webhook of the topic, unless it waits already."""
        with self.state.lock:
            for webhook in self._listening(topic):
                if not any(p.webhook_id == webhook.id and p.arg == arg for p in self.waiting):
                    self.waiting.append(Pending(webhook.id, topic, arg, now()))

    def take_all(self) -> list[Pending]:
        """Take what waits, in the order of sending; held entries stay."""
        with self.state.lock:
            batch, self.waiting = self.waiting, []
            held = [one for one in batch if self.faults.take("hold")]
            self.waiting = held
            return self.faults.order([one for one in batch if one not in held])

    def _listening(self, topic: str) -> list[Webhook]:
        hooks = self.state.webhooks.values()
        return [one for one in hooks if one.topic == topic and one.status == "active"]
