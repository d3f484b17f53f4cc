"""Law 3: a 2xx is a committed row; what cannot be read waits for a person; poison stops nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from recovery.carts import tasks as carts_tasks
from recovery.contacts.models import Contact
from recovery.flows import tasks as flows_tasks
from recovery.ingest import handling
from recovery.ingest import services as ingest
from recovery.ingest.models import Delivery
from shopapp.kit import later
from shopapp.platforms.base import CartChanged
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws import houses
from tests.laws.houses import woocommerce_only
from tests.laws.stage import DAY, HOUR, MINUTE, House, cart_data, mailed
from tests.recovery.ingest.conftest import inbox


def states(house: House) -> list[str]:
    return [delivery.state for delivery in inbox(house.shop)]


# Unreadable news is quarantined, wherever it turns out to be unreadable.


def test_news_from_the_future_is_quarantined_and_leaves_no_trace(house: House) -> None:
    """Its cart is refused only while it is being applied, when the shopper is known already."""
    data = cart_data(shopper={"email": "future@example.se"})
    answer = house.tell_cart(data, at=MORNING, changed_at=MORNING + 2 * DAY)
    assert answer.status_code == 200
    house.handle(MORNING)
    [delivery] = inbox(house.shop)
    assert (delivery.state, delivery.attempts) == ("quarantined", 1)
    assert "future" in delivery.problem
    assert house.carts() == []


def test_what_was_done_before_the_unreadable_part_is_undone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One delivery may tell several things: none counts when one of them cannot be read."""
    events = handling._events

    def twice(shop: Shop, delivery: Delivery) -> tuple[Any, ...]:
        [event] = events(shop, delivery)
        assert isinstance(event, CartChanged)
        return event, replace(event, changed_at=event.changed_at + 3 * DAY)

    monkeypatch.setattr(handling, "_events", twice)
    house.cart(MORNING)
    assert states(house) == ["quarantined"]
    assert house.carts() == []
    with access.scope(house.shop):
        assert not Contact.objects.exists()


def test_quarantined_news_is_driven_again_and_then_counts(house: House) -> None:
    house.tell_cart(cart_data(), at=MORNING, changed_at=MORNING + 2 * DAY)
    house.handle(MORNING)
    [stuck] = inbox(house.shop)
    with access.scope(house.shop):
        assert handling.redrive(house.shop, stuck, at=MORNING + 2 * DAY)
        assert not handling.redrive(house.shop, stuck, at=MORNING + 2 * DAY)
    house.handle(MORNING + 2 * DAY)
    assert states(house) == ["handled"]
    assert len(house.carts()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema": 1}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:14].decode("latin-1"),
)
def test_a_signed_report_of_any_shape_is_kept_and_quarantined(house: House, body: bytes) -> None:
    assert house.tell_raw(body, at=MORNING).status_code == 200
    house.handle(MORNING)
    [delivery] = inbox(house.shop)
    assert (delivery.state, bytes(delivery.body)) == ("quarantined", body)
    assert delivery.problem


@woocommerce_only
def test_a_signed_report_of_nothing_is_kept_too(house: House) -> None:
    """Shopify signs no empty body: there it is turned away."""
    assert house.tell_raw(b"", at=MORNING).status_code == 200
    house.handle(MORNING)
    assert states(house) == ["quarantined"]


WILD: dict[str, dict[str, Any]] = {
    "a long alias": {"session_alias": "x" * 5000},
    "a long locale": {"shopper": {"locale": "x" * 500}},
    "a long name": {"shopper": {"first_name": "x" * 5000, "last_name": "y" * 5000}},
    "a long address": {"shopper": {"email": "x" * 5000 + "@example.se"}},
    "a huge customer": {"shopper": {"customer_id": 2**63 - 1}},
    "a huge total": {"total_minor": 2**53},
    "pieces beyond counting": {
        "lines": [
            {"product_id": 11, "variation_id": 0, "quantity": 2**31 - 1, "name": "cap"}
            for _ in range(3)
        ]
    },
    "no lines": {"lines": []},
    "a long currency": {"currency": "EUROS"},
    "long coupons": {"coupons": ["x" * 5000]},
    "a long consent": {"shopper": {"consent": {"given": True, "wording": "x" * 9000, "at": None}}},
    "a consent of the year one": {
        "shopper": {"consent": {"given": True, "wording": "", "at": "0001-01-01T00:00:00Z"}}
    },
}


