"""Law 2: never twice, whatever runs twice: workers, beats, tasks, deliveries, presses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from recovery.carts import services as carts
from recovery.flows import arbiter
from recovery.flows import services as flows
from recovery.ingest import handling, turns
from recovery.ingest.models import Delivery
from recovery.messaging import services as messaging
from recovery.messaging.models import Message
from shopapp.kit import later
from shopapp.shops import access
from tests.conftest import MORNING
from tests.laws import houses
from tests.laws.stage import CART_ID, HOUR, MINUTE, House, cart_data, mailed
from tests.recovery.ingest.conftest import inbox

DUE = MORNING + HOUR


@pytest.fixture
def real_house(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, store: Any, platform: str
) -> House:
    """Return a house whose every step is committed, so that threads see it."""
    shop, other = (houses.make(platform, name) for name in ("shop", "other"))
    houses.connect(shop)
    houses.connect(other)
    monkeypatch.setattr(later, "_send", lambda task, ids: None)
    made = houses.house_of(shop, store)
    made.open()
    return made


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same time, each on its own connection; return what came of it."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait(timeout=10)
        try:
            return work()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(works)) as workers:
        return list(workers.map(run, works, timeout=30))


def scoped(house: House, work: Callable[[], Any]) -> Callable[[], Any]:
    def inside() -> Any:
        with access.scope(house.shop):
            return work()

    return inside


def test_one_report_taken_in_by_two_doors_at_once_is_one_delivery(real_house: House) -> None:
    again = real_house.same_cart_again(cart_data(), at=MORNING)
    statuses = at_once(*[lambda: again().status_code] * 4)
    assert statuses == [200] * 4
    assert len(inbox(real_house.shop)) == 1


def test_one_delivery_handled_by_three_workers_is_applied_once(real_house: House) -> None:
    real_house.tell_cart(cart_data(), at=MORNING)
    [delivery] = inbox(real_house.shop)
    handled = at_once(
        *[lambda: handling.handle(real_house.shop, delivery.pk, at=MORNING) for _ in range(3)]
    )
    assert sorted(handled) == [False, False, True]
    assert [kind for kind, _ in real_house.told()].count("opened") == 1


def test_two_workers_enrol_a_cart_once_and_dispatch_its_step_once(real_house: House) -> None:
    real_house.cart(MORNING)
    shop = real_house.shop
    with access.scope(shop):
        carts.abandon_quiet(shop, at=MORNING + 31 * MINUTE)
    entered = at_once(*[scoped(real_house, lambda: arbiter.enroll(shop, at=DUE))] * 3)
    assert sum(entered) == 1
    at_once(*[lambda: flows.run_due(shop, at=DUE)] * 3)
    [message] = real_house.messages()
    assert message.step_key


def test_turns_at_once_send_once(real_house: House) -> None:
    real_house.cart(MORNING)
    real_house.sweep(DUE)
    sent = at_once(*[lambda: turns.take_turn(real_house.shop, at=DUE)] * 3)
    assert sum(sent) == 1
    assert mailed() == ["anna@example.se"]


def test_a_second_beat_is_harmless(house: House) -> None:
    house.cart(MORNING)
    for moment in [MORNING + 10 * MINUTE * step for step in range(12)]:
        for _ in range(3):
            house.sweep(moment)
            house.turn(moment)
    assert mailed() == ["anna@example.se"]
    assert [kind for kind, _ in house.told()].count("entered_flow") == 1


def test_every_news_told_twice_late_and_backwards_changes_nothing(house: House) -> None:
    house.cart(MORNING)
    more = [cart_data()["lines"][0] | {"quantity": quantity} for quantity in (1, 2, 3)]
    for minute, line in enumerate(more, start=1):
        house.cart(MORNING + minute * MINUTE, lines=[line])
    told = inbox(house.shop)
    for delivery in [*reversed(told), *told]:
        assert house.tell_again(delivery, at=MORNING + 5 * MINUTE).status_code == 200
    house.handle(MORNING + 6 * MINUTE)
    assert len(inbox(house.shop)) == len(told)
    [cart] = house.carts()
    assert (cart.quantity, cart.generation) == (3, 1)


@pytest.mark.parametrize("moment", [MORNING + MINUTE * minutes for minutes in (61, 62, 90)])
def test_a_message_whose_worker_vanished_is_never_sent_again(
    house: House, moment: datetime
) -> None:
    """It was committed as being handed over, and nobody came back to tell what became of it."""
    house.cart(MORNING)
    house.sweep(DUE)
    messaging.prepare_due(house.shop, at=DUE)
    with access.scope(house.shop):
        Message.objects.update(
            state=Message.State.HANDING_OVER, handing_over_at=DUE, lease_until=DUE + 5 * MINUTE
        )
    house.live(moment, moment + 10 * HOUR)
    assert mailed() == []
    assert house.messages()[0].state == "unknown"
    assert ("message_unknown", "cut_off") in house.told()


def test_pressing_send_now_twice_sends_one_mail(house: House, owner_client: Client) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 31 * MINUTE)
    [cart] = house.carts()
    # By day: at the real moment of this test it may be too late in the evening to send anything.
    with time_machine.travel(MORNING + 31 * MINUTE, tick=False):
        for _ in range(3):
            owner_client.post(f"/shops/{house.shop.pk}/carts/{cart.pk}/sending/")
    assert len(house.messages()) == 1
    due = house.messages()[0].due_at
    for minute in (0, 1, 7, 20):
        house.tick(due + minute * MINUTE)
    assert len(mailed()) == 1


def test_a_redriven_report_does_not_repeat_what_it_did(house: House) -> None:
    house.cart(MORNING)
    [delivery] = inbox(house.shop)
    before = house.told()
    with access.scope(house.shop):
        Delivery.objects.update(state=Delivery.State.PARKED)
        assert handling.redrive(house.shop, delivery, at=MORNING)
    house.handle(MORNING)
    assert house.told(CART_ID) == before
