"""What happens in a WooCommerce store: each change, and the deliveries it would send."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from recovery.ingest.models import Reading
from recovery.ingest.webhooks import delivery_url
from shopapp.platforms.woocommerce.topics import TOPICS
from tests.conftest import MORNING, make_shop
from tests.recovery.ingest.conftest import connect, secret_of
from tests.recovery.ingest.little_store import (
    CATEGORY,
    CUSTOMER,
    ORDER,
    PRODUCT,
    VARIATION,
    LittleStore,
)
from tests.recovery.ingest.woocommerce_life import WooCommerceLife

STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "failed", "refunded")
PLACED = ("pending", "processing", "on-hold", "checkout-draft")


def begin(seed: int, rng: random.Random) -> WooCommerceLife:
    """Return a connected shop with one thing of each kind, and what its history is about."""
    shop = make_shop(f"s{seed}.example")
    connect(shop)
    kinds, changes = areas_of(rng)
    return WooCommerceLife(shop, LittleStore(now=MORNING), rng, kinds, changes, open_shop)


def open_shop(life: WooCommerceLife) -> None:
    """Give the store its webhooks, and one thing of each kind."""
    for number, topic in enumerate(TOPICS, start=1):
        life.store.held["webhooks"][number] = {
            "id": number,
            "topic": topic,
            "status": "active",
            "delivery_url": delivery_url(life.shop),
            "secret": secret_of(life.shop, topic),
        }
    life.store.put("categories", CATEGORY)
    life.store.put("products", PRODUCT)
    parent = life.store.put("products", PRODUCT, type="variable", variations=[])["id"]
    add_variation(life, parent)
    life.store.put("customers", CUSTOMER, email=f"first@{life.shop.host}")
    life.store.put("orders", ORDER)


def add_order(life: WooCommerceLife) -> None:
    """Place an order, or leave a draft behind."""
    status = life.rng.choice(PLACED)
    total = f"{life.rng.randrange(1, 900)}.50"
    order = life.store.put("orders", ORDER, status=status, total=total)
    life.tell("orders", order["id"], "order.created", "order.updated")


def move_order(life: WooCommerceLife) -> None:
    """Change an order's status, its shopper or its money."""
    if order := life.one_of("orders"):
        billing = life.store.held["orders"][order]["billing"]
        change: dict[str, Any] = life.rng.choice(
            (
                {"status": life.rng.choice(STATUSES)},
                {"billing": billing | {"email": f"{life.rng.randrange(99)}@{life.shop.host}"}},
                {"refunds": [{"id": 1, "reason": "", "total": f"-{life.rng.randrange(1, 30)}.00"}]},
                {"date_paid_gmt": f"{life.store.now:%Y-%m-%dT%H:%M:%S}"},
            )
        )
        life.store.change("orders", order, **change)
        life.tell("orders", order, "order.updated")


def take_refund_back(life: WooCommerceLife) -> None:
    """Delete an order's refunds: nothing tells, and its date stays."""
    if order := life.one_of("orders"):
        life.store.change("orders", order, touched=False, refunds=[])


def trash_order(life: WooCommerceLife) -> None:
    """Put an order into the trash."""
    if order := life.one_of("orders"):
        life.store.change("orders", order, status="trash")
        life.tell("orders", order, "order.deleted")


def restore_order(life: WooCommerceLife) -> None:
    """Take an order out of the trash."""
    if order := life.one_of("orders", trashed=True):
        life.store.change("orders", order, status="processing")
        life.tell("orders", order, "order.restored")


def erase_order(life: WooCommerceLife) -> None:
    """Delete an order for good: nothing tells."""
    if order := life.one_of("orders", trashed=life.rng.random() < 0.5):
        life.store.erase("orders", order)


