"""Random lives of a store, told to the app by deliveries that get lost, doubled, late and mixed."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test.client import ClientHandler

from recovery.ingest import handling, reconciling
from recovery.ingest.models import Delivery
from recovery.ingest.webhooks import delivery_url
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops.models import Shop
from tests.recovery.ingest.conftest import secret_of
from tests.recovery.ingest.little_store import (
    CATEGORY,
    CUSTOMER,
    ORDER,
    PRODUCT,
    VARIATION,
    Json,
    LittleStore,
    signature,
)

STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "failed", "refunded")
PLACED = ("pending", "processing", "on-hold", "checkout-draft")


@dataclass(slots=True)
class Sent:
    """A delivery on its way: topic, delivery id and body as the store built it."""

    topic: str
    delivery_id: str
    body: bytes


@dataclass(slots=True)
class Play:
    """One history: a store's changes, and what becomes of the news about them."""

    shop: Shop
    store: LittleStore
    rng: random.Random
    app: ClientHandler
    queued: list[tuple[str, str, int]] = field(default_factory=list)
    late: list[Sent] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Return the moment, a little after the store's whole second."""
        return self.store.now + timedelta(milliseconds=400)

    def play(self, steps: int) -> None:
        """Let the store live for so many changes."""
        self._open_shop()
        if self.rng.random() < 0.25:
            self.read_store()
        for _ in range(steps):
            self.rng.choice(CHANGES)(self)
            # Half of all changes share a second with the one before.
            self.store.wait(self.rng.choice((0, 0, 1, 90)))
            if self.rng.random() < 0.6:
                self.run_queue()
            if self.late and self.rng.random() < 0.3:
                self.post(self.late.pop(self.rng.randrange(len(self.late))))
            if self.rng.random() < 0.5:
                handling.handle_waiting(self.shop, at=self.now)
            if self.rng.random() < 0.08:
                self.store.wait(16 * 60)
                self.read_store()

    def end(self) -> None:
        """Let everything arrive that still will, and read the store in full a day later."""
        self.run_queue()
        for sent in self.late:
            self.post(sent)
        self._handle_all()
        self.store.wait(25 * 3600)
        self.read_store()

    def read_store(self) -> None:
        """Read what is due of the store, as the worker would, and ask about what is in doubt."""
        while reconciling.read_next(self.shop, at=self.now):
            pass

    def tell(self, route: str, thing_id: int, *topics: str) -> None:
        """Queue deliveries in any order; some get lost."""
        for topic in self.rng.sample(topics, len(topics)):
            entry = (topic, route, thing_id)
            # The same webhook for the same thing is queued once.
            heard = self._hook(topic)["status"] == "active" and self.rng.random() > 0.15
            if heard and entry not in self.queued:
                self.queued.append(entry)

    def run_queue(self) -> None:
        """Send what is queued, with bodies built now; some arrive late, doubled, or in disorder."""
        self.rng.shuffle(self.queued)
        for topic, route, thing_id in self.queued:
            gone = topic.endswith(".deleted")
            only_id = json.dumps({"id": thing_id}).encode()
            body = only_id if gone else self.store.body(route, thing_id)
            # Seconds name deliveries, so that different ones share an id.
            sent = Sent(topic, f"{topic}{self.store.now:%H%M%S}", body)
            fate = self.rng.random()
            if fate < 0.2:
                self.late.append(sent)
                continue
            self.post(sent)
            if fate < 0.35:
                self.post(sent)
                self.late.append(Sent(topic, f"again-{sent.delivery_id}", body))
        self.queued.clear()

    def post(self, sent: Sent) -> None:
        """Post a delivery through the whole WSGI application, its middleware included."""
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/woocommerce/{self.shop.public_id}/",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent.body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent.body)),
            "HTTP_X_WC_WEBHOOK_TOPIC": sent.topic,
            "HTTP_X_WC_WEBHOOK_DELIVERY_ID": sent.delivery_id,
            "HTTP_X_WC_WEBHOOK_SOURCE": f"https://{self.shop.host}/",
            "HTTP_X_WC_WEBHOOK_SIGNATURE": signature(sent.body, self._hook(sent.topic)["secret"]),
        }
        answer = self.app(environ)
        assert answer.status_code == 200, sent

    def one_of(self, route: str, *, kind: str = "", trashed: bool = False) -> int:
        """Return the id of a thing of this kind, 0 when there is none."""
        found = [
            thing_id
            for thing_id, thing in self.store.held[route].items()
            if (thing.get("status") == "trash") == trashed
            and (not kind or thing.get("type") == kind)
        ]
        return self.rng.choice(found) if found else 0

    def _hook(self, topic: str) -> Json:
        hooks = self.store.held["webhooks"].values()
        return next(hook for hook in hooks if hook["topic"] == topic)

    def _handle_all(self) -> None:
        while handling.handle_waiting(self.shop, at=self.now):
            pass

    def _open_shop(self) -> None:
        for number, topic in enumerate(TOPICS, start=1):
            self.store.held["webhooks"][number] = {
                "id": number,
                "topic": topic,
                "status": "active",
                "delivery_url": delivery_url(self.shop),
                "secret": secret_of(self.shop, topic),
            }
        self.store.put("categories", CATEGORY)
        self.store.put("products", PRODUCT)
        parent = self.store.put("products", PRODUCT, type="variable", variations=[])["id"]
        add_variation(self, parent)
        self.store.put("customers", CUSTOMER, email=f"first@{self.shop.host}")
        self.store.put("orders", ORDER)


