"""Which of a Shopify shop's things a change happens to."""

from __future__ import annotations

from tests.doubles.shopify import carts, checkouts, shelving
from tests.doubles.shopify.carts import CartRefusal
from tests.doubles.shopify.order_records import Order
from tests.doubles.shopify.records import (
    Address,
    Cart,
    Checkout,
    Customer,
    Product,
    Variant,
)
from tests.recovery.ingest.shopify_life import ShopifyLife


def _one(life: ShopifyLife, held: dict[int, Order]) -> Order | None:
    return held[life.rng.choice(sorted(held))] if held else None


def order(life: ShopifyLife) -> Order | None:
    """Return any order, None where there is none."""
    return _one(life, life.store.state.orders)


def product(life: ShopifyLife) -> Product | None:
    """Return any product, None where there is none."""
    held = life.store.state.products
    return held[life.rng.choice(sorted(held))] if held else None


def customer(life: ShopifyLife) -> Customer | None:
    """Return any customer, None where there is none."""
    held = life.store.state.customers
    return held[life.rng.choice(sorted(held))] if held else None


def buyable(life: ShopifyLife) -> Variant | None:
    """Return any variant that can be bought, None where there is none."""
    found = shelving.buyable(life.store)
    return life.rng.choice(found) if found else None


def free_variant(life: ShopifyLife) -> Variant | None:
    """Return any variant that stands in no cart, None where there is none."""
    held = life.store.state.variants
    found = [held[one] for one in sorted(held) if one not in life.spare]
    return life.rng.choice(found) if found else None


def cart(life: ShopifyLife) -> Cart | None:
    """Return any cart, None where there is none."""
    held = life.store.state.carts
    return held[life.rng.choice(sorted(held))] if held else None


def checkout(life: ShopifyLife) -> Checkout | None:
    """Return any checkout that goes on, None where there is none."""
    found = [one for one in life.store.state.checkouts.values() if one.completed_at is None]
    return life.rng.choice(sorted(found, key=lambda one: one.id)) if found else None


def add(life: ShopifyLife, cart: Cart, variant: Variant) -> None:
    """Put a variant into a cart, as far as the shop lets it."""
    life.spare.add(variant.id)
    try:
        carts.add_to_cart(life.store, cart, variant.id)
    except CartRefusal:
        return


def name_shopper(life: ShopifyLife, checkout: Checkout) -> None:
    """Say at the checkout who one is, agreeing to mails or not."""
    email = f"shopper{life.rng.randrange(4)}@{life.shop.host}"
    checkouts.set_contact(
        life.store,
        checkout,
        email=email,
        accepts_marketing=life.rng.random() < 0.5,
        first_name="Anna",
        last_name="Bergström",
    )


def address() -> Address:
    """Return a postal address."""
    return Address(
        first_name="Anna", last_name="Bergström", address1="Storgatan 2", city="Stockholm",
        zip="111 22", country="Sweden", country_code="SE", phone="+46701234567",
    )  # fmt: skip
