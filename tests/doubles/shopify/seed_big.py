"""Make a shop big: many thousand products and orders, cheaply."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from tests.doubles.shopify.order_records import Order, OrderLine
from tests.doubles.shopify.records import Product, Variant
from tests.doubles.shopify.settings import now
from tests.doubles.shopify.shop import Shop

_DAYS = 700
_SIZES = ("S", "M", "L")


def fill(shop: Shop, *, orders: int, products: int, days: float = _DAYS) -> None:
    """Add so many products with two variants on average, and so many orders of two lines, spread
    evenly over the last ``days``."""
    luck = random.Random(5)
    with shop.state.lock:
        for place in range(products):
            _shelve(shop, place, luck)
        sellable = list(shop.state.variants.values())
        for place in range(orders):
            at = now() - timedelta(days=days * (orders - place) / orders)
            _order(shop, at, orders, sellable, luck)


def _shelve(shop: Shop, place: int, luck: random.Random) -> None:
    state, at = shop.state, shop.state.opened_at + timedelta(seconds=place)
    sizes = _SIZES[: 1 + place % 3]
    single = len(sizes) == 1
    product = Product(
        state.next_id("product"), f"Ware {place}", f"ware-{place}", "", "", shop.settings.name,
        "ACTIVE", at, at, at, "vase/oat", state.next_id("image"),
        () if single else (("Size", sizes),),
    )  # fmt: skip
    price = Decimal(luck.randint(500, 20_000)) / 100
    for number, size in enumerate(sizes, 1):
        chosen = (("Title", "Default Title"),) if single else (("Size", size),)
        variant = Variant(
            state.next_id("variant"), product.id, chosen[0][1], chosen, price, None,
            luck.randint(0, 40), f"W-{place}-{size}", at, at, number, picture="vase/oat",
        )  # fmt: skip
        product.variants.append(variant)
        state.variants[variant.id] = variant
    state.products[product.id] = product


def _order(
    shop: Shop, at: datetime, count: int, sellable: list[Variant], luck: random.Random
) -> None:
    state = shop.state
    lines = []
    for variant in (luck.choice(sellable), luck.choice(sellable)):
        product = state.products[variant.product_id]
        lines.append(
            OrderLine(
                state.next_id("line"), variant.id, product.id, product.title,
                "" if product.single else variant.title, luck.choice((1, 1, 2)), variant.price,
                variant.sku,
            )
        )  # fmt: skip
    number = 1000 + state.next_count("order number")
    order = Order(state.next_id("order"), number, f"{number:032x}", at, at, lines)
    order.email = f"shopper{luck.randint(1, count // 2 + 1)}@mail.example"
    order.currency, order.checkout_token = shop.settings.currency, f"hWN{number:029x}"
    order.cart_token = f"Z2NwLWV1{number:024x}"
    state.orders[order.id] = order
