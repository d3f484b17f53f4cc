"""A platform asks for an erasure: the news that named the person goes too, and nothing old that is
told or read later brings them back. A new order is new data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from recovery.carts.models import Cart
from recovery.contacts.models import Consent, Contact
from recovery.ingest import handling, redaction
from recovery.ingest.connection import facts_of
from recovery.ingest.models import Delivery
from recovery.ingest.services import receive
from recovery.orders.models import Order
from recovery.orders.services import FIELDS, order_news
from recovery.privacy.models import DataRequest, Erasure
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop
from shopapp.shops.tenancy import TenantModel
from tests.conftest import MORNING, make_shop

FIXTURES = Path(__file__).parents[2] / "fixtures" / "shopify" / "webhooks"
PERSON = {"id": 706405506930370084, "email": "Anna@Example.com", "phone": "+46 70-123 45 67"}
TRACES = ("anna", "bergs", "706405506930370084", "701234567")
NOON = MORNING + timedelta(hours=2)
EVENING = MORNING + timedelta(hours=10)
Json = dict[str, Any]


@pytest.fixture
def store(db: None) -> Shop:
    """Return the Shopify shop that is asked; another one has the same customer."""
    return make_shop("anna-shop.myshopify.com", platform=Shop.Platform.SHOPIFY)


@pytest.fixture
def other(store: Shop) -> Shop:
    return make_shop("other-shop.myshopify.com", platform=Shop.Platform.SHOPIFY)


def fixture(name: str, /, **changes: Any) -> Json:
    told: Json = json.loads((FIXTURES / f"{name}.json").read_text())
    return told | changes


def order(number: int, placed_at: datetime = MORNING, /, **changes: Any) -> Json:
    """Return an order of hers; ``changed_at`` when it last changed."""
    customer = {"id": PERSON["id"], "email": PERSON["email"], "first_name": "Anna",
                "last_name": "Bergs", "phone": PERSON["phone"]}  # fmt: skip
    told = {
        "id": number, "name": f"#{number}", "email": PERSON["email"], "contact_email": None,
        "phone": PERSON["phone"], "cart_token": f"cart-token-of-{number}", "cancelled_at": None,
        "checkout_token": f"checkout-token-of-{number}", "created_at": placed_at.isoformat(),
        "processed_at": placed_at.isoformat(), "updated_at": placed_at.isoformat(),
        "customer": customer, "billing_address": None, "shipping_address": None,
    }  # fmt: skip
    return fixture("orders_create", **(told | changes))


def checkout(token: str, at: datetime = MORNING) -> Json:
    told = {
        "token": token, "cart_token": f"{token}-cart-token", "email": PERSON["email"],
        "created_at": at.isoformat(), "updated_at": at.isoformat(), "completed_at": None,
        "phone": None, "customer": {"id": PERSON["id"], "first_name": "Anna"},
        "billing_address": None, "shipping_address": None, "buyer_accepts_marketing": True,
        "abandoned_checkout_url": f"https://x.example/checkouts/{token}/recover?key=anna",
    }  # fmt: skip
    return fixture("checkouts_update", **told)


def customer(at: datetime = MORNING) -> Json:
    told = {
        **PERSON, "first_name": "Anna", "last_name": "Bergs", "default_address": None,
        "addresses": [], "created_at": at.isoformat(), "updated_at": at.isoformat(),
    }  # fmt: skip
    return fixture("customers_update", **told)


REDACT = {"customer": PERSON, "orders_to_redact": [820982911946154508]}


def tell(shop: Shop, topic: str, body: Json, *, at: datetime) -> Delivery:
    """Deliver this news and handle it; return the delivery as it stands then."""
    put(shop, topic, body, at=at)
    handling.handle_waiting(shop, at=at)
    with access.scope(shop):
        return Delivery.objects.order_by("-pk")[0]


def put(shop: Shop, topic: str, body: Json, *, at: datetime) -> None:
    with access.scope(shop):
        key = f"k{Delivery.objects.count()}"
    receive(
        shop, source="webhook", topic=topic, event_key=key, body=json.dumps(body).encode(), at=at,
        said_at=at,
    )  # fmt: skip


def tell_everything(shop: Shop) -> None:
    tell(shop, "customers/update", customer(), at=MORNING)
    tell(shop, "checkouts/update", checkout("checkout-of-hers"), at=MORNING)
    tell(shop, "orders/create", order(820982911946154508), at=MORNING)
    consent = {"state": "subscribed", "consent_updated_at": MORNING.isoformat()}
    told = fixture(
        "customers_email_marketing_consent_update", customer_id=PERSON["id"],
        email_address=PERSON["email"], email_marketing_consent=consent,
    )  # fmt: skip
    tell(shop, "customers_email_marketing_consent/update", told, at=MORNING)


def traces(shop: Shop) -> Iterator[str]:
    """Yield every value of the shop's rows in which she can be found."""
    with access.scope(shop):
        for model in apps.get_models():
            rows = model.objects.all().values() if issubclass(model, TenantModel) else ()
            for row in rows:
                for name, value in row.items():
                    shown = str(bytes(value) if isinstance(value, memoryview) else value).lower()
                    if any(trace in shown for trace in TRACES):
                        yield f"{model._meta.label}.{name}: {shown[:80]}"


