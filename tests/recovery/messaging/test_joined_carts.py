"""A mail that a shopper asked for follows its cart when that is joined with another."""

from __future__ import annotations

from recovery.carts.models import Cart
from recovery.messaging.awaiting import join_cart
from recovery.messaging.models import Message
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging.scene import Mailed


def test_what_a_shopper_asked_for_is_about_the_cart_that_goes_on(
    shop: Shop, mailed: Mailed
) -> None:
    with access.scope(shop):
        message = Message.objects.select_related("cart").get(pk=mailed[0].pk)
        joined = message.cart
        assert joined is not None
        goes_on = Cart.objects.create(
            shop=shop, cart_id=joined.cart_id, generation=joined.generation + 1, signed=True,
            currency="EUR", decimals=2, changed_at=MORNING, started_at=MORNING, content_hash="",
        )  # fmt: skip
        assert not join_cart(message, at=MORNING)
        joined.state = Cart.State.MERGED
        joined.save()
        # A flow's mail stays with its run, which is over; one that was asked for goes on.
        message.kind = Message.Kind.FLOW
        assert not join_cart(message, at=MORNING)
        message.kind = Message.Kind.MY_CART
        assert join_cart(message, at=MORNING)
        assert Message.objects.get(pk=message.pk).cart_id == goes_on.pk
