"""What a cart is worth where no total is stated, its pictures, and what strangers are called."""

from __future__ import annotations

import pytest

from recovery.carts.models import CartLine
from recovery.casework import items
from recovery.casework.drawer import shopper_name
from shopapp.kit.money import Money
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.recovery.messaging import scene

pytestmark = pytest.mark.django_db


def test_a_cart_without_a_total_is_worth_its_lines(shop: Shop) -> None:
    with access.scope(shop):
        cart = scene.make_cart(shop, None, ("1", "", 1), ("2", "", 2))
        assert items.worth(cart) == Money(199998, shop.currency, shop.decimals)
        assert items.worth_note(cart) == "before delivery"


def test_the_stores_own_total_comes_first(shop: Shop) -> None:
    with access.scope(shop):
        cart = scene.make_cart(shop, None, ("1", "", 1), total_minor=105000)
        assert items.worth(cart) == Money(105000, shop.currency, shop.decimals)
        assert items.worth_note(cart) == "with delivery, taxes and discounts"


def test_a_line_without_a_price_leaves_the_worth_unknown(shop: Shop) -> None:
    with access.scope(shop):
        cart = scene.make_cart(shop, None, ("1", "", 1), ("2", "", 1))
        CartLine.objects.filter(cart=cart, position=1).update(total_minor=None)
        assert items.worth(cart) is None
        assert items.worth_note(cart) == ""


def test_a_picture_that_the_news_lacks_comes_from_the_catalog(shop: Shop) -> None:
    with access.scope(shop):
        product = scene.make_product(shop, "1", "Cup", image_url="https://shop.example/cup.jpg")
        cart = scene.make_cart(shop, None, (product.platform_id, "", 1), ("unknown", "", 1))
        assert [line["image"] for line in items.shown(cart)] == ["https://shop.example/cup.jpg", ""]


def test_strangers_whose_carts_begin_alike_are_told_apart(shop: Shop) -> None:
    with access.scope(shop):
        one = scene.make_cart(shop, None, cart_id="Z2NwLWV1cm9wZS13ZXN0AAAA")
        other = scene.make_cart(shop, None, cart_id="Z2NwLWV1cm9wZS13ZXN0BBBB")
        assert shopper_name(one) != shopper_name(other)
