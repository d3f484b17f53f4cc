"""Law 3: one row that a mistake of ours cannot get past keeps no other row or shop waiting."""

from __future__ import annotations

from typing import Any

import pytest

from recovery.carts import services as carts
from recovery.carts.models import Cart
from recovery.flows import arbiter
from recovery.flows import services as flows
from recovery.flows.models import FlowRun, FlowVersion
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws.stage import CART_ID, HOUR, MINUTE, House


@pytest.fixture
def two_poisoned(house: House, twin: House) -> tuple[House, House]:
    """Return two shops, the first of which (the first in every sweep) has a poisonous row."""
    house.cart(MORNING)
    twin.cart(MORNING)
    return house, twin


def test_one_poisoned_shop_does_not_keep_the_others_carts_from_being_abandoned(
    two_poisoned: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, twin = two_poisoned
    abandon = carts.abandon_quiet

    def poisoned(shop: Shop, **given: Any) -> int:
        if shop == house.shop:
            raise ZeroDivisionError
        return abandon(shop, **given)

    monkeypatch.setattr(carts, "abandon_quiet", poisoned)
    twin.sweep(MORNING + HOUR)
    assert [cart.state for cart in twin.carts()] == ["abandoned"]
    assert [cart.state for cart in house.carts()] == ["open"]


def test_one_poisoned_shop_does_not_keep_the_others_carts_from_entering(
    two_poisoned: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, twin = two_poisoned
    enroll = arbiter.enroll

    def poisoned(shop: Shop, **given: Any) -> int:
        if shop == house.shop:
            raise ZeroDivisionError
        return enroll(shop, **given)

    monkeypatch.setattr(arbiter, "enroll", poisoned)
    twin.sweep(MORNING + HOUR)
    assert ("entered_flow", "") in twin.told()


def test_a_poisonous_run_is_parked_and_the_others_go_on(house: House, twin: House) -> None:
    """A flow's steps that we cannot read any more stop the runs pinned to them, and no others."""
    house.cart(MORNING)
    house.sweep(MORNING + 40 * MINUTE)
    with access.scope(house.shop):
        broken = FlowRun.objects.get().version
        FlowVersion.objects.filter(pk=broken.pk).update(steps=[{"kind": "rocket"}])
        flows.publish(broken.flow, (), at=MORNING)
    bert = {"email": "bert@example.se", "phone": None}
    house.cart(MORNING + 41 * MINUTE, cart_id="d" * 32, shopper=bert)
    twin.cart(MORNING + 41 * MINUTE)
    for minutes in range(80, 110, 3):
        house.sweep(MORNING + minutes * MINUTE)
    with access.scope(house.shop):
        runs = {run.cart.cart_id: run for run in FlowRun.objects.select_related("cart")}
    assert (runs[CART_ID].state, runs[CART_ID].outcome) == ("finished", "broken")
    assert runs["d" * 32].outcome == "completed"
    assert ("left_flow", "broken") in house.told()
    assert [message.state for message in twin.messages()] == ["queued"]


def test_a_cart_that_cannot_be_considered_keeps_no_other_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.cart(MORNING)
    house.cart(MORNING, cart_id="d" * 32, shopper={"email": "bert@example.se", "phone": None})
    consider = arbiter._consider

    def poisoned(shop: Shop, cart: Cart, *given: Any, **named: Any) -> bool:
        entered = consider(shop, cart, *given, **named)
        if cart.cart_id == CART_ID:
            raise ZeroDivisionError
        return entered

    monkeypatch.setattr(arbiter, "_consider", poisoned)
    house.sweep(MORNING + HOUR)
    assert ("entered_flow", "") in house.told("d" * 32)
    assert ("entered_flow", "") not in house.told()
    assert ("not_contacted", "broken") in house.told()
