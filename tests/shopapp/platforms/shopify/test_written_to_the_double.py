"""What we write into a shop of the double is there, once, however often it is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shopapp.kit import clock
from shopapp.platforms.base import ConsentGiven, ContactChanged
from shopapp.platforms.connector import CustomerToWrite, Discount, Item
from shopapp.platforms.shopify import connector
from tests.doubles.shopify import checkouts
from tests.shopapp.platforms.shopify.double import Stores, two_stores


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with two_stores(monkeypatch) as both:
        yield both


def test_a_shopper_written_back_is_a_customer_there(stores: Stores) -> None:
    store, other = stores
    at = clock.now() - timedelta(minutes=5)
    shopper = CustomerToWrite(
        "new.shopper@example.com",
        "Nina",
        "Berg",
        consent=ConsentGiven(True, at=at, source="popup"),
    )
    number = store.client.write_customer(shopper)
    assert store.client.write_customer(shopper) == number, "twice is once"
    item = Item(store.client.customer(number), number)
    (told,) = connector.parse_item("customers", item, store.facts)
    assert isinstance(told, ContactChanged)
    assert (told.shopper.email, told.shopper.first_name) == (shopper.email, "Nina")
    consent = told.shopper.consent
    assert consent is not None
    assert consent.given is True
    unsubscribed = replace(shopper, consent=ConsentGiven(False, at=clock.now()))
    assert store.client.write_customer(unsubscribed) == number
    again = Item(store.client.customer(number), number)
    (told,) = connector.parse_item("customers", again, store.facts)
    assert isinstance(told, ContactChanged)
    assert told.shopper.consent is not None
    assert told.shopper.consent.given is False
    assert int(number) not in other.shop.state.customers


def test_codes_are_made_each_once(stores: Stores) -> None:
    store, _ = stores
    client = store.client
    discount = client.create_discount(
        Discount("Come back", 10, "", "EUR", clock.now(), clock.now() + timedelta(days=7))
    )
    codes = tuple(f"COMEBACK-{number:03}" for number in range(250))
    for asked in (codes, codes[:20]):
        batch = client.add_codes(discount, asked)
        deadline = time.monotonic() + 20
        made = client.codes_made(batch)
        while not made.done and time.monotonic() < deadline:
            time.sleep(0.1)
            made = client.codes_made(batch)
        assert (made.done, made.made, made.failed) == (True, len(asked), {})
    client.end_discount(discount)


def test_where_our_script_is_can_be_told_again(stores: Stores) -> None:
    store, _ = stores
    for address in ("https://a.example/s.js", "https://b.example/s.js"):
        store.client.tell_script(script_url=address, shop="k9")
    told = {field.key: field.value for field in store.shop.state.metafields.values()}
    assert told == {"script": "https://b.example/s.js", "shop": "k9"}


def test_a_mail_that_went_out_stands_beside_its_checkout(stores: Stores) -> None:
    store, other = stores
    (product, *_) = store.shop.state.products.values()
    checkout = checkouts.buy_now(store.shop, [(product.variants[0].id, 1)])
    checkouts.set_contact(store.shop, checkout, email="shopper@example.com")
    for _ in range(2):
        assert store.client.report_sent(
            checkout_id=str(checkout.id), campaign="cart-email-1", message="m1", at=clock.now()
        )
    (activity,) = store.shop.state.activities.values()
    assert (activity.campaign, activity.source) == ("cart-email-1", "rebasket")
    assert list(checkout.reported.values()) == ["SENT"]
    assert not other.client.report_sent(
        checkout_id=str(checkout.id), campaign="cart-email-1", message="m1", at=clock.now()
    )
    assert not other.shop.state.activities
