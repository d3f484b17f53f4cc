"""The store learns which abandoned checkouts were written to, once each; no mail waits for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from recovery.carts.models import Cart
from recovery.ingest import errands, reports
from recovery.messaging import moves
from recovery.messaging.models import Message
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.shopify.client import Client
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.doubles.shopify import carts, checkouts, shelving
from tests.doubles.shopify.records import Checkout
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    app_identity,
    connect,
    make_shopify_shop,
    open_store,
)
from tests.recovery.messaging import scene


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shopify_shop("little")
    connect(shop)
    return shop


@pytest.fixture
def little(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleShopify]:
    app_identity(monkeypatch)
    little = LittleShopify(open_store(shop.host))
    little.answer_outbound(monkeypatch)
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield little


@pytest.fixture
def checkout(little: LittleShopify) -> Checkout:
    """Return a checkout that somebody left in the store."""
    store = little.store
    variant = shelving.create_product(store, "Wool cap", "19.00").variants[0]
    cart = carts.new_cart(store)
    carts.add_to_cart(store, cart, variant.id, 1)
    left = checkouts.begin_checkout(store, cart)
    return checkouts.set_contact(store, left, email="anna@example.se")


def sent(shop: Shop, checkout_id: str, *, stage: str = "checkout", kind: str = "flow") -> Message:
    """Return a mail about this checkout that has just been sent."""
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        Cart.objects.filter(pk=cart.pk).update(checkout_id=checkout_id, stage=stage)
        cart.refresh_from_db()
        message = scene.queue(shop, contact, cart, kind=kind)
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.HANDING_OVER, handing_over_at=MORNING
        )
        message.refresh_from_db()
        assert moves.record_sent(message, provider_id="p", at=MORNING)
    return now(shop, message)


def now(shop: Shop, message: Message) -> Message:
    with access.scope(shop):
        message.refresh_from_db()
    return message


def test_the_checkout_shows_that_it_was_written_to(
    shop: Shop, little: LittleShopify, checkout: Checkout
) -> None:
    make_shop("other.example")
    message = sent(shop, str(checkout.id))
    assert access.due_shops("messaging_report_shops", MORNING) == [shop]
    assert reports.report_sent(shop, at=MORNING) == 1
    assert list(checkout.reported.values()) == ["SENT"]
    assert now(shop, message).report_due_at is None
    little.asked.clear()
    assert reports.report_sent(shop, at=MORNING) == 0
    assert little.asked == [], "told once"


@pytest.mark.parametrize(("stage", "kind"), [("cart", "flow"), ("checkout", "my_cart")])
def test_only_flows_mails_about_checkouts_are_reported(
    stage: str, kind: str, shop: Shop, little: LittleShopify
) -> None:
    assert sent(shop, "5", stage=stage, kind=kind).report_due_at is None


def test_a_checkout_that_the_store_does_not_know_is_settled(
    shop: Shop, little: LittleShopify
) -> None:
    message = sent(shop, "987654321")
    assert reports.report_sent(shop, at=MORNING) == 1
    assert now(shop, message).report_due_at is None


def test_a_checkout_whose_number_is_not_known_yet_waits_for_it(
    shop: Shop, little: LittleShopify, checkout: Checkout
) -> None:
    message = sent(shop, "")
    assert reports.report_sent(shop, at=MORNING) == 0
    due = now(shop, message).report_due_at
    assert due == errands.next_try(1, at=MORNING)
    with access.scope(shop):
        Cart.objects.update(checkout_id=str(checkout.id))
    assert reports.report_sent(shop, at=due) == 1
    assert list(checkout.reported.values()) == ["SENT"]


def test_a_store_that_is_away_is_asked_eight_times(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> bool:
        raise StoreUnavailable("Your store did not answer.", temporary=True)

    monkeypatch.setattr(Client, "report_sent", away)
    message = sent(shop, "5")
    tries = 0
    while (due := now(shop, message).report_due_at) is not None and tries < 20:
        reports.report_sent(shop, at=due)
        tries += 1
    assert tries == errands.TRIES
    assert now(shop, message).state == "sent"


def test_a_platform_that_takes_no_reports_is_settled(little: LittleShopify) -> None:
    woo = make_shop("woo.example")
    with access.scope(woo):
        credentials.keep(woo, Credential.Kind.API_KEYS, "ck_1:cs_1", at=MORNING)
    message = sent(woo, "")
    assert reports.report_sent(woo, at=MORNING) == 1
    assert now(woo, message).report_due_at is None
    assert little.asked == []
