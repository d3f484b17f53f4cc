"""What happens in a store: each change, and the deliveries it would send."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from recovery.ingest.models import Reading
from recovery.ingest.webhooks import delivery_url
from shopapp.platforms.woocommerce.topics import TOPICS
from tests.recovery.ingest.conftest import secret_of
from tests.recovery.ingest.little_store import CATEGORY, CUSTOMER, ORDER, PRODUCT, VARIATION
from tests.recovery.ingest.play import Play

STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "failed", "refunded")
PLACED = ("pending", "processing", "on-hold", "checkout-draft")


def open_shop(play: Play) -> None:
    """Give the store its webhooks, and one thing of each kind."""
    for number, topic in enumerate(TOPICS, start=1):
        play.store.held["webhooks"][number] = {
            "id": number,
            "topic": topic,
            "status": "active",
            "delivery_url": delivery_url(play.shop),
            "secret": secret_of(play.shop, topic),
        }
    play.store.put("categories", CATEGORY)
    play.store.put("products", PRODUCT)
    parent = play.store.put("products", PRODUCT, type="variable", variations=[])["id"]
    add_variation(play, parent)
    play.store.put("customers", CUSTOMER, email=f"first@{play.shop.host}")
    play.store.put("orders", ORDER)


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


Change = Callable[[Play], None]
Kind = Reading.Kind
AREAS: tuple[tuple[tuple[Kind, ...], tuple[Change, ...]], ...] = (
    (
        (Kind.ORDERS,),
        (add_order, add_order, move_order, move_order, move_order, take_refund_back,
         trash_order, restore_order, erase_order, disable_webhook),
    ),
    (
        (Kind.PRODUCTS, Kind.VARIATIONS),
        (change_product, change_product, change_product, add_product, add_variation,
         trash_product, restore_product, erase_product),
    ),
    ((Kind.CUSTOMERS,), (add_customer, change_customer, change_customer, erase_customer)),
    ((Kind.CATEGORIES,), (change_category,)),
)  # fmt: skip
"""What a history is about: the kinds that are read, and the changes that happen to them."""


def areas_of(rng: random.Random) -> tuple[list[Kind], list[Change]]:
    """Return what one history is about: one area, or several mixed, so that changes collide."""
    chosen = rng.sample(AREAS, rng.choice((1, 2, 2, 3, 4)))
    return (
        [kind for kinds, _ in chosen for kind in kinds],
        [change for _, changes in chosen for change in changes],
    )
