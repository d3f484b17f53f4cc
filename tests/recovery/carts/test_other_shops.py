"""Names are a shop's own: the same ones in another shop are another cart."""

from __future__ import annotations

from datetime import timedelta

from recovery.carts import services
from recovery.carts.models import Cart
from shopapp.platforms.base import CartVanished, Shopper
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.recovery.carts.test_services import NOON, record
from tests.recovery.carts.test_two_names import (
    CHECKOUT,
    TOKEN,
    cart_news,
    checkout_news,
    listed_news,
)

LATER = NOON + timedelta(hours=1)


def test_equal_names_in_another_shop_are_other_carts(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop):
        record(shop, cart_news())
    with access.scope(other_shop):
        beda = Shopper(email="beda@example.se")
        record(other_shop, listed_news(1, shopper=beda))
        record(other_shop, checkout_news(2, shopper=beda))
        assert Cart.objects.get().state == "open"
        services.vanish(other_shop, CartVanished(TOKEN, CHECKOUT, LATER), at=LATER)
        assert Cart.objects.get().state == "lost"
    with access.scope(shop):
        cart = Cart.objects.get()
    assert (cart.state, cart.alias, cart.contact) == ("open", "", None)
