"""Orders as the store tells them, and whether one stands in a recovery's way."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from recovery.carts.models import Cart
from recovery.contacts.models import Contact
from recovery.orders import services
from recovery.orders.models import Order
from recovery.orders.selectors import standing_order
from shopapp.kit.money import Money
from shopapp.platforms.base import Line, OrderChanged, Shopper
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

LATER = MORNING + timedelta(hours=1)
EARLIER = MORNING - timedelta(hours=1)
Scope = AbstractContextManager[None]
ANNA = Shopper(
    customer_id="5", email="Anna.Berg+shop@gmail.com", phone="+46701234567", first_name="Anna"
)


def order(**changes: Any) -> OrderChanged:
    """Return an order as the store tells it."""
    fields: dict[str, Any] = {
        "order_id": "99",
        "number": "99",
        "status": "processing",
        "stage": "placed",
        "placed_at": MORNING,
        "changed_at": MORNING,
        "total": Money(3300, "EUR", 2),
        "refunded": Money(0, "EUR", 2),
        "lines": (Line("12", "12", 2, "Mug", (("Size", "S"),), Money(2800, "EUR", 2)),),
        "shopper": ANNA,
    }
    return OrderChanged(**(fields | changes))


def _cart(shop: Shop, **changes: Any) -> Cart:
    fields: dict[str, Any] = {
        "cart_id": "c" * 32,
        "signed": True,
        "currency": "EUR",
        "decimals": 2,
        "changed_at": MORNING,
        "content_hash": "",
        "started_at": MORNING,
    }
    made: Cart = Cart.objects.create(shop=shop, **(fields | changes))
    return made


def _asked(shop: Shop, cart: Cart, contact: Contact | None = None, key: str = "") -> Order | None:
    return standing_order(shop, cart=cart, contact=contact, address_key=key, since=cart.started_at)


def test_every_field_of_an_order_is_kept(shop: Shop, in_shop: Scope) -> None:
    recorded = services.record(shop, order(refunded=Money(500, "EUR", 2)), at=LATER)
    row = Order.objects.get()
    assert recorded == services.Recorded(row, changed=True)
    assert (row.number, row.status, row.stage) == ("99", "processing", "placed")
    assert (row.total, row.refunded_minor) == (Money(3300, "EUR", 2), 500)
    assert (row.email, row.address_key) == ("Anna.Berg+shop@gmail.com", "annaberg@gmail.com")
    assert (row.customer_id, row.phone, row.first_name) == ("5", "+46701234567", "Anna")
    assert row.lines == [
        {
            "product_id": "12",
            "variant_id": "12",
            "quantity": 2,
            "name": "Mug",
            "attributes": [["Size", "S"]],
            "total_minor": 2800,
            "image_url": "",
            "url": "",
            "sku": "",
        }
    ]


def test_what_is_no_order_keeps_nobodys_data(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(status="checkout-draft", stage="none"), at=LATER)
    row = Order.objects.get()
    assert (row.email, row.address_key, row.phone, row.customer_id) == ("", "", "", "")


def test_an_order_back_from_the_trash_has_its_shopper_again(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(), at=LATER)
    services.record(shop, order(status="trash", stage="none", changed_at=LATER), at=LATER)
    back = order(changed_at=LATER + timedelta(seconds=2))
    assert services.record(shop, back, at=LATER).changed
    assert Order.objects.get().address_key == "annaberg@gmail.com"


def test_late_news_still_tells_which_cart_the_order_came_from(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(changed_at=LATER), at=LATER)
    late = services.record(shop, order(cart_id="c" * 32, click_ref="r1"), at=LATER)
    assert late.changed
    services.record(shop, order(changed_at=LATER + timedelta(seconds=1)), at=LATER)
    row = Order.objects.get()
    assert (row.cart_id, row.click_ref, row.doubtful_since) == ("c" * 32, "r1", None)


def test_the_plugins_and_the_webhooks_word_of_one_moment_do_not_clash(
    shop: Shop, in_shop: Scope
) -> None:
    services.record(shop, order(cart_id="c" * 32, revision=1), at=LATER)
    assert not services.record(shop, order(), at=LATER).changed
    assert Order.objects.get().doubtful_since is None


@pytest.mark.parametrize(
    ("cart", "told"),
    [
        ({}, {"cart_id": "c" * 32, "shopper": Shopper(), "placed_at": EARLIER}),
        ({"alias": "t_1"}, {"checkout_token": "t_1", "shopper": Shopper()}),
        ({"customer_id": "5"}, {"shopper": Shopper(customer_id="5")}),
    ],
)
def test_an_order_stands_by_any_name_of_its_cart(
    shop: Shop, in_shop: Scope, cart: dict[str, Any], told: dict[str, Any]
) -> None:
    services.record(shop, order(**told), at=LATER)
    found = _asked(shop, _cart(shop, **cart))
    assert found is not None
    assert found.number == "99"


def _contact(shop: Shop, **changes: Any) -> Contact:
    fields: dict[str, Any] = {
        "email": "annaberg@googlemail.com",
        "address_key": "annaberg@gmail.com",
        "evidence": Contact.Evidence.SIGNED,
        "created_at": MORNING,
    }
    made: Contact = Contact.objects.create(shop=shop, **(fields | changes))
    return made


@pytest.mark.parametrize(
    "contact",
    [{}, {"address_key": "x@y.example", "phone": "+46701234567"},
     {"address_key": "x@y.example", "customer_id": "5"}],
)  # fmt: skip
def test_an_order_stands_by_any_name_of_its_shopper(
    shop: Shop, in_shop: Scope, contact: dict[str, Any]
) -> None:
    services.record(shop, order(), at=LATER)
    assert _asked(shop, _cart(shop), _contact(shop, **contact))


def test_an_order_from_before_the_cart_is_another_story(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(placed_at=EARLIER), at=LATER)
    assert _asked(shop, _cart(shop), _contact(shop), "annaberg@gmail.com") is None


def test_empty_names_match_nothing(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(shopper=Shopper()), at=LATER)
    assert _asked(shop, _cart(shop)) is None


@pytest.mark.parametrize("stage", ["failed", "cancelled", "none"])
def test_what_failed_or_was_cancelled_does_not_stand(
    shop: Shop, in_shop: Scope, stage: str
) -> None:
    services.record(shop, order(cart_id="c" * 32, stage=stage), at=LATER)
    assert _asked(shop, _cart(shop)) is None


def test_a_placed_order_counts_before_a_pending_one(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(cart_id="c" * 32), at=LATER)
    pending = order(order_id="100", number="100", stage="pending", placed_at=LATER)
    services.record(shop, pending, at=LATER)
    found = _asked(shop, _cart(shop), None, "annaberg@gmail.com")
    assert found is not None
    assert found.stage == "placed"


def test_a_pending_order_alone_is_told_so_that_it_holds(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(cart_id="c" * 32, stage="pending"), at=LATER)
    found = _asked(shop, _cart(shop))
    assert found is not None
    assert found.stage == "pending"


def test_a_vanished_order_stands_no_more(shop: Shop, in_shop: Scope) -> None:
    services.record(shop, order(cart_id="c" * 32), at=LATER)
    Order.objects.update(vanished_at=LATER)
    assert _asked(shop, _cart(shop)) is None


def test_another_shops_order_never_stands(shop: Shop, other_shop: Shop) -> None:
    with access.scope(other_shop):
        services.record(other_shop, order(cart_id="c" * 32), at=LATER)
    with access.scope(shop):
        assert _asked(shop, _cart(shop), None, "annaberg@gmail.com") is None
