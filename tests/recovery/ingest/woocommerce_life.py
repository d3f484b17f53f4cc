"""The life of a WooCommerce store: its queue of webhooks, and its things beside our rows."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from recovery.ingest.models import Reading
from shopapp.kit import egress
from shopapp.shops.models import Shop
from tests.recovery.ingest import woocommerce_rows
from tests.recovery.ingest.little_store import Json, LittleStore, signature
from tests.recovery.ingest.play import Life, Posting


@dataclass(slots=True)
class WooCommerceLife(Life):
    """A little store, and what may happen in this history."""

    shop: Shop
    store: LittleStore
    rng: random.Random
    kinds: list[Reading.Kind]
    changes: list[Callable[[WooCommerceLife], None]]
    prepare: Callable[[WooCommerceLife], None]
    news: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Return the moment, a little after the store's whole second."""
        return self.store.now + timedelta(milliseconds=400)

    def open(self) -> None:
        """Put one thing of each kind into the store, of which nobody is told."""
        self.prepare(self)
        self.news.clear()

    def wait(self, seconds: int) -> None:
        """Let the store's clock go on."""
        self.store.wait(seconds)

    def change(self) -> None:
        """Let one thing happen in the store."""
        self.rng.choice(self.changes)(self)

    def answer_outbound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the store answer whatever the app asks for."""
        monkeypatch.setattr(egress, "request", self.store.request)

    def tell(self, route: str, thing_id: int, *topics: str) -> None:
        """Send deliveries in any order, as far as their webhooks are switched on."""
        for topic in self.rng.sample(topics, len(topics)):
            if self._hook(topic)["status"] == "active":
                self.news.append((topic, route, thing_id))

    def take_news(self) -> list[tuple[Hashable, Callable[[], Posting]]]:
        """Return the news since the last call; its bodies are built when it is sent."""
        told: list[tuple[Hashable, Callable[[], Posting]]] = [
            (entry, functools.partial(self._write, *entry)) for entry in self.news
        ]
        self.news.clear()
        return told

    def again(self, posting: Posting) -> Posting:
        """Return the same news as another delivery."""
        name = "HTTP_X_WC_WEBHOOK_DELIVERY_ID"
        headers = posting.headers | {name: f"again-{posting.headers[name]}"}
        return replace(posting, headers=headers)

    def differences(self) -> list[str]:
        """Return every field in which our rows are not as the store's own things; in scope."""
        return woocommerce_rows.differences(self.shop, self.store, self.kinds)

    def one_of(self, route: str, *, kind: str = "", trashed: bool = False) -> int:
        """Return the id of a thing of this kind, 0 when there is none."""
        found = [
            thing_id
            for thing_id, thing in self.store.held[route].items()
            if (thing.get("status") == "trash") == trashed
            and (not kind or thing.get("type") == kind)
        ]
        return self.rng.choice(found) if found else 0

    def _write(self, topic: str, route: str, thing_id: int) -> Posting:
        gone = topic.endswith(".deleted")
        only_id = json.dumps({"id": thing_id}).encode()
        body = only_id if gone else self.store.body(route, thing_id)
        # Seconds name deliveries, so that different ones share an id.
        said = {
            "HTTP_X_WC_WEBHOOK_TOPIC": topic,
            "HTTP_X_WC_WEBHOOK_DELIVERY_ID": f"{topic}{self.store.now:%H%M%S}",
            "HTTP_X_WC_WEBHOOK_SOURCE": f"https://{self.shop.host}/",
            "HTTP_X_WC_WEBHOOK_SIGNATURE": signature(body, self._hook(topic)["secret"]),
        }
        return Posting(f"/hooks/woocommerce/{self.shop.public_id}/", said, body)

    def _hook(self, topic: str) -> Json:
        hooks = self.store.held["webhooks"].values()
        return next(hook for hook in hooks if hook["topic"] == topic)