def add_order(play: Play) -> None:
    """Place an order, or leave a draft behind."""
    status = play.rng.choice(PLACED)
    total = f"{play.rng.randrange(1, 900)}.50"
    order = play.store.put("orders", ORDER, status=status, total=total)
    play.tell("orders", order["id"], "order.created", "order.updated")


def move_order(play: Play) -> None:
    """Change an order's status, its shopper or its money."""
    if order := play.one_of("orders"):
        billing = play.store.held["orders"][order]["billing"]
        change: dict[str, Any] = play.rng.choice(
            (
                {"status": play.rng.choice(STATUSES)},
                {"billing": billing | {"email": f"{play.rng.randrange(99)}@{play.shop.host}"}},
                {"refunds": [{"id": 1, "reason": "", "total": f"-{play.rng.randrange(1, 30)}.00"}]},
                {"date_paid_gmt": f"{play.store.now:%Y-%m-%dT%H:%M:%S}"},
            )
        )
        play.store.change("orders", order, **change)
        play.tell("orders", order, "order.updated")


def take_refund_back(play: Play) -> None:
    """Delete an order's refunds: nothing tells, and its date stays."""
    if order := play.one_of("orders"):
        play.store.change("orders", order, touched=False, refunds=[])


def trash_order(play: Play) -> None:
    """Put an order into the trash."""
    if order := play.one_of("orders"):
        play.store.change("orders", order, status="trash")
        play.tell("orders", order, "order.deleted")


def restore_order(play: Play) -> None:
    """Take an order out of the trash."""
    if order := play.one_of("orders", trashed=True):
        play.store.change("orders", order, status="processing")
        play.tell("orders", order, "order.restored")


def erase_order(play: Play) -> None:
    """Delete an order for good: nothing tells."""
    if order := play.one_of("orders", trashed=play.rng.random() < 0.5):
        play.store.erase("orders", order)


def change_product(play: Play) -> None:
    """Change a product's or a variation's stock, price or name; stock may leave its date alone."""
    if product := play.one_of("products"):
        price = f"{play.rng.randrange(1, 90)}.90"
        change: dict[str, Any] = play.rng.choice(
            (
                {"stock_quantity": play.rng.randrange(50), "manage_stock": True},
                {"price": price, "regular_price": price},
                {"name": f"Mug & Co {play.rng.randrange(99)}"},
                {"status": play.rng.choice(("publish", "draft", "private"))},
                {"categories": []},
            )
        )
        play.store.change("products", product, touched=play.rng.random() < 0.7, **change)
        play.tell("products", product, "product.updated")


