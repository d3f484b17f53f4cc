"""Carts reported by pages without the plugin: ids and quantities, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from recovery.carts.models import Cart
from recovery.catalog import services as catalog
from shopapp.kit.money import Money
from shopapp.platforms.base import (
    ProductChanged,
    VariantChanged,
    VariantState,
)
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.widgets.doors import report


@pytest.fixture
def plain_shop(shop: Shop, other_shop: Shop) -> Shop:
    """Return a shop without the plugin, with one product in its catalog; another beside it."""
    Shop.objects.filter(pk=shop.pk).update(plugin_version="")
    shop.refresh_from_db()
    with access.scope(shop):
        catalog.record_product(shop, _product(), at=MORNING)
    return shop


def _product() -> ProductChanged:
    return ProductChanged(
        product_id="12",
        name="Wool runner",
        url="https://shop.example/p/12",
        image_url="",
        published=True,
        kind="simple",
        price=Money(9900, "EUR", 2),
        regular_price=Money(9900, "EUR", 2),
        available=True,
        stock=3,
        category_ids=(),
        changed_at=MORNING,
    )


def test_a_page_without_the_plugin_reports_ids_and_gets_our_own_names(
    client: Client, plain_shop: Shop
) -> None:
    assert report(client, plain_shop).status_code == 202
    with access.scope(plain_shop):
        cart = Cart.objects.get()
        assert [line.name for line in cart.lines.all()] == ["Wool runner"]
        assert (cart.signed, cart.total_minor, cart.quantity) == (False, None, 2)


@pytest.mark.parametrize("product_id", [48, 49])
def test_a_variant_is_shown_as_its_product_with_its_options(
    client: Client, plain_shop: Shop, product_id: int
) -> None:
    price = Money(4900, "EUR", 2)
    variant = VariantState(
        "49", "48", "S, Fjord", (("Size", "S"), ("Colour", "Fjord")), price, price, True, 3
    )
    with access.scope(plain_shop):
        catalog.record_product(
            plain_shop,
            replace(_product(), product_id="48", name="Sweater", kind="variable"),
            at=MORNING,
        )
        catalog.record_variant(plain_shop, VariantChanged(variant, MORNING), at=MORNING)
    # Where the store's page does not tell the product, the variant's id stands in both places.
    report(client, plain_shop, lines=[[product_id, 49, 1]])
    with access.scope(plain_shop):
        line = Cart.objects.get().lines.get()
        assert (line.name, line.product_id, line.variant_id) == ("Sweater", "48", "49")
        assert line.attributes == [["Size", "S"], ["Colour", "Fjord"]]
        assert line.total_minor == 4900


def test_unknown_products_do_not_become_lines(client: Client, plain_shop: Shop) -> None:
    report(client, plain_shop, lines=[[12, 0, 1], [999, 0, 1]])
    with access.scope(plain_shop):
        assert Cart.objects.get().lines.count() == 1


def test_a_browser_cannot_speak_for_a_shop_with_the_plugin(client: Client, shop: Shop) -> None:
    answer = report(client, shop)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [[12, 0, "2"]]},
        {"lines": [[12, 0, 0]]},
        {"lines": [[12, 0, -1]]},
        {"lines": [[12, 0, 1, "text"]]},
        {"lines": [[12, 0, 1]] * 101},
        {"cart_id": "short"},
        {"cart_id": "A" * 32},
        {"changed_at": "yesterday"},
        {"changed_at": "2026-11-23T10:00:00"},
        {"stage": "paid"},
        {"name": "<b>free text</b>"},
        {"schema": 2},
        {"revision": 2**70},
    ],
)
def test_anything_but_ids_and_quantities_is_refused(
    client: Client, plain_shop: Shop, changes: dict[str, Any]
) -> None:
    answer = report(client, plain_shop, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    with access.scope(plain_shop):
        assert not Cart.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"schema": NaN}', b"[" * 5000, b"\xff", b"x" * 20_000, b"\x00"]
)
def test_damaged_bodies_are_refused_in_the_one_shape(
    client: Client, plain_shop: Shop, body: bytes
) -> None:
    address = f"/w/{plain_shop.public_id}/carts"
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]) <= {"code", "message", "fields"}


def test_the_future_does_not_shut_out_later_news(client: Client, plain_shop: Shop) -> None:
    report(client, plain_shop, changed_at="2099-01-01T00:00:00Z")
    with access.scope(plain_shop):
        assert Cart.objects.get().changed_at.year < 2099
