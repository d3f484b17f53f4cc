"""Shoppers who ask for their cart before the platform has told us of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from recovery.carts import services as carts
from recovery.carts.models import Cart, Entry
from recovery.catalog import services as catalog
from recovery.messaging import delivery
from recovery.messaging.models import Message, Sender
from shopapp.kit import clock
from shopapp.kit.money import Money
from shopapp.platforms.base import CartChanged, Line, ProductChanged, Shopper, VariantState
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.widgets.doors import capture, post, report
from tests.widgets.shopify import OTHER_HOST, TOKEN, shopify_shop

__all__ = ["shopify_shop"]


@pytest.fixture
def sending_shop(shopify_shop: Shop) -> Shop:
    """Return a shop that could send at once."""
    Shop.objects.update(orders_read_at=clock.now())
    with access.scope(shopify_shop):
        Sender.objects.create(
            shop=shopify_shop, email="hello@almgrenvik.example", legal_address="Malmö"
        )
        catalog.record_product(shopify_shop, _ware(), at=MORNING)
    shopify_shop.refresh_from_db()
    return shopify_shop


def _ware() -> ProductChanged:
    price = Money(9900, "EUR", 2)
    variant = VariantState("49", "12", "Wool runner", (), price, price, True, 3)
    return ProductChanged(
        product_id="12",
        name="Wool runner",
        url="https://almgrenvik.example/products/wool-runner",
        image_url="",
        published=True,
        kind="simple",
        price=price,
        regular_price=price,
        available=True,
        stock=3,
        category_ids=(),
        changed_at=MORNING,
        variants=(variant,),
        variant_ids=("49",),
    )


def _tell_cart(shop: Shop, *, at: datetime) -> Cart:
    line = Line("12", "49", 1, "Wool runner", (), Money(9900, "EUR", 2))
    event = CartChanged(TOKEN, at, 1, "cart", (line,), None, Shopper(), "platform")
    with access.scope(shop):
        cart = carts.record_change(shop, event, at=at)
    assert cart is not None
    return cart


def _message(shop: Shop) -> Message:
    with access.scope(shop):
        return Message.objects.select_related("cart").get()


def test_the_mail_waits_for_its_cart_and_then_goes(client: Client, sending_shop: Shop) -> None:
    assert capture(client, sending_shop, cart_id=TOKEN).status_code == 202
    at = clock.now()
    delivery.prepare_due(sending_shop, at=at)
    waiting = _message(sending_shop)
    assert (waiting.state, waiting.reason, waiting.cart) == ("queued", "cart_not_told", None)
    assert timedelta(0) < waiting.due_at - at <= timedelta(minutes=1)
    cart = _tell_cart(sending_shop, at=at)
    delivery.prepare_due(sending_shop, at=waiting.due_at)
    ready = _message(sending_shop)
    assert (ready.cart, ready.reason) == (cart, "")
    assert ready.state == "prepared"
    with access.scope(sending_shop):
        assert Entry.objects.filter(cart=cart, kind="asked_for_cart").count() == 1


def test_it_looks_ever_more_rarely_and_gives_up_after_half_a_day(
    client: Client, sending_shop: Shop
) -> None:
    capture(client, sending_shop, cart_id=TOKEN)
    looks = 0
    while (message := _message(sending_shop)).state == "queued":
        Shop.objects.update(orders_read_at=message.due_at)
        delivery.prepare_due(sending_shop, at=message.due_at)
        looks += 1
    assert looks < 16
    assert (message.state, message.reason) == ("skipped", "too_late_cart_not_told")
    assert message.cart is None


def test_a_second_ask_for_the_same_cart_is_one_mail(client: Client, sending_shop: Shop) -> None:
    capture(client, sending_shop, cart_id=TOKEN)
    _tell_cart(sending_shop, at=clock.now())
    capture(client, sending_shop, cart_id=TOKEN)
    delivery.prepare_due(sending_shop, at=clock.now())
    assert _message(sending_shop).state == "prepared"


def test_another_shops_cart_is_never_the_awaited_one(client: Client, sending_shop: Shop) -> None:
    _tell_cart(Shop.objects.get(host=OTHER_HOST), at=clock.now())
    capture(client, sending_shop, cart_id=TOKEN)
    delivery.prepare_due(sending_shop, at=clock.now())
    assert _message(sending_shop).reason == "cart_not_told"


def test_a_known_cart_is_not_waited_for(client: Client, sending_shop: Shop) -> None:
    cart = _tell_cart(sending_shop, at=clock.now())
    capture(client, sending_shop, cart_id=TOKEN)
    assert _message(sending_shop).cart == cart


def test_no_browser_speaks_for_the_carts_of_a_platform_that_tells_of_them(
    client: Client, sending_shop: Shop
) -> None:
    assert report(client, sending_shop).status_code == 400
    config = client.get(f"/w/{sending_shop.public_id}/config.json").json()
    assert config["reported"] is True


@pytest.mark.parametrize("cart_id", ["", "a b", "x" * 65, f"{TOKEN}?key=0f", "a/../b", "ü" * 8])
def test_what_is_no_carts_id_is_refused(client: Client, sending_shop: Shop, cart_id: str) -> None:
    assert capture(client, sending_shop, cart_id=cart_id).status_code == 400
    with access.scope(sending_shop):
        assert not Message.objects.exists()


def test_a_landing_may_name_such_a_cart(client: Client, sending_shop: Shop) -> None:
    landing = {"click_ref": "Ab3dEf6hIj9_", "cart_id": TOKEN}
    assert post(client, sending_shop, "landings", **landing).status_code == 202