def add_product(play: Play) -> None:
    """Make a product."""
    product = play.store.put("products", PRODUCT, name=f"New {play.rng.randrange(99)}")
    play.tell("products", product["id"], "product.created", "product.updated")


def add_variation(play: Play, parent: int = 0) -> None:
    """Add a variation to a variable product; only the variation itself is told."""
    if parent := parent or play.one_of("products", kind="variable"):
        variation = play.store.put("products", VARIATION, parent_id=parent)
        play.store.held["products"][parent]["variations"].append(variation["id"])
        play.tell("products", variation["id"], "product.created")


def trash_product(play: Play) -> None:
    """Trash a product, with its variations."""
    if product := play.one_of("products"):
        for one in [*_variations(play, product), product]:
            play.store.change("products", one, status="trash")
            play.tell("products", one, "product.deleted")


def restore_product(play: Play) -> None:
    """Take a product out of the trash, with its variations."""
    if product := play.one_of("products", trashed=True):
        for one in [*_variations(play, product), product]:
            play.store.change("products", one, status="publish")
            play.tell("products", one, "product.restored", "product.updated")


def erase_product(play: Play) -> None:
    """Delete a product or variation for good: nothing tells."""
    if product := play.one_of("products", trashed=play.rng.random() < 0.5):
        for one in [*_variations(play, product), product]:
            play.store.erase("products", one)
        for other in play.store.held["products"].values():
            if product in other.get("variations", ()):
                other["variations"].remove(product)


def _variations(play: Play, product: int) -> list[int]:
    held = play.store.held["products"]
    return [one for one, thing in held.items() if thing["parent_id"] == product]


def add_customer(play: Play) -> None:
    """Open a customer's account."""
    email = f"c{play.store.next_id}@{play.shop.host}"
    customer = play.store.put("customers", CUSTOMER, email=email)
    play.tell("customers", customer["id"], "customer.created", "customer.updated")


def change_customer(play: Play) -> None:
    """Change an account's name or address."""
    if customer := play.one_of("customers"):
        change: dict[str, Any] = play.rng.choice(
            (
                {"first_name": f"Ada {play.rng.randrange(99)}"},
                {"email": f"n{play.rng.randrange(10_000)}@{play.shop.host}"},
            )
        )
        play.store.change("customers", customer, **change)
        play.tell("customers", customer, "customer.updated")


def erase_customer(play: Play) -> None:
    """Delete an account; this one is told."""
    if customer := play.one_of("customers"):
        play.store.erase("customers", customer)
        play.tell("customers", customer, "customer.deleted")


def disable_webhook(play: Play) -> None:
    """Switch a webhook off, as WooCommerce does after failures; nothing tells."""
    play.rng.choice(list(play.store.held["webhooks"].values()))["status"] = "disabled"


def change_category(play: Play) -> None:
    """Rename, add or delete a category: nothing tells."""
    category = play.one_of("categories")
    match play.rng.randrange(3) if category else 2:
        case 0:
            play.store.change("categories", category, name=f"Cups {play.rng.randrange(99)}")
        case 1:
            play.store.erase("categories", category)
        case _:
            play.store.put("categories", CATEGORY, slug=f"new-{play.store.next_id}")


CHANGES: tuple[Callable[[Play], None], ...] = (
    add_order, add_order, move_order, move_order, move_order, take_refund_back,
    trash_order, restore_order, erase_order,
    change_product, change_product, change_product, add_product, add_variation,
    trash_product, restore_product, erase_product,
    add_customer, change_customer, change_customer, erase_customer,
    change_category, disable_webhook,
)  # fmt: skip


def unhandled(shop: Shop) -> list[str]:
    """Return the problems of deliveries that were not handled; the shop must be in scope."""
    stuck = Delivery.objects.filter(shop=shop).exclude(state=Delivery.State.HANDLED)
    return list(stuck.values_list("problem", flat=True))