def redact(shop: Shop, at: datetime = NOON) -> Delivery:
    return tell(shop, "customers/redact", fixture("customers_redact", **REDACT), at=at)


def test_everything_that_named_her_is_gone_the_request_too(store: Shop, other: Shop) -> None:
    for shop in (store, other):
        tell_everything(shop)
        tell(shop, "products/delete", fixture("products_delete"), at=MORNING)
    theirs = list(traces(other))
    assert list(traces(store))
    request = redact(store)
    assert list(traces(store)) == []
    assert (bytes(request.body), request.problem) == (b"", redaction.TOLD)
    assert list(traces(other)) == theirs
    with access.scope(store):
        kept = Delivery.objects.get(topic="products/delete")
        assert bytes(kept.body) != b"", "it names nobody"
        assert Erasure.objects.get().counts["orders"] == 1


def test_news_of_somebody_else_keeps_its_body(store: Shop) -> None:
    tell_everything(store)
    bert = {
        "id": 99, "email": "bert@example.com", "phone": None, "first_name": "Bert",
        "last_name": "Berk", "admin_graphql_api_id": "gid://shopify/Customer/99",
    }  # fmt: skip
    told = tell(store, "customers/update", customer() | bert, at=MORNING)
    redact(store)
    with access.scope(store):
        told.refresh_from_db()
        assert b"bert@example.com" in bytes(told.body)
        assert Contact.objects.filter(email="bert@example.com").exists()


OLD_NEWS = {
    "customers/update": customer(),
    "checkouts/update": checkout("checkout-of-hers", MORNING + timedelta(minutes=5)),
    "orders/updated": order(820982911946154508),
    "orders/create": order(7002),
    "orders/paid": order(820982911946154508, updated_at=EVENING.isoformat(), note="paid"),
}


@pytest.mark.parametrize("topic", OLD_NEWS)
def test_late_news_from_before_brings_nobody_back(topic: str, store: Shop) -> None:
    tell_everything(store)
    redact(store)
    late = tell(store, topic, OLD_NEWS[topic], at=EVENING)
    assert late.state == Delivery.State.HANDLED
    assert list(traces(store)) == []
    assert bytes(late.body) == b""


def test_late_news_still_counts(store: Shop) -> None:
    """The refund of an erased person's order is a figure like any other."""
    tell_everything(store)
    redact(store)
    told = order(820982911946154508)
    told |= {"updated_at": EVENING.isoformat(), "cancelled_at": EVENING.isoformat()}
    tell(store, "orders/updated", told, at=EVENING)
    with access.scope(store):
        kept = Order.objects.get()
    assert (kept.stage, kept.email, kept.customer_id) == ("cancelled", "", "")


def test_the_same_order_told_again_changes_nothing_and_raises_no_doubt(store: Shop) -> None:
    tell_everything(store)
    redact(store)
    with access.scope(store):
        before = Order.objects.values().get()
    tell(store, "orders/updated", order(820982911946154508), at=EVENING)
    with access.scope(store):
        assert Order.objects.values().get() == before


