"""A cart that is over without an order ends its run and withdraws its mails."""

from __future__ import annotations

import pytest

from recovery.carts import services as carts
from recovery.carts.models import Entry
from recovery.flows.models import FlowRun
from recovery.messaging.models import Message
from shopapp.platforms.base import CartVanished, Shopper
from shopapp.shops.models import Shop
from tests.recovery.flows.conftest import HOUR, NOON, put_in_cart
from tests.recovery.flows.test_services import pass_time, queued


@pytest.mark.parametrize("way", ["joined", "deleted"])
def test_a_cart_that_is_over_without_an_order_ends_its_run_and_mails(ready: Shop, way: str) -> None:
    cart = put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    assert queued() == ["reminder"]
    if way == "joined":
        checkout = {"cart_id": "", "alias": "t_1", "checkout_id": "5"}
        put_in_cart(ready, NOON + HOUR, **checkout, shopper=Shopper())
        put_in_cart(ready, NOON + 4 * HOUR, alias="t_1", checkout_id="5", shopper=Shopper())
    else:
        gone = CartVanished(cart.cart_id, "", NOON + 4 * HOUR)
        assert carts.vanish(ready, gone, at=gone.at)
    pass_time(ready, NOON + 4 * HOUR)
    run = FlowRun.objects.get(cart=cart)
    reason = {"joined": "cart_joined", "deleted": "checkout_deleted"}[way]
    assert (run.state, run.outcome) == ("finished", reason)
    assert Message.objects.get().state == "skipped"
    assert Entry.objects.filter(cart=cart, kind="left_flow", reason=reason).exists()
    if way == "joined":
        # The cart goes on under the other row, with the shopper that it got from this one.
        pass_time(ready, NOON + 30 * HOUR)
        goes_on = FlowRun.objects.exclude(cart=cart).get()
        assert (goes_on.cart.cart_id, goes_on.contact_id) == (cart.cart_id, run.contact_id)