@woocommerce_only
@pytest.mark.parametrize("data", WILD.values(), ids=WILD)
def test_no_signed_report_is_a_mistake_of_ours(house: House, data: dict[str, Any]) -> None:
    """It is applied, or it cannot be read: it never fails again and again."""
    house.cart(MORNING, **data)
    assert states(house)[0] in {"handled", "quarantined"}
    house.live(MORNING, MORNING + 2 * HOUR)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"]
)
def test_a_report_of_the_distant_past_stops_nobody(house: House, moment: str) -> None:
    house.tell_cart(cart_data(), at=MORNING, changed_at=moment)
    house.handle(MORNING)
    assert states(house)[0] in {"handled", "quarantined"}
    house.cart(MORNING, cart_id="d" * 32)
    house.live(MORNING, MORNING + 2 * HOUR)
    assert mailed() == ["anna@example.se"]


@pytest.mark.parametrize(
    "email", ["admin@localhost", "not an address", "", "a@b..c", "x@-.example"]
)
def test_a_customer_whose_address_became_unwritable_is_no_mistake_of_ours(
    house: House, email: str
) -> None:
    def tell(address: str, second: int) -> None:
        changed = MORNING + timedelta(seconds=second)
        house.tell_customer({"id": 7, "email": address, "changed_at": changed}, at=MORNING)
        house.handle(MORNING)

    tell("anna@example.se", 1)
    tell(email, 2)
    assert states(house) == ["handled", "handled"]


# What is answered 2xx is committed, and is found without any broker.


@pytest.fixture
def real_house(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, platform: str, store: Any
) -> House:
    shop, _ = (houses.make(platform, name) for name in ("shop", "other"))
    houses.connect(shop)
    monkeypatch.setattr(later, "_send", lambda task, ids: None)
    made = houses.house_of(shop, store)
    made.client = Client(raise_request_exception=False)
    made.open()
    return made


def test_an_accepted_report_stands_in_the_database_before_it_is_answered(
    real_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is cut off right after the answer, and the broker has lost everything."""
    assert real_house.tell_cart(cart_data(), at=MORNING).status_code == 200
    connections["default"].close()
    assert states(real_house) == ["new"]


def test_a_database_that_fails_while_committing_is_never_answered_with_2xx(
    real_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_given: Any, **_named: Any) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(ingest, "_note_sign_of_life", cut_off)
    answer = real_house.tell_cart(cart_data(), at=MORNING)
    assert answer.status_code == 500
    assert states(real_house) == []


def test_a_worker_cut_off_while_applying_has_done_nothing_and_it_is_done_later(
    real_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_house.tell_cart(cart_data(), at=MORNING)
    stamp = handling._stamp

    def cut_off(*_given: Any, **_named: Any) -> None:
        raise SystemExit(9)

    monkeypatch.setattr(handling, "_stamp", cut_off)
    with pytest.raises(SystemExit):
        real_house.handle(MORNING)
    assert real_house.carts() == []
    monkeypatch.setattr(handling, "_stamp", stamp)
    real_house.handle(MORNING + 30 * MINUTE)
    assert states(real_house) == ["handled"]
    assert len(real_house.carts()) == 1


def test_sweeps_find_everything_after_the_broker_lost_all_its_messages(house: House) -> None:
    """Nothing was ever woken: each sweep asks the database alone."""
    house.tell_cart(cart_data(), at=MORNING)
    at = MORNING + MINUTE
    assert access.due_shops("ingest_delivery_shops", at) == [house.shop]
    house.handle(at)
    assert access.due_shops("carts_quiet_shops", at + HOUR) == [house.shop]
    house.sweep(at + HOUR)
    assert access.due_shops("messaging_due_shops", at + HOUR) == [house.shop]
    house.turn(at + HOUR)
    assert mailed() == ["anna@example.se"]


def test_a_tick_without_anything_to_do_does_nothing(house: House) -> None:
    carts_tasks.sweep()
    flows_tasks.sweep()
    assert house.messages() == []