def change_product(life: WooCommerceLife) -> None:
    """Change a product's or a variation's stock, price or name; stock may leave its date alone."""
    if product := life.one_of("products"):
        price = f"{life.rng.randrange(1, 90)}.90"
        change: dict[str, Any] = life.rng.choice(
            (
                {"stock_quantity": life.rng.randrange(50), "manage_stock": True},
                {"price": price, "regular_price": price},
                {"name": f"Mug & Co {life.rng.randrange(99)}"},
                {"status": life.rng.choice(("publish", "draft", "private"))},
                {"categories": []},
            )
        )
        life.store.change("products", product, touched=life.rng.random() < 0.7, **change)
        life.tell("products", product, "product.updated")


def add_product(life: WooCommerceLife) -> None:
    """Make a product."""
    product = life.store.put("products", PRODUCT, name=f"New {life.rng.randrange(99)}")
    life.tell("products", product["id"], "product.created", "product.updated")


def add_variation(life: WooCommerceLife, parent: int = 0) -> None:
    """Add a variation to a variable product; only the variation itself is told."""
    if parent := parent or life.one_of("products", kind="variable"):
        variation = life.store.put("products", VARIATION, parent_id=parent)
        life.store.held["products"][parent]["variations"].append(variation["id"])
        life.tell("products", variation["id"], "product.created")


def trash_product(life: WooCommerceLife) -> None:
    """Trash a product, with its variations."""
    if product := life.one_of("products"):
        for one in [*_variations(life, product), product]:
            life.store.change("products", one, status="trash")
            life.tell("products", one, "product.deleted")


def restore_product(life: WooCommerceLife) -> None:
    """Take a product out of the trash, with its variations."""
    if product := life.one_of("products", trashed=True):
        for one in [*_variations(life, product), product]:
            life.store.change("products", one, status="publish")
            life.tell("products", one, "product.restored", "product.updated")


def erase_product(life: WooCommerceLife) -> None:
    """Delete a product or variation for good: nothing tells."""
    if product := life.one_of("products", trashed=life.rng.random() < 0.5):
        for one in [*_variations(life, product), product]:
            life.store.erase("products", one)
        for other in life.store.held["products"].values():
            if product in other.get("variations", ()):
                other["variations"].remove(product)


def _variations(life: WooCommerceLife, product: int) -> list[int]:
    held = life.store.held["products"]
    return [one for one, thing in held.items() if thing["parent_id"] == product]


def add_customer(life: WooCommerceLife) -> None:
    """Open a customer's account."""
    email = f"c{life.store.next_id}@{life.shop.host}"
    customer = life.store.put("customers", CUSTOMER, email=email)
    life.tell("customers", customer["id"], "customer.created", "customer.updated")


def change_customer(life: WooCommerceLife) -> None:
    """Change an account's name or address."""
    if customer := life.one_of("customers"):
        change: dict[str, Any] = life.rng.choice(
            (
                {"first_name": f"Ada {life.rng.randrange(99)}"},
                {"email": f"n{life.rng.randrange(10_000)}@{life.shop.host}"},
            )
        )
        life.store.change("customers", customer, **change)
        life.tell("customers", customer, "customer.updated")


def erase_customer(life: WooCommerceLife) -> None:
    """Delete an account; this one is told."""
    if customer := life.one_of("customers"):
        life.store.erase("customers", customer)
        life.tell("customers", customer, "customer.deleted")


def disable_webhook(life: WooCommerceLife) -> None:
    """Switch a webhook off, as WooCommerce does after failures; nothing tells."""
    life.rng.choice(list(life.store.held["webhooks"].values()))["status"] = "disabled"


def change_category(life: WooCommerceLife) -> None:
    """Rename, add or delete a category: nothing tells."""
    category = life.one_of("categories")
    match life.rng.randrange(3) if category else 2:
        case 0:
            life.store.change("categories", category, name=f"Cups {life.rng.randrange(99)}")
        case 1:
            life.store.erase("categories", category)
        case _:
            life.store.put("categories", CATEGORY, slug=f"new-{life.store.next_id}")


Change = Callable[[WooCommerceLife], None]
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