def test_a_new_order_and_a_new_cart_are_new_data(store: Shop) -> None:
    tell_everything(store)
    redact(store)
    tell(store, "orders/create", order(7003, EVENING), at=EVENING)
    tell(store, "checkouts/update", checkout("a-new-checkout", EVENING), at=EVENING)
    with access.scope(store):
        new = Order.objects.get(platform_id="7003")
        cart = Cart.objects.get(alias="a-new-checkout")
        assert new.address_key == "anna@example.com"
        assert cart.contact is not None
        assert cart.contact.email == "anna@example.com"
        assert Consent.objects.filter(contact=cart.contact).count() == 1


def test_what_waits_is_applied_first_and_blanked_then(store: Shop) -> None:
    tell_everything(store)
    put(store, "orders/create", order(7004), at=MORNING)
    with access.scope(store):
        Delivery.objects.filter(state="new").update(attempts=1, due_at=EVENING)
    redact(store)
    with access.scope(store):
        waiting = Delivery.objects.get(state="new")
        assert bytes(waiting.body) != b"", "no accepted news is lost"
    handling.handle_waiting(store, at=EVENING)
    assert list(traces(store)) == []
    with access.scope(store):
        assert Order.objects.filter(platform_id="7004", total_minor__gt=0, email="").exists()


def test_what_could_not_be_read_is_blanked_and_waits_no_more(store: Shop) -> None:
    with access.scope(store):
        for number, body in enumerate((
            b'{"broken": "anna@example.com"', b'{"e": "ANNA\\u0040example.com"}',
            b'{"note": "call +46 (70) 123-45-67"}', b'{"customer": 706405506930370084',
        )):  # fmt: skip
            Delivery.objects.create(
                shop=store, source="webhook", topic="orders/create", event_key=f"q{number}",
                body=body, received_at=MORNING, due_at=MORNING, state="quarantined", problem="x",
            )  # fmt: skip
    redact(store)
    with access.scope(store):
        states = set(Delivery.objects.values_list("state", "problem", "body"))
    assert {(state, problem) for state, problem, _ in states} == {("handled", redaction.TOLD)}
    assert list(traces(store)) == []


def test_a_short_number_is_found_in_no_price(store: Shop) -> None:
    tell(store, "products/delete", fixture("products_delete", id=112112), at=MORNING)
    person = {"id": 5, "email": None, "phone": "112"}
    body = fixture("customers_redact", customer=person, orders_to_redact=[])
    tell(store, "customers/redact", body, at=NOON)
    with access.scope(store):
        assert bytes(Delivery.objects.get(topic="products/delete").body)


def test_a_request_for_data_waits_for_the_merchant(store: Shop) -> None:
    asked = {"customer": PERSON, "orders_requested": [5], "data_request": {"id": 9999}}
    body = fixture("customers_data_request", **asked)
    tell(store, "customers/data_request", body, at=MORNING)
    tell(store, "customers/data_request", body, at=NOON)
    with access.scope(store):
        row = DataRequest.objects.get()
    assert (row.request_id, row.customer_id) == ("9999", "706405506930370084")
    assert row.order_ids == ["5"]


def test_a_shop_is_erased_by_its_own_news_which_goes_with_it(store: Shop, other: Shop) -> None:
    for shop in (store, other):
        tell_everything(shop)
    Shop.objects.filter(pk=store.pk).update(state=Shop.State.UNINSTALLED, uninstalled_at=MORNING)
    put(store, "shop/redact", fixture("shop_redact"), at=NOON)
    assert handling.handle_waiting(store, at=NOON) == 1
    with access.scope(store):
        assert not Delivery.objects.exists()
        assert not Contact.objects.exists()
        assert Erasure.objects.get().kind == "shop"
    assert list(traces(other))


def test_the_hash_of_an_erased_order_is_made_of_all_its_columns(store: Shop) -> None:
    connector = connector_for(Shop.Platform.SHOPIFY)
    facts = facts_of(store)
    (event,) = connector.parse_delivery("orders/create", order(1), facts)
    assert set(order_news(event).values) == set(FIELDS)  # type: ignore[arg-type]
