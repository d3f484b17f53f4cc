"""The life of a Shopify shop: the double itself, in this process, and its webhooks on their way."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from recovery.ingest.models import Reading
from shopapp.shops.models import Shop
from tests.doubles.shopify.news import Pending
from tests.doubles.shopify.shop import Shop as Store
from tests.recovery.ingest import shopify_rows
from tests.recovery.ingest.little_shopify import SECRETS, LittleShopify, app_identity
from tests.recovery.ingest.play import Life, Posting

_OLD_NAMES = {
    "topic": "HTTP_X_SHOPIFY_TOPIC",
    "signature": "HTTP_X_SHOPIFY_HMAC_SHA256",
    "source": "HTTP_X_SHOPIFY_SHOP_DOMAIN",
    "delivery": "HTTP_X_SHOPIFY_WEBHOOK_ID",
    "event": "HTTP_X_SHOPIFY_EVENT_ID",
    "said_at": "HTTP_X_SHOPIFY_TRIGGERED_AT",
    "version": "HTTP_X_SHOPIFY_API_VERSION",
}
_NEW_NAMES = {name: header.replace("HTTP_X_", "HTTP_") for name, header in _OLD_NAMES.items()}


@dataclass(slots=True)
class ShopifyLife(Life):
    """A shop of the double, and what may happen in this history. The clock stands at ``moment``."""

    shop: Shop
    little: LittleShopify
    rng: random.Random
    kinds: list[Reading.Kind]
    changes: list[Callable[[ShopifyLife], None]]
    moment: datetime
    prepare: Callable[[ShopifyLife], None]
    spare: set[int] = field(default_factory=set)
    """Variants that stand in carts: what they cost is left alone."""

    @property
    def store(self) -> Store:
        """Return the double's shop."""
        return self.little.store

    @property
    def now(self) -> datetime:
        """Return the moment, a little after a whole second."""
        return self.moment + timedelta(milliseconds=400)

    def open(self) -> None:
        """Put something of each kind into the shop, of which nobody is told."""
        self.prepare(self)
        self.store.news.waiting.clear()

    def wait(self, seconds: int) -> None:
        """Let the clock go on."""
        self.moment += timedelta(seconds=seconds)
        if seconds:
            self.little.go_on()

    def change(self) -> None:
        """Let one thing happen in the shop."""
        self.rng.choice(self.changes)(self)

    def answer_outbound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the store answer whatever the app asks for; its lists take a while, or not."""
        app_identity(monkeypatch)
        self.little.at_once = lambda: self.rng.random() < 0.5
        self.little.answer_outbound(monkeypatch)

    def take_news(self) -> list[tuple[Hashable, Callable[[], Posting]]]:
        """Return the news since the last call; its bodies were written when it happened."""
        told = self.store.news.waiting
        self.store.news.waiting = []
        return [(pending.webhook_id, functools.partial(self._write, pending)) for pending in told]

    def again(self, posting: Posting) -> Posting:
        """Return the same news as another delivery, with an id of its own."""
        names = {_OLD_NAMES["delivery"], _NEW_NAMES["delivery"]}
        headers = {
            name: str(uuid.UUID(int=self.rng.getrandbits(128))) if name in names else value
            for name, value in posting.headers.items()
        }
        return replace(posting, headers=headers)

    def differences(self) -> list[str]:
        """Return every field in which our rows are not as the shop's own things; in scope."""
        return shopify_rows.differences(self.shop, self.store, self.kinds)

    def _write(self, pending: Pending) -> Posting:
        """Return a delivery: with and without a checkout's ``id`` (both are seen), under the old
        and the new names of the headers, signed with either secret of the app."""
        body = pending.body
        if pending.topic in ("checkouts/create", "checkouts/update") and self.rng.random() < 0.5:
            told = json.loads(body)
            checkout = self.store.state.checkouts.get(told["token"])
            body = json.dumps(told | {"id": checkout.id} if checkout else told).encode()
        names = self.rng.choice((_OLD_NAMES, _NEW_NAMES))
        said = {
            "topic": pending.topic,
            "signature": sign(body, self.rng.choice(SECRETS)),
            "source": self.store.host,
            "delivery": pending.webhook_id,
            "event": pending.event_id,
            "said_at": f"{pending.triggered_at:%Y-%m-%dT%H:%M:%S.%f}Z",
            "version": "2026-10",
        }
        headers = {names[name]: value for name, value in said.items()}
        return Posting(pending.subscription.uri, headers, body)


def sign(body: bytes, secret: str) -> str:
    """Return Shopify's signature of a webhook's raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
