"""What the plugin remembers: its connection and what waits to be sent."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from tests.doubles.base.http import Json

PLUGIN_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class Connection:
    """What the app gave the plugin."""

    shop: str
    secret: str
    app_url: str
    script_url: str
    wording: str
    version: str
    box_countries: tuple[str, ...]
    box_default: bool

    def wants_box(self, country: str) -> bool:
        """Tell whether a shopper of this country (empty: unknown) must tick the box."""
        return country in self.box_countries if country else self.box_default


@dataclass(slots=True)
class Row:
    """One report that waits in the outbox."""

    envelope: dict[str, Json]
    queued_at: str
    tries: int = 0


@dataclass(slots=True)
class PluginState:
    """The plugin of one shop. ``over``: the app said that the connection is over."""

    connection: Connection | None = None
    outbox: deque[Row] = field(default_factory=deque)
    over: bool = False
    own_cart_mail: bool = False
    merchant_email: str = ""
    revisions: dict[str, int] = field(default_factory=dict)
    sent: list[dict[str, Json]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    sending: threading.Lock = field(default_factory=threading.Lock)
    news: threading.Event = field(default_factory=threading.Event)
    """Set when something waits, so that the sender need not look all the time."""

    def next_revision(self, thing: str) -> int:
        """Return the number of the next report of one cart or order."""
        with self.lock:
            self.revisions[thing] = self.revisions.get(thing, 0) + 1
            return self.revisions[thing]
