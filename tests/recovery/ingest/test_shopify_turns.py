"""A Shopify shop's turn: orders and checkouts are read to their end, however many have changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from recovery.carts.models import Cart
from recovery.contacts.models import Consent, Contact
from recovery.contacts.selectors import latest_consent
from recovery.ingest import readings, turns
from recovery.ingest.models import Reading
from recovery.orders.models import Order
from shopapp.kit import egress
from shopapp.kit.egress import Response
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.doubles.shopify import checkouts, people, shelving
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    app_identity,
    connect,
    make_shopify_shop,
    open_store,
)
from tests.recovery.messaging import scene

MANY = 21
LATER = MORNING + timedelta(hours=2)


@pytest.fixture
def little(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleShopify]:
    """Return a shop that answers a few requests; a reading that does not end fails."""
    app_identity(monkeypatch)
    shop = LittleShopify(open_store("hedge.myshopify.com"))
    shop.answer_outbound(monkeypatch)

    def bounded(method: str, url: str, **sent: Any) -> Response:
        assert len(shop.asked) < 15, "the reading does not end"
        return shop.request(method, url, **sent)

    monkeypatch.setattr(egress, "request", bounded)
    with time_machine.travel(MORNING + timedelta(hours=1)):
        yield shop


@pytest.fixture
def hedge(little: LittleShopify) -> Shop:
    other = make_shopify_shop("thorn")
    connect(other)
    shop = make_shopify_shop("hedge")
    connect(shop)
    readings.start_import(shop, at=MORNING)
    return shop


def sell(little: LittleShopify, count: int, *, ordered: bool) -> None:
    product = shelving.create_product(little.store, "Mug", "9.90", stock=99)
    for number in range(count):
        checkout = checkouts.buy_now(little.store, [(product.variants[0].id, 1)])
        checkouts.set_contact(little.store, checkout, email=f"s{number}@shopper.example")
        if ordered:
            checkouts.place_order(little.store, checkout, paid=True)


def test_more_orders_than_a_page_holds_are_all_read(hedge: Shop, little: LittleShopify) -> None:
    sell(little, MANY, ordered=True)
    turns.take_turn(hedge, at=LATER)
    with access.scope(hedge):
        assert Order.objects.count() == len(little.store.state.orders) == MANY
        assert Reading.objects.get(kind="orders").read_through_at == LATER
    hedge.refresh_from_db()
    assert (hedge.orders_read_at, hedge.sending_paused_at) == (LATER, None)


def test_more_checkouts_than_a_page_holds_are_all_read(hedge: Shop, little: LittleShopify) -> None:
    sell(little, MANY, ordered=False)
    turns.take_turn(hedge, at=LATER)
    with access.scope(hedge):
        assert Cart.objects.count() == len(little.store.state.checkouts) == MANY
        assert Reading.objects.get(kind="checkouts").read_through_at == LATER


def test_a_refusal_that_was_never_told_is_read_before_anything_is_sent(
    hedge: Shop, little: LittleShopify
) -> None:
    """Its news was lost, or the first import has not come to this customer yet."""
    customer = people.create_customer(little.store, "ann@shopper.example", consent="unsubscribed")
    with access.scope(hedge):
        contact, cart = scene.set_stage(hedge)
        Contact.objects.filter(pk=contact.pk).update(
            email="ann@shopper.example", address_key="ann@shopper.example", country="US",
            customer_id=str(customer.id),
        )  # fmt: skip
        Consent.objects.all().delete()
        contact.refresh_from_db()
        message = scene.queue(hedge, contact, cart, due_at=LATER)
    turns.take_turn(hedge, at=LATER)
    with access.scope(hedge):
        message.refresh_from_db()
        consent = latest_consent(contact, channel="email")
    assert consent is not None
    assert not consent.given
    assert (message.state, message.reason) == ("skipped", "consent_refused")
