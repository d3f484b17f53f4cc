"""One state told by a webhook and read from the Admin API is one event, but for what only one of
them names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shopapp.platforms.base import (
    CartChanged,
    ContactChanged,
    Event,
    OrderChanged,
    ProductChanged,
    VariantChanged,
)
from shopapp.platforms.shopify.parse import parse_delivery, parse_node
from tests.shopapp.platforms.shopify.things import FACTS, Address, Order, Person, Row
from tests.shopapp.platforms.shopify.things_on_shelves import Checkout, Product, Variant

ELSEWHERE = Address(first=None, last="Byron", country="IT", phone=None)
GIFT = Row(product=None, variant=None, title="Gift wrap", variant_title=None, sku=None, quantity=1)


def told(topic: str, body: Any) -> Event:
    (event,) = parse_delivery(topic, body, FACTS)
    return event


def read(kind: str, node: Any) -> Event:
    (event,) = parse_node(kind, node, FACTS)
    return event


@pytest.mark.parametrize(
    "order",
    [
        Order(),
        Order(status="partially_refunded", refunds=("5.00", "2.50")),
        Order(status=None, cancelled="2026-11-21T08:00:00+01:00", customer=None),
        Order(customer=None, billing=None, shipping=None, email=None, phone=None, locale=None),
        Order(billing=None, shipping=ELSEWHERE),
        Order(shipping=ELSEWHERE, phone="+4670-174 06 05"),
        Order(cart=None, checkout=None),
        Order(cart="Z2NwLXVz?key=0d99"),
        Order(notes=(("_rebasket", "ref-1"), ("Gift", "yes"))),
        Order(landing="https://shop.example/cart/1:1?utm_source=rebasket&utm_content=ref-2"),
        Order(landing="/?utm_source=other&utm_content=ref-2"),
        Order(rows=(Row(), GIFT, Row(taken=("1.50", "0.49"), quantity=3))),
        Order(rows=(Row(variant_title="Default Title"), Row(variant=None)), gateways=()),
        Order(email=None, customer=Person(home=ELSEWHERE, phone=None)),
    ],
)
def test_an_order_is_the_same_from_both(order: Order) -> None:
    event = told("orders/updated", order.body())
    assert isinstance(event, OrderChanged)
    assert read("orders", order.node()) == event


@pytest.mark.parametrize(
    "checkout",
    [
        Checkout(),
        Checkout(rows=(Row(), GIFT, Row(taken=("2.00",))), codes=()),
        Checkout(billing=None, notes=(("_rebasket", "ref-1"),)),
        Checkout(customer=None),
        Checkout(customer=Person(phone=None, email=None)),
    ],
)
def test_a_checkout_is_the_same_from_both_but_for_its_cart(checkout: Checkout) -> None:
    event = told("checkouts/update", checkout.body())
    assert isinstance(event, CartChanged)
    assert event.cart_id == "c1"
    assert read("checkouts", checkout.node()) == replace(event, cart_id="")


def test_a_completed_checkout_tells_nothing_from_either() -> None:
    checkout = Checkout(completed="2026-11-21T10:31:00Z")
    assert parse_delivery("checkouts/update", checkout.body(), FACTS) == ()
    assert parse_node("checkouts", checkout.node(), FACTS) == ()


ONLY = (("Title", "Default Title"),)


@pytest.mark.parametrize(
    "product",
    [
        Product(),
        Product(variants=(Variant(options=ONLY),)),
        Product(variants=(Variant(options=ONLY, left=None, before=None),), picture=""),
        Product(variants=(Variant(), Variant(id=9, price="5.00", before="4.00", left=0))),
        Product(variants=(Variant(left=None), Variant(id=9, left=3))),
        Product(
            variants=(Variant(left=-2, sold_anyway=True, picture="https://cdn.example/b.png"),)
        ),
        Product(variants=(Variant(left=0), Variant(id=9, left=-1))),
        Product(status="draft", published=None),
        Product(status="archived"),
        Product(status="unlisted"),
        Product(published=None),
        Product(variants=(Variant(sku=None),)),
    ],
)
def test_a_product_is_the_same_from_both_but_for_its_collections(product: Product) -> None:
    event = told("products/update", product.body())
    assert isinstance(event, ProductChanged)
    assert event.category_ids is None
    assert read("products", product.node()) == replace(event, category_ids=("31",))


def test_a_variant_read_alone_is_the_variant_of_its_product() -> None:
    product = Product(variants=(Variant(), Variant(id=9, options=(("Colour", "Red"),))))
    whole = told("products/update", product.body())
    assert isinstance(whole, ProductChanged)
    for variant, expected in zip(product.variants, whole.variants or (), strict=True):
        event = read("variations", {**variant.node(), "product": product.node()})
        assert isinstance(event, VariantChanged)
        assert event.variant == expected
        assert event.changed_at == expected.changed_at


@pytest.mark.parametrize(
    "person",
    [
        Person(),
        Person(home=Address()),
        Person(first=None, last=None, phone=None, home=Address()),
        Person(email=None, home=Address(country=None, phone=None)),
    ],
)
def test_a_customer_is_the_same_from_both_but_for_language_and_consent(person: Person) -> None:
    event = told("customers/update", person.body())
    found = read("customers", person.node())
    assert isinstance(event, ContactChanged)
    assert isinstance(found, ContactChanged)
    assert found.shopper.locale == "en-GB"
    alike = replace(found.shopper, locale="", consent=event.shopper.consent)
    assert replace(found, shopper=alike) == event
