"""A connected shop whose news comes in through its doors, and a worker that is driven by hand."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import time_machine
from django.core import mail
from django.test import Client

from recovery.carts import tasks as carts_tasks
from recovery.carts.models import Cart, Entry
from recovery.flows import services as flows
from recovery.flows import tasks as flows_tasks
from recovery.ingest import tasks as ingest_tasks
from recovery.messaging.models import Message, Sender
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import secret_of
from tests.recovery.ingest.little_store import ORDER, PRODUCT, LittleStore, signature

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CART_ID = "c" * 32
ANNA = {
    "customer_id": None,
    "email": "anna@example.se",
    "email_source": "checkout",
    "first_name": "Anna",
    "last_name": "Bergström",
    "phone": "+46701234567",
    "country": "SE",
    "locale": "en",
    "consent": {"given": True, "wording": "Yes", "version": "1", "at": "2026-11-23T09:00:00Z"},
}
NOBODY = {
    "first_name": "",
    "last_name": "",
    "email": "",
    "phone": "",
    "country": "SE",
    "company": "",
}


@dataclass(slots=True)
class House:
    """One shop, its store, and the doors between them. ``now`` moves the shown clock."""

    shop: Shop
    store: LittleStore
    client: Client = field(default_factory=Client)
    revisions: dict[str, int] = field(default_factory=dict)

    def open(self, *, at: datetime = MORNING) -> None:
        """Give the shop a sender, a product to sell and both flows, switched on."""
        self.store.put("products", PRODUCT, id=11, name="Wool cap")
        self.store.held["products"][11] = self.store.held["products"].pop(self.store.next_id)
        with access.scope(self.shop):
            Sender.objects.create(
                shop=self.shop, email=f"hello@{self.shop.host}", legal_address="Street 1\nCity"
            )
            for flow in flows.make_presets(self.shop, at=at):
                flows.switch_on(flow, look_back=timedelta(0), at=at)

    def report(self, kind: str, data: dict[str, Any], *, at: datetime, **envelope: Any) -> Any:
        """Post a report of the plugin, signed, as it would arrive at this moment."""
        revision = self.revisions[kind] = self.revisions.get(kind, 0) + 1
        told = {
            "schema": 1,
            "event_id": str(uuid.uuid4()),
            "type": kind,
            "changed_at": at.isoformat(),
            "revision": revision,
            "data": data,
        }
        return self.post(json.dumps(told | envelope).encode(), at=at)

    def post(self, body: bytes, *, at: datetime) -> Any:
        """Post these very bytes through the plugin's door, rightly signed."""
        with time_machine.travel(at, tick=False):
            return self.client.post(
                f"/hooks/woocommerce/{self.shop.public_id}/plugin",
                body,
                content_type="application/json",
                headers={"X-Rebasket-Signature": sign(body, f"{self.shop.host}/plugin", at)},
            )

    def hook(self, topic: str, body: bytes, *, at: datetime, **said: str) -> Any:
        """Post a webhook of the store, rightly signed."""
        headers = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
            "X-WC-Webhook-Source": f"https://{self.shop.host}/",
            "X-WC-Webhook-Signature": signature(body, secret_of(self.shop, topic)),
        } | said
        with time_machine.travel(at, tick=False):
            return self.client.post(
                f"/hooks/woocommerce/{self.shop.public_id}/",
                body,
                content_type="application/json",
                headers=headers,
            )

    def cart(self, at: datetime, **changes: Any) -> None:
        """Report a cart with one thing in it, and handle the report."""
        assert self.report("cart.changed", cart_data(**changes), at=at).status_code == 200
        self.handle(at)

    def order(self, at: datetime, **changes: Any) -> dict[str, Any]:
        """Let somebody order in the store, which tells nobody; by default they name nobody."""
        self.store.now = at.replace(microsecond=0)
        plain = {"billing": NOBODY, "customer_id": 0, "meta_data": [], "status": "processing"}
        return self.store.put("orders", ORDER, **(plain | changes))

    def handle(self, at: datetime) -> None:
        """Handle what waits in the inbox."""
        with time_machine.travel(at, tick=False):
            ingest_tasks.handle_waiting(self.shop.pk)

    def sweep(self, at: datetime) -> None:
        """Let the ticking tasks of carts and flows run once."""
        with time_machine.travel(at, tick=False):
            carts_tasks.sweep()
            flows_tasks.sweep()

    def turn(self, at: datetime) -> None:
        """Give the shop its turn to send."""
        with time_machine.travel(at, tick=False):
            ingest_tasks.take_turn(self.shop.pk)

    def tick(self, at: datetime) -> None:
        """Do everything that a tick of the schedule does for this shop."""
        self.store.now = at.replace(microsecond=0)
        self.handle(at)
        self.sweep(at)
        self.turn(at)

    def live(self, start: datetime, end: datetime, *, every: timedelta = HOUR) -> None:
        """Tick from start to end."""
        for moment in moments(start, end, every):
            self.tick(moment)

    def told(self, cart_id: str = CART_ID) -> list[tuple[str, str]]:
        """Return the timelines of the carts of this id: kinds and reasons."""
        with access.scope(self.shop):
            rows = Entry.objects.filter(cart__cart_id=cart_id).order_by("id")
            return list(rows.values_list("kind", "reason"))

    def messages(self) -> list[Message]:
        """Return the shop's messages, oldest first."""
        with access.scope(self.shop):
            return list(Message.objects.order_by("pk"))

    def carts(self) -> list[Cart]:
        """Return the shop's carts, oldest first."""
        with access.scope(self.shop):
            return list(Cart.objects.order_by("pk"))


def moments(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """Yield the moments from start to end."""
    while start <= end:
        yield start
        start += every


def cart_data(**changes: Any) -> dict[str, Any]:
    """Return a cart as the plugin reports it: one wool cap, left by Anna at the checkout."""
    shopper = ANNA | changes.pop("shopper", {})
    line = {"product_id": 11, "variation_id": 0, "quantity": 1, "name": "Wool cap"}
    plain: dict[str, Any] = {
        "cart_id": CART_ID,
        "session_alias": "",
        "stage": "checkout",
        "currency": "EUR",
        "decimals": 2,
        "total_minor": 2495,
        "lines": [line | {"total_minor": 2495}],
        "shopper": shopper,
    }
    return plain | changes


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the plugin's signature over the body at this moment."""
    sent = int(at.timestamp())
    digest = hmac.new(secret.encode(), b"%d." % sent + body, hashlib.sha256).hexdigest()
    return f"t={sent},v1={digest}"


def written(place: int = 0) -> str:
    """Return a mail's text and HTML, as they were handed over."""
    sent = cast(mail.EmailMultiAlternatives, mail.outbox[place])
    return "\n".join([str(sent.body), *(str(part[0]) for part in sent.alternatives)])


def mailed() -> list[str]:
    """Return whom mails went to."""
    return [one.to[0] for one in mail.outbox]
