"""Shopify's own samples, read: the whole event, field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopapp.kit.money import Money
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import (
    AccessChanged,
    AppUninstalled,
    CartChanged,
    CartVanished,
    ConsentChanged,
    ConsentGiven,
    ContactChanged,
    ContactErased,
    ContactRedacted,
    DataRequested,
    Event,
    Line,
    OrderChanged,
    OrderVanished,
    ProductVanished,
    ReadingReady,
    Shopper,
    ShopRedacted,
    StockChanged,
    Unreadable,
)
from shopapp.platforms.shopify.parse import parse_delivery
from tests.shopapp.platforms.shopify.signing import FIXTURES
from tests.shopapp.platforms.shopify.things import FACTS, sample

SAID = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NEW_YEAR = datetime(2022, 1, 1, tzinfo=UTC)


def told(topic: str) -> tuple[Event, ...]:
    body = (FIXTURES / "webhooks" / f"{topic.replace('/', '_')}.json").read_bytes()
    return parse_delivery(topic, body, FACTS, said_at=SAID)


def dollars(minor: int) -> Money:
    return Money(minor, "USD", 2)


CART = CartChanged(
    cart_id="exampleCartId",
    changed_at=NEW_YEAR,
    revision=0,
    stage="cart",
    lines=(
        Line(
            product_id="788032119674292922",
            variant_id="704912205188288575",
            quantity=3,
            name="Example T-Shirt - Small",
            total=dollars(5997),
            sku="example-shirt-s",
        ),
    ),
    total=None,
    shopper=Shopper(),
    source="platform",
)
IPOD = Line(
    product_id="632910392",
    variant_id="808950810",
    quantity=1,
    name="IPod Nano - 8GB",
    attributes=(("", "Pink"),),
    total=dollars(19900),
    sku="IPOD2008PINK",
)
CHECKOUT = CartChanged(
    cart_id="eeafa272cebfd4b22385bc4b645e762c",
    changed_at=NEW_YEAR,
    revision=0,
    stage="checkout",
    lines=(IPOD, IPOD),
    total=dollars(42188),
    shopper=Shopper(
        customer_id="603851970716743426",
        email="example@email.com",
        email_source="checkout",
        first_name="John",
        last_name="Smith",
        country="US",
    ),
    source="platform",
    alias="123123123",
    recovery_url="https://checkout.local/548380009/checkouts/123123123/recover"
    "?key=example-secret-token",
    checkout_id="981820079255243537",
)


def ordered(name: str, minor: int, sku: str, product: str = "788032119674292922") -> Line:
    return Line(product, "", 1, name, total=dollars(minor), sku=sku)


ORDER = OrderChanged(
    order_id="820982911946154508",
    number="#9999",
    status="cancelled",
    stage="cancelled",
    placed_at=NEW_YEAR,
    changed_at=NEW_YEAR,
    total=dollars(40495),
    refunded=dollars(0),
    lines=(
        ordered("Aviator sunglasses", 8999, "SKU2006-001"),
        ordered("Lens Protection Plan (2 Year)", 1999, "LENS-PROTECT-2YR", product=""),
        ordered("Premium Leather Case", 2499, "CASE-LEATHER-PREM", product=""),
        ordered("Mid-century lounger", 15999, "SKU2006-020"),
        ordered("Coffee table", 11999, "SKU2006-035"),
    ),
    shopper=Shopper(
        customer_id="115310627314723954",
        email="jon@example.com",
        email_source="checkout",
        first_name="John",
        last_name="Smith",
        country="US",
        locale="en",
    ),
    payment_method="visa",
)
CUSTOMER = ContactChanged(
    customer_id="706405506930370084",
    shopper=Shopper(
        customer_id="706405506930370084",
        email="bob@biller.com",
        email_source="account",
        first_name="Bob",
        last_name="Biller",
        country="CA",
    ),
    changed_at=NEW_YEAR,
)
NO_CONSENT = ConsentChanged(
    Shopper(
        customer_id="706405506930370084",
        email="bob@biller.com",
        email_source="account",
        consent=ConsentGiven(given=None, at=SAID, source="account"),
    ),
    SAID,
)
MEANT = ("299938", "280263", "220458")

EVENTS: dict[str, Event] = {
    "app/uninstalled": AppUninstalled(SAID, access_ended=True),
    "app/scopes_update": AccessChanged(
        ("read_products", "write_products"), datetime(2024, 6, 25, tzinfo=UTC)
    ),
    "bulk_operations/finish": ReadingReady("gid://shopify/BulkOperation/147595010"),
    "carts/create": CART,
    "carts/update": CART,
    "checkouts/create": CHECKOUT,
    "checkouts/update": CHECKOUT,
    "checkouts/delete": CartVanished("eeafa272cebfd4b22385bc4b645e762c", "", SAID),
    "orders/create": ORDER,
    "orders/updated": ORDER,
    "orders/paid": ORDER,
    "orders/cancelled": ORDER,
    "orders/delete": OrderVanished("820982911946154508"),
    "customers/create": CUSTOMER,
    "customers/update": CUSTOMER,
    "customers/delete": ContactErased("706405506930370084"),
    "customers_email_marketing_consent/update": NO_CONSENT,
    "products/delete": ProductVanished("788032119674292922"),
    "customers/data_request": DataRequested(
        "9999", "191167", "john@example.com", "555-625-1199", MEANT
    ),
    "customers/redact": ContactRedacted("191167", "john@example.com", "555-625-1199", MEANT),
    "shop/redact": ShopRedacted(),
}


@pytest.mark.parametrize("topic", EVENTS)
def test_a_sample_is_read_field_by_field(topic: str) -> None:
    assert told(topic) == (EVENTS[topic],)


@pytest.mark.parametrize("topic", ["variants/in_stock", "variants/out_of_stock"])
def test_a_variants_stock_is_a_hint(topic: str) -> None:
    body: JsonObject = {"admin_graphql_api_id": "gid://shopify/ProductVariant/44", "product_id": 33}
    expected = (StockChanged("44", "33"),)
    assert parse_delivery(topic, {**body, "id": 44}, FACTS) == expected
    assert parse_delivery(topic, {**body}, FACTS) == expected


@pytest.mark.parametrize(
    "topic", ["", "orders", "orders/edited", "draft_orders/create", "carts/delete", "Orders/Create"]
)
def test_a_topic_that_we_did_not_ask_for_is_unreadable(topic: str) -> None:
    with pytest.raises(Unreadable):
        parse_delivery(topic, sample("orders/create"), FACTS, said_at=SAID)


@pytest.mark.parametrize(
    "topic", ["app/uninstalled", "checkouts/delete", "customers_email_marketing_consent/update"]
)
def test_what_names_no_moment_needs_the_headers(topic: str) -> None:
    with pytest.raises(Unreadable):
        parse_delivery(topic, sample(topic), FACTS)


@pytest.mark.parametrize(
    ("state", "given"),
    [("subscribed", True), ("unsubscribed", False), ("redacted", False), ("pending", None),
     ("not_subscribed", None), ("invalid", None), ("SUBSCRIBED", True)],
)  # fmt: skip
def test_an_agreement_has_its_own_moment(state: str, given: bool | None) -> None:
    consent: JsonObject = {"state": state, "consent_updated_at": "2026-11-01T08:00:00+01:00"}
    topic = "customers_email_marketing_consent/update"
    body = sample(topic, email_marketing_consent=consent)
    (event,) = parse_delivery(topic, body, FACTS, said_at=SAID)
    at = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert isinstance(event, ConsentChanged)
    assert event.at == at
    assert event.shopper.consent == ConsentGiven(given=given, at=at, source="account")
