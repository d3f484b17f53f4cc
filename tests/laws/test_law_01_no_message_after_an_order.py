"""Law 1: no message after an order, in whatever way, and whenever, the order becomes known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest
from django.core import mail

from recovery.messaging import delivery
from shopapp.kit.egress import Response
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws.houses import woocommerce_only
from tests.laws.stage import CART_ID, DAY, HOUR, MINUTE, House, mailed

DOWN = Response(503, httpx.Headers({"Content-Type": "application/json"}), b"{}")
FIRST_MAIL = MORNING + 60 * MINUTE

# How an order can name the shopper whose cart was left, without naming anything else.
NAMES: dict[str, dict[str, Any]] = {
    "the cart's id": {"cart_id": CART_ID},
    "another spelling": {"email": "ANNA+shop@Example.SE"},
    "the phone": {"phone": "070-123 45 67"},
    "the account": {"customer": 5},
}
# When the order is placed, on a road that would mail at one, 25 and 73 hours.
MOMENTS = {
    "before it is abandoned": MORNING + 10 * MINUTE,
    "after it is abandoned": MORNING + 40 * MINUTE,
    "in the minute of the first mail": FIRST_MAIL - MINUTE,
    "after the first mail": FIRST_MAIL + 3 * HOUR,
    "in the minute of the second mail": MORNING + 24 * HOUR + 29 * MINUTE,
    "after the second mail": MORNING + 30 * HOUR,
}


@pytest.mark.parametrize("placed_at", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_whoever_ordered_gets_no_further_mail(
    house: House, names: dict[str, Any], placed_at: datetime
) -> None:
    """Nobody tells us of the order: it is there to be found when we read."""
    house.cart(MORNING, shopper={"customer_id": 5})
    road = [MORNING + hours * HOUR for hours in (0.5, 0.7, 1, 1.1, 24, 24.5, 25, 26, 72.5, 76)]
    road += [placed_at + MINUTE, placed_at + HOUR]
    for moment in sorted(moment for moment in road if moment < placed_at):
        house.tick(moment)
    before = len(mailed())
    assert before == (placed_at > FIRST_MAIL) + (placed_at > MORNING + 26 * HOUR)
    house.order(placed_at, **names)
    for moment in sorted(moment for moment in road if moment > placed_at):
        house.tick(moment)
    assert len(mailed()) == before
    assert {cart.state for cart in house.carts()} == {"ordered"}


def test_without_an_order_the_same_road_sends_three_mails(house: House) -> None:
    """The control: the tests above would pass for a house that never writes at all."""
    house.cart(MORNING)
    house.live(MORNING, MORNING + 80 * HOUR, every=2 * HOUR)
    assert mailed() == ["anna@example.se"] * 3


@woocommerce_only
@pytest.mark.parametrize("status", ["on-hold", "processing", "completed", "refunded", "wc-made-up"])
def test_bank_transfer_cash_and_unknown_statuses_are_orders(house: House, status: str) -> None:
    house.cart(MORNING)
    house.order(MORNING + MINUTE, status=status, **NAMES["the cart's id"])
    house.live(MORNING, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []
    assert house.carts()[0].state == "ordered"


@woocommerce_only
@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "trash", "failed", "cancelled"])
def test_what_is_no_order_ends_nothing(house: House, status: str) -> None:
    house.cart(MORNING)
    order = house.order(MORNING + MINUTE, status=status, **NAMES["the cart's id"])
    assert house.tell_order(order, at=MORNING + MINUTE).status_code == 200
    house.live(MORNING, MORNING + 2 * HOUR, every=10 * MINUTE)
    assert mailed() == ["anna@example.se"]


@woocommerce_only
def test_a_pending_order_holds_until_it_is_paid_for(house: House) -> None:
    house.cart(MORNING)
    order = house.order(MORNING + MINUTE, status="pending", **NAMES["another spelling"])
    house.live(MORNING, MORNING + 5 * HOUR)
    assert mailed() == []
    house.store.now = MORNING + 6 * HOUR
    house.store.change("orders", order["id"], status="processing")
    house.live(MORNING + 6 * HOUR, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []
    assert house.carts()[0].state == "ordered"


@woocommerce_only
def test_a_pending_order_that_fails_lets_the_cart_go(house: House) -> None:
    house.cart(MORNING)
    order = house.order(MORNING + MINUTE, status="pending", **NAMES["the phone"])
    house.live(MORNING, MORNING + 2 * HOUR)
    assert mailed() == []
    house.store.now = MORNING + 3 * HOUR
    house.store.change("orders", order["id"], status="failed")
    house.live(MORNING + 3 * HOUR, MORNING + 5 * HOUR, every=20 * MINUTE)
    assert mailed() == ["anna@example.se"]


def test_an_order_that_is_refunded_later_stays_an_order(house: House) -> None:
    house.cart(MORNING)
    order = house.order(MORNING + MINUTE, **NAMES["the cart's id"])
    house.live(MORNING, MORNING + 2 * HOUR)
    house.store.now = MORNING + 3 * HOUR
    house.refund(order)
    house.live(MORNING + 3 * HOUR, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []


def test_the_cart_on_another_device_ends_with_its_person_too(house: House) -> None:
    house.cart(MORNING)
    house.cart(MORNING + MINUTE, cart_id="d" * 32, shopper={"email": "Anna+phone@example.se"})
    house.order(MORNING + 2 * MINUTE, cart_id="d" * 32, email="anna@example.se")
    house.live(MORNING, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []
    assert [cart.state for cart in house.carts()] == ["ordered", "ordered"]


def test_an_order_told_between_preparing_and_handing_over_stops_the_mail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 59 * MINUTE)
    hand_over_due = delivery.hand_over_due

    def order_comes_first(shop: Shop, *, at: datetime, limit: int) -> int:
        assert [message.state for message in house.messages()] == ["prepared"]
        order = house.order(at, **NAMES["another spelling"])
        house.tell_order(order, at=at)
        house.handle(at)
        return hand_over_due(shop, at=at, limit=limit)

    house.sweep(FIRST_MAIL)
    monkeypatch.setattr(delivery, "hand_over_due", order_comes_first)
    house.turn(FIRST_MAIL)
    [message] = house.messages()
    assert (message.state, message.reason) == ("skipped", "ordered")
    assert mailed() == []


def test_an_order_that_overtakes_its_cart_ends_it(house: House) -> None:
    house.order(MORNING + MINUTE, **NAMES["the cart's id"])
    house.turn(MORNING + 2 * MINUTE)
    house.cart(MORNING + 3 * MINUTE)
    house.live(MORNING + 4 * MINUTE, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []


def test_the_same_person_in_the_other_shop_is_another_shopper(house: House, twin: House) -> None:
    house.cart(MORNING)
    twin.cart(MORNING)
    order = house.order(MORNING + MINUTE, **NAMES["another spelling"])
    house.tell_order(order, at=MORNING + MINUTE)
    house.handle(MORNING + MINUTE)
    house.store.erase("orders", order["id"])
    for moment in (MORNING + HOUR, MORNING + HOUR + MINUTE):
        house.turn(moment)
        twin.tick(moment)
    assert [one.from_email for one in mail.outbox] == [f"Other <hello@{twin.shop.host}>"]


# Orders that cannot be read.


def test_unread_orders_pause_sending_which_resumes_by_itself(house: House, store: Any) -> None:
    house.cart(MORNING)
    house.sweep(FIRST_MAIL)
    store.down = DOWN
    house.tick(FIRST_MAIL + 3 * MINUTE)
    house.shop.refresh_from_db()
    assert Shop.objects.exclude(sending_paused_at=None).get() == house.shop
    assert house.shop.sending_paused_reason
    assert mailed() == []
    store.down = None
    house.live(FIRST_MAIL + 20 * MINUTE, FIRST_MAIL + 60 * MINUTE, every=5 * MINUTE)
    house.shop.refresh_from_db()
    assert house.shop.sending_paused_at is None
    assert mailed() == ["anna@example.se"]


def test_an_order_that_cannot_be_understood_is_an_order_all_the_same(house: House) -> None:
    """A plugin of the store broke the order's total: whoever placed it has ordered nevertheless."""
    house.cart(MORNING)
    house.order(MORNING + 30 * MINUTE, total="N/A", **NAMES["another spelling"])
    house.live(MORNING + 31 * MINUTE, MORNING + 2 * HOUR, every=10 * MINUTE)
    assert mailed() == []


