"""Law 5: a shopper has at most one active run in a shop, whatever they leave, and however."""

from __future__ import annotations

from recovery.flows.models import FlowRun
from shopapp.shops import access
from tests.conftest import MORNING
from tests.laws.houses import woocommerce_only
from tests.laws.stage import HOUR, MINUTE, House


def runs(house: House) -> list[tuple[str, str, str]]:
    with access.scope(house.shop):
        rows = FlowRun.objects.order_by("pk").select_related("flow")
        return [(run.flow.preset, run.state, run.outcome) for run in rows]


def test_two_carts_under_two_spellings_are_one_shopper(house: House, twin: House) -> None:
    house.cart(MORNING)
    house.cart(MORNING, cart_id="d" * 32, shopper={"email": "ANNA+x@example.se", "phone": None})
    twin.cart(MORNING)
    house.live(MORNING, MORNING + 3 * HOUR)
    assert [state for _, state, _ in runs(house)].count("active") == 1
    told = [house.told("c" * 32), house.told("d" * 32)]
    assert sum(("not_contacted", "in_another_flow") in one for one in told) == 1
    assert len(runs(twin)) == 1


@woocommerce_only
def test_a_checkout_takes_the_place_of_a_cart_and_never_the_other_way(house: House) -> None:
    house.cart(MORNING, stage="cart")
    house.sweep(MORNING + 61 * MINUTE)
    house.cart(MORNING + 62 * MINUTE, cart_id="d" * 32)
    house.sweep(MORNING + 100 * MINUTE)
    house.cart(MORNING + 101 * MINUTE, cart_id="e" * 32, stage="cart")
    house.sweep(MORNING + 200 * MINUTE)
    (first, state, outcome), (second, now, _) = runs(house)
    assert first != second
    assert (state, outcome, now) == ("finished", "taken_over", "active")
    assert ("left_flow", "taken_over") in house.told("c" * 32)
    assert ("not_contacted", "in_another_flow") in house.told("e" * 32)


def test_coming_back_and_leaving_again_is_the_same_run(house: House) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 31 * MINUTE)
    house.cart(MORNING + 40 * MINUTE, total_minor=4990)
    house.live(MORNING + 41 * MINUTE, MORNING + 3 * HOUR, every=20 * MINUTE)
    assert len(runs(house)) == 1
