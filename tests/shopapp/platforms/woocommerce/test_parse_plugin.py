"""The plugin's reports, as docs/wire.md writes them, become carts, orders and clicks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shopapp.kit.money import Money
from shopapp.platforms.base import (
    AppUninstalled,
    CartChanged,
    ConsentGiven,
    Line,
    LinkFollowed,
    OrderChanged,
    Shopper,
    Unreadable,
)
from shopapp.platforms.woocommerce.parse import parse_plugin, read_envelope
from tests.shopapp.platforms.woocommerce.recordings import USD, answer

AT = datetime(2026, 11, 22, 15, 40, 44, 123000, tzinfo=UTC)
CART_ID = "0123456789abcdef" * 2
CART: dict[str, Any] = {
    "cart_id": CART_ID,
    "session_alias": "t_5f",
    "visitor_id": "",
    "stage": "checkout",
    "currency": "EUR",
    "decimals": 2,
    "total_minor": 4990,
    "lines": [
        {
            "key": "k",
            "product_id": 12,
            "variation_id": 34,
            "quantity": 2,
            "name": "Wool &amp; <b>runner</b>",
            "attributes": {"Size": "42"},
            "total_minor": 4990,
            "sku": "",
            "image": "https://shop.example/a.jpg",
            "url": "https://shop.example/a/",
        }
    ],
    "coupons": ["welcome10"],
    "shopper": {
        "customer_id": 5,
        "email": "anna@example.se",
        "email_source": "account",
        "first_name": "Anna",
        "last_name": "Bergström",
        "phone": "070-123 45 67",
        "country": "SE",
        "locale": "sv_SE",
        "consent": {
            "given": True,
            "wording": "Påminn mig",
            "version": "2026-11-1",
            "at": "2026-11-22T15:40:00Z",
        },
    },
    "click_ref": "ref-1",
}
UNKNOWN = dict.fromkeys(CART["shopper"])


def _report(kind: str, data: Any, **others: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "event_id": "0b8d3a52-6c1e-4f5a-9d6e-3f1c2b4a5d6e",
        "type": kind,
        "changed_at": "2026-11-22T15:40:44.123Z",
        "revision": 3,
        "data": data,
        **others,
    }


def _cart(**changes: Any) -> Any:
    (event,) = parse_plugin(_report("cart.changed", {**CART, **changes}), USD)
    return event


def test_a_cart_means_all_of_this() -> None:
    assert _cart() == CartChanged(
        cart_id=CART_ID,
        changed_at=AT,
        revision=3,
        stage="checkout",
        lines=(
            Line(
                product_id="12",
                variant_id="34",
                quantity=2,
                name="Wool & runner",
                attributes=(("Size", "42"),),
                total=Money(4990, "EUR", 2),
                image_url="https://shop.example/a.jpg",
                url="https://shop.example/a/",
            ),
        ),
        total=Money(4990, "EUR", 2),
        shopper=Shopper(
            customer_id="5",
            email="anna@example.se",
            email_source="account",
            phone="+46701234567",
            first_name="Anna",
            last_name="Bergström",
            country="SE",
            locale="sv_SE",
            consent=ConsentGiven(
                given=True,
                wording="Påminn mig",
                version="2026-11-1",
                language="sv_SE",
                at=datetime(2026, 11, 22, 15, 40, tzinfo=UTC),
                source="checkout",
            ),
        ),
        source="plugin",
        alias="t_5f",
        coupons=("welcome10",),
        click_ref="ref-1",
    )


def test_an_unknown_shopper_is_empty() -> None:
    assert _cart(shopper=UNKNOWN).shopper == Shopper()
    assert _cart(shopper=None).shopper == Shopper()
    assert _cart(shopper={**UNKNOWN, "customer_id": 0}).shopper == Shopper()


def test_an_emptied_cart_has_no_lines() -> None:
    cart = _cart(lines=[], total_minor=0)
    assert (cart.lines, cart.total) == ((), Money(0, "EUR", 2))


def test_a_simple_product_has_no_variant() -> None:
    line = {**CART["lines"][0], "variation_id": 0}
    assert _cart(lines=[line]).lines[0].variant_id == ""


def test_php_writes_an_empty_object_as_a_list() -> None:
    line = {**CART["lines"][0], "attributes": []}
    assert _cart(lines=[line], shopper=[]).lines[0].attributes == ()


def test_decimals_follow_the_shop_and_not_the_currency() -> None:
    assert _cart(currency="JPY", decimals=2).total == Money(4990, "JPY", 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"cart_id": ""},
        {"cart_id": "A" * 32},
        {"cart_id": CART_ID + "\n"},
        {"cart_id": 5},
        {"stage": "paid"},
        {"currency": "euro"},
        {"decimals": 9},
        {"decimals": "2"},
        {"total_minor": "4990"},
        {"total_minor": 49.9},
        {"total_minor": None},
        {"total_minor": 2**60},
        {"lines": {"a": 1}},
        {"lines": [{}]},
        {"lines": [5]},
        {"lines": [{**CART["lines"][0], "quantity": 0}]},
        {"lines": [{**CART["lines"][0], "product_id": 0}]},
        {"lines": [{**CART["lines"][0], "variation_id": -1}]},
        {"lines": [CART["lines"][0]] * 501},
        {"coupons": "welcome10"},
        {"shopper": "Anna"},
        {"shopper": {**UNKNOWN, "email_source": "popup"}},
        {"shopper": {**UNKNOWN, "email": ["a@b.se"]}},
        {"shopper": {**UNKNOWN, "customer_id": "5"}},
        {"shopper": {**UNKNOWN, "consent": {"given": "yes"}}},
        {"shopper": {**UNKNOWN, "consent": {"given": True, "at": "2026-11-22T15:40:00"}}},
    ],
)
def test_a_cart_with_a_wrong_value_is_unreadable(changes: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"\w"):
        _cart(**changes)


def test_an_order_report_carries_the_order_and_the_reports_own_cart() -> None:
    order = answer("recovery/order_94")
    report = _report("order.placed", {"cart_id": CART_ID, "click_ref": "ref", "order": order})
    (event,) = parse_plugin(report, USD)
    assert isinstance(event, OrderChanged)
    assert (event.order_id, event.cart_id, event.click_ref) == ("94", CART_ID, "ref")
    assert (event.stage, event.total, event.revision) == ("placed", Money(1760, "USD", 2), 3)


def test_the_orders_own_meta_comes_before_the_report() -> None:
    meta = [
        {"key": "_rebasket_cart_id", "value": "f" * 32},
        {"key": "_rebasket_click", "value": "m"},
    ]
    order = {**answer("recovery/order_94"), "meta_data": meta}
    report = _report("order.placed", {"cart_id": CART_ID, "click_ref": "ref", "order": order})
    (event,) = parse_plugin(report, USD)
    assert isinstance(event, OrderChanged)
    assert (event.cart_id, event.click_ref) == ("f" * 32, "m")


def test_a_followed_link_and_a_stopped_plugin_are_told() -> None:
    link = _report("link.followed", {"click_ref": "ref", "cart_id": CART_ID})
    assert parse_plugin(link, USD) == (LinkFollowed("ref", CART_ID, AT),)
    assert parse_plugin(_report("plugin.stopped", {}), USD) == (AppUninstalled(AT),)
    assert parse_plugin(_report("plugin.stopped", []), USD) == (AppUninstalled(AT),)


@pytest.mark.parametrize(
    "report",
    [
        _report("cart.exploded", {}),
        _report("cart.changed", CART, schema=2),
        _report("cart.changed", CART, schema=True),
        _report("cart.changed", CART, event_id="7"),
        _report("cart.changed", CART, revision=-1),
        _report("cart.changed", CART, revision=2**31),
        _report("cart.changed", CART, changed_at="2026-11-22T15:40:44"),
        _report("cart.changed", CART, changed_at=1795361390),
        _report("cart.changed", "x"),
        _report("order.placed", {"order": {}}),
        _report("order.placed", {}),
        _report("link.followed", {"click_ref": "", "cart_id": CART_ID}),
        {},
        [],
        None,
    ],
)
def test_a_report_that_we_do_not_know_is_unreadable(report: Any) -> None:
    with pytest.raises(Unreadable, match=r"\w"):
        parse_plugin(report, USD)


def test_the_envelope_is_read_from_the_raw_body() -> None:
    body = json.dumps(_report("cart.changed", CART)).encode()
    envelope = read_envelope(body)
    assert envelope.event_id == "0b8d3a52-6c1e-4f5a-9d6e-3f1c2b4a5d6e"
    assert (envelope.kind, envelope.changed_at, envelope.revision) == ("cart.changed", AT, 3)
    assert parse_plugin(envelope, USD) == parse_plugin(body, USD) == (_cart(),)
