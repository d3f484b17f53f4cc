"""Deliveries are handled once; what kills its worker, or us, is parked after three tries."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from recovery.ingest import handling, services
from recovery.ingest.models import Delivery
from recovery.orders.models import Order
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import Knock, inbox
from tests.recovery.ingest.little_store import ORDER

BODY = json.dumps(ORDER).encode()
POISON = json.dumps(ORDER | {"id": 13}).encode()


@pytest.fixture
def poisonous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make order 13 a bug of ours."""
    apply = services.apply

    def applied(shop: Shop, event: Any, *, at: Any) -> None:
        if event.order_id == "13":
            raise ZeroDivisionError
        apply(shop, event, at=at)

    monkeypatch.setattr(handling, "apply", applied)


def test_a_delivery_is_handled_once(knock: Knock, connected: Shop) -> None:
    knock("order.updated", BODY)
    (kept,) = inbox(connected)
    assert handling.handle(connected, kept.pk, at=MORNING)
    assert not handling.handle(connected, kept.pk, at=MORNING + timedelta(days=1))
    (kept,) = inbox(connected)
    assert (kept.state, kept.handled_at, kept.attempts) == ("handled", MORNING, 1)
    with access.scope(connected):
        assert Order.objects.get().number == "99"


@pytest.mark.usefixtures("poisonous")
def test_a_poisonous_delivery_is_parked_and_the_others_go_on(knock: Knock, connected: Shop) -> None:
    knock("order.updated", POISON)
    knock("order.updated", BODY)
    for tried in range(4):
        handling.handle_waiting(connected, at=MORNING + timedelta(minutes=tried))
    poison, other = inbox(connected)
    assert (poison.state, poison.attempts) == ("parked", 3)
    assert poison.problem == "A mistake of ours (ZeroDivisionError)."
    assert other.state == "handled"
    with access.scope(connected):
        assert [row.number for row in Order.objects.all()] == ["99"]


@pytest.mark.usefixtures("poisonous")
def test_a_failed_delivery_waits_before_it_is_tried_again(knock: Knock, connected: Shop) -> None:
    knock("order.updated", POISON)
    handling.handle_waiting(connected, at=MORNING)
    assert handling.waiting(connected, at=MORNING + timedelta(seconds=9), limit=5) == []
    assert handling.waiting(connected, at=MORNING + timedelta(seconds=10), limit=5)


def test_a_delivery_that_kills_its_worker_is_parked_too(knock: Knock, connected: Shop) -> None:
    knock("order.updated", BODY)
    (kept,) = inbox(connected)
    for tried in range(3):
        # The worker claims it and is gone: nothing but the claim is left.
        assert handling._claim(connected, kept.pk, at=MORNING + timedelta(minutes=2 * tried))
    handling.handle_waiting(connected, at=MORNING + timedelta(minutes=10))
    (kept,) = inbox(connected)
    assert (kept.state, kept.problem) == ("parked", "Its handling was cut off three times.")


def test_a_claimed_delivery_is_left_alone_until_its_lease_is_over(
    knock: Knock, connected: Shop
) -> None:
    knock("order.updated", BODY)
    (kept,) = inbox(connected)
    assert handling._claim(connected, kept.pk, at=MORNING)
    assert not handling.handle(connected, kept.pk, at=MORNING + timedelta(seconds=59))
    assert handling.handle(connected, kept.pk, at=MORNING + timedelta(seconds=60))


def test_the_sweep_finds_what_nobody_was_woken_for(
    knock: Knock, connected: Shop, other_shop: Shop
) -> None:
    knock("order.updated", BODY)
    (kept,) = inbox(connected)
    later = kept.received_at + timedelta(seconds=5)
    assert access.due_shops("ingest_delivery_shops", later) == [connected]
    handling.handle_waiting(connected, at=later)
    assert access.due_shops("ingest_delivery_shops", later + timedelta(days=1)) == []


def test_a_stuck_delivery_can_be_driven_again(knock: Knock, connected: Shop) -> None:
    knock("order.updated", BODY[:-1])
    handling.handle_waiting(connected, at=MORNING)
    (kept,) = inbox(connected)
    with access.scope(connected):
        assert handling.redrive(connected, kept, at=MORNING)
        assert not handling.redrive(connected, kept, at=MORNING)
        Delivery.objects.update(body=BODY)
    assert handling.handle_waiting(connected, at=MORNING) == 1


def test_a_cart_whose_order_came_first_is_ended_at_once(connected: Shop) -> None:
    order = {**ORDER, "meta_data": [{"id": 1, "key": "_rebasket_cart_id", "value": "a" * 32}]}
    cart = {
        "cart_id": "a" * 32, "session_alias": "", "visitor_id": "", "stage": "checkout",
        "currency": "USD", "decimals": 2, "total_minor": 2800, "coupons": [], "click_ref": "",
        "lines": [{"key": "k", "product_id": 12, "variation_id": 0, "quantity": 2, "name": "Mug",
                   "attributes": {}, "total_minor": 2800, "sku": "", "image": "", "url": ""}],
        "shopper": {},
    }  # fmt: skip
    report = {
        "schema": 1,
        "event_id": "00000000-0000-4000-8000-000000000001",
        "type": "cart.changed",
        "changed_at": "2026-11-22T13:58:00.000Z",
        "revision": 1,
        "data": cart,
    }
    for source, topic, body in (
        ("webhook", "order.created", order),
        ("plugin", "cart.changed", report),
    ):
        kept = services.receive(
            connected,
            source=source,
            topic=topic,
            event_key=topic,
            body=json.dumps(body).encode(),
            at=MORNING,
        )
        assert kept
    assert handling.handle_waiting(connected, at=MORNING) == 2
    with access.scope(connected):
        found = Order.objects.get()
        assert found.ended_cart is not None
        assert found.ended_cart.state == "ordered"
