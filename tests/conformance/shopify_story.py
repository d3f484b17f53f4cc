"""A day in the double's shop that leaves something in every field we ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tests.doubles.shopify import carts, checkouts, discounting, orders, shelving
from tests.doubles.shopify.order_records import Discount, Order
from tests.doubles.shopify.records import Address, Cart, Checkout
from tests.doubles.shopify.settings import now
from tests.doubles.shopify.shop import Shop

HOME = Address(
    first_name="Tove", last_name="Ek", address1="Storgatan 1", city="Lund", zip="222 22",
    country="Sweden", country_code="SE", phone="+46701740699",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """What the day left behind."""

    cart: Cart
    checkout: Checkout
    order: Order
    discount: Discount


def full_cart(shop: Shop, *, pieces: int = 2) -> Cart:
    """Return a cart with two lines, an attribute and a campaign's landing page."""
    cart = carts.new_cart(shop)
    cart.landing_site = "/products/everyday-tee?utm_source=rebasket&utm_content=click-1"
    first, *_, last = shelving.buyable(shop)
    carts.add_to_cart(shop, cart, first.id, pieces, {"Engraving": "T. E."})
    carts.add_to_cart(shop, cart, last.id)
    carts.describe_cart(
        shop, cart, note="For a gift", attributes={"_rebasket": "click-1"},
        discount_codes=["WELCOME10"],
    )  # fmt: skip
    return cart


def abandoned_checkout(shop: Shop, email: str = "tove@mail.example") -> Checkout:
    """Return a checkout with contact and address that nobody finished."""
    checkout = checkouts.begin_checkout(shop, full_cart(shop), locale="en")
    checkouts.set_contact(
        shop, checkout, email=email, phone="+46701740699", accepts_marketing=True,
        first_name="Tove", last_name="Ek",
    )  # fmt: skip
    return checkouts.set_address(shop, checkout, HOME)


def one_day(shop: Shop) -> Story:
    """Let a checkout be abandoned, one be finished, refunded and cancelled, a discount be made."""
    done = abandoned_checkout(shop, "finished@mail.example")
    order = checkouts.place_order(shop, done)
    orders.refund_order(shop, order, "5.00")
    orders.cancel_order(shop, order)
    discount = discounting.new_discount(
        shop, title="Spring", code="SPRING-FIRST", percent=Decimal("0.15"),
        starts_at=now() - timedelta(days=1),
    )  # fmt: skip
    left = abandoned_checkout(shop)
    return Story(full_cart(shop), left, order, discount)
