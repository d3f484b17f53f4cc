"""A connected shop whose news comes in through its doors, and a worker that is driven by hand.

What a test says of carts and orders is said in no platform's words; each platform's house tells it
through its own doors (`woocommerce_house`, `shopify_house`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
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
from recovery.ingest.models import Delivery
from recovery.messaging.models import Message, Sender
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CART_ID = "c" * 32
Json = dict[str, Any]
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


@dataclass(slots=True)
class House(ABC):
    """One shop, its store, and the doors between them. ``now`` moves the shown clock."""

    shop: Shop
    store: Any
    client: Client = field(default_factory=Client)
    revisions: dict[str, int] = field(default_factory=dict)

    def open(self, *, at: datetime = MORNING) -> None:
        """Give the shop a sender, a product to sell and both flows, switched on."""
        self.stock()
        with access.scope(self.shop):
            Sender.objects.create(
                shop=self.shop, email=f"hello@{self.shop.host}", legal_address="Street 1\nCity"
            )
            for flow in flows.make_presets(self.shop, at=at):
                flows.switch_on(flow, look_back=timedelta(0), at=at)

    @abstractmethod
    def stock(self) -> None:
        """Put a wool cap with the id 11 on the store's shelf."""

    @abstractmethod
    def tell_cart(
        self, data: Json, *, at: datetime, changed_at: datetime | str | None = None
    ) -> Any:
        """Post the news of a cart (as `cart_data` says it); return the answer.

        ``changed_at``: when it says that it changed, by default at this moment.
        """

    @abstractmethod
    def same_cart_again(self, data: Json, *, at: datetime) -> Callable[[], Any]:
        """Return what posts the very same news of a cart, each time it is called."""

    @abstractmethod
    def tell_again(self, delivery: Delivery, *, at: datetime) -> Any:
        """Post once more what was taken in as this delivery; return the answer."""

    @abstractmethod
    def order(self, at: datetime, **names: Any) -> Json:
        """Let somebody order in the store, which tells nobody; by default they name nobody.

        ``cart_id``, ``email``, ``phone`` and ``customer`` name them; ``total`` is the store's text.
        """

    @abstractmethod
    def tell_order(self, order: Json, *, at: datetime) -> Any:
        """Post the news that this order was placed; return the answer."""

    @abstractmethod
    def refund(self, order: Json) -> None:
        """Give the money back for this order, at the store's moment; nothing tells."""

    @abstractmethod
    def tell_product(self, *, at: datetime) -> Any:
        """Post the news of the wool cap as the store has it; return the answer."""

    @abstractmethod
    def tell_customer(self, customer: Json, *, at: datetime) -> Any:
        """Post the news of an account: return the answer.

        ``id``, ``email``, ``changed_at``; ``country``, '' for one that the store does not know.
        """

    @abstractmethod
    def tell_raw(self, body: bytes, *, at: datetime) -> Any:
        """Post these very bytes through a door, rightly signed; return the answer."""

    def cart(self, at: datetime, **changes: Any) -> None:
        """Tell of a cart with one thing in it, and handle the news."""
        assert self.tell_cart(cart_data(**changes), at=at).status_code == 200
        self.handle(at)

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


def written(place: int = 0) -> str:
    """Return a mail's text and HTML, as they were handed over."""
    sent = cast(mail.EmailMultiAlternatives, mail.outbox[place])
    return "\n".join([str(sent.body), *(str(part[0]) for part in sent.alternatives)])


def mailed() -> list[str]:
    """Return whom mails went to."""
    return [one.to[0] for one in mail.outbox]