# A wrong clock.


def test_a_store_whose_clock_is_behind_is_read_all_the_same(house: House) -> None:
    """Its new orders seem older than our last reading; what was read says how it counts time."""
    behind = HOUR
    house.order(MORNING - behind)
    house.cart(MORNING)
    house.live(MORNING + 10 * MINUTE, MORNING + 50 * MINUTE, every=10 * MINUTE)
    house.order(MORNING + 50 * MINUTE - behind, **NAMES["the cart's id"])
    house.live(FIRST_MAIL, FIRST_MAIL + 2 * HOUR, every=10 * MINUTE)
    assert mailed() == []


@woocommerce_only
def test_an_order_whose_shopper_cannot_be_read_either_pauses_sending(house: House) -> None:
    house.cart(MORNING)
    house.order(MORNING + 30 * MINUTE, billing="gone")
    house.live(MORNING + 31 * MINUTE, MORNING + 2 * HOUR, every=20 * MINUTE)
    assert mailed() == []
    house.shop.refresh_from_db()
    assert "cannot be read" in house.shop.sending_paused_reason


def test_a_shop_that_was_never_read_sends_nothing(house: House, store: Any) -> None:
    Shop.objects.filter(pk=house.shop.pk).update(orders_read_at=None)
    house.cart(MORNING)
    store.down = DOWN
    house.live(MORNING, MORNING + DAY, every=3 * HOUR)
    assert mailed() == []


def test_an_order_that_we_cannot_get_past_pauses_sending_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 40 * MINUTE)

    def poisoned(*_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("recovery.ingest.services.orders.record", poisoned)
    house.order(MORNING + 50 * MINUTE, **NAMES["another spelling"])
    house.live(FIRST_MAIL, FIRST_MAIL + HOUR, every=20 * MINUTE)
    assert mailed() == []
    house.shop.refresh_from_db()
    assert "cannot be read" in house.shop.sending_paused_reason
