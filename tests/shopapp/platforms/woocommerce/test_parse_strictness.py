"""Bodies that are not what we know are Unreadable, in words; never a crash, never a guess."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from shopapp.platforms.base import OrderChanged, ProductChanged, Unreadable
from shopapp.platforms.woocommerce.parse import (
    parse_delivery,
    parse_order,
)
from tests.shopapp.platforms.woocommerce.recordings import USD, answer, delivery, with_changed

ORDER = answer("more/rest-v3/orders/block-coupon-variation-lines")


PRODUCT = answer("rest-v3/product_single")


WRONG: list[Any] = [
    None,
    True,
    -1,
    0,
    1.5,
    2**62,
    "",
    "x",
    "2026-13-45T99:00:00",
    [],
    [1],
    {},
    {"a": None},
    [{}],
    [[]],
    "0001-01-01T00:00:00+23:59",
    "9" * 40,
    "1e5",
    "NaN",
    "-",
    "<b>",
]


def _spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _spots(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _spots(item, (*path, place))


def _storable(value: Any) -> bool:
    """Return whether a database takes all of this: bounded integers, texts, UTC times."""
    if isinstance(value, dict):
        return all(_storable(item) for item in value.values())
    if isinstance(value, tuple):
        return all(_storable(item) for item in value)
    if isinstance(value, int):
        return abs(value) < 2**63
    if isinstance(value, datetime):
        return value.utcoffset() == timedelta(0)
    return value is None or (isinstance(value, str) and len(value) <= 2000)


@pytest.mark.parametrize(
    ("topic", "source", "kind"),
    [
        ("order.updated", ORDER, OrderChanged),
        ("product.updated", PRODUCT, ProductChanged),
        ("product.updated", answer("rest-v3/product_by_variation_id"), object),
        ("customer.updated", answer("rest-v3/customers")[0], object),
        ("order.deleted", {"id": 5}, object),
    ],
)
def test_any_field_may_be_missing_or_wrong_and_nothing_crashes(
    topic: str, source: Any, kind: type
) -> None:
    for path in _spots(source):
        variants = [with_changed(source, path, wrong) for wrong in WRONG]
        variants.append(with_changed(source, path, None, drop=True))
        for body in variants:
            with contextlib.suppress(Unreadable):
                assert all(_storable(asdict(event)) for event in parse_delivery(topic, body, USD))
    assert isinstance(parse_delivery(topic, source, USD)[0], kind)


@pytest.mark.parametrize(
    "field",
    [
        "id",
        "status",
        "currency",
        "total",
        "date_created_gmt",
        "date_modified_gmt",
        "billing",
        "line_items",
        "refunds",
        "meta_data",
        "customer_id",
        "date_paid_gmt",
    ],
)
def test_an_order_without_a_field_that_matters_is_unreadable(field: str) -> None:
    with pytest.raises(Unreadable):
        parse_order(with_changed(ORDER, (field,), None, drop=True), USD)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("total",), 33),
        (("total",), "33,00"),
        (("total",), "1e5"),
        (("total",), "NaN"),
        (("total",), "9" * 16),
        (("id",), "99"),
        (("id",), True),
        (("id",), 0),
        (("currency",), "usd"),
        (("currency",), "US$"),
        (("line_items", 0, "quantity"), "2"),
        (("line_items", 0, "quantity"), 0),
        (("line_items", 0, "quantity"), -1),
        (("line_items", 0, "quantity"), 2**31),
        (("line_items",), {}),
        (("date_created_gmt",), "yesterday"),
        (("billing",), "Anna"),
    ],
)
def test_an_order_with_a_wrong_value_is_unreadable(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Unreadable):
        parse_order(with_changed(ORDER, path, value), USD)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]x",
        b"null",
        b"[1]",
        b'"x"',
        b"\xff",
        b"[" * 100_000,
        b'{"id": 1, "id": 2}',
        b'{"id": "\\u0000"}',
        b" " * (2 * 1024 * 1024) + b"{}",
        b"{}",
    ],
)
@pytest.mark.parametrize("topic", ["order.updated", "order.deleted", "product.created"])
def test_a_body_that_is_no_good_json_is_unreadable(topic: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_delivery(topic, body, USD)


def test_a_truncated_delivery_is_unreadable_wherever_it_breaks_off() -> None:
    one = delivery("webhooks/order.updated-1")
    for end in range(0, len(one.body), 97):
        with pytest.raises(Unreadable):
            parse_delivery(one.topic, one.body[:end], USD)


@pytest.mark.parametrize(
    "topic", ["", "order", "order.", "order.exploded", ".updated", "cart.updated", "action.x"]
)
def test_a_topic_that_we_did_not_ask_for_is_unreadable(topic: str) -> None:
    with pytest.raises(Unreadable, match="did not ask for"):
        parse_delivery(topic, ORDER, USD)


def _meta(**values: Any) -> Any:
    rows = [{"id": 1, "key": key, "value": value} for key, value in values.items()]
    return with_changed(ORDER, ("meta_data",), rows)


UTM = "_wc_order_attribution_utm_"


@pytest.mark.parametrize(
    ("meta", "cart_id", "click_ref"),
    [
        ({}, "", ""),
        ({"_rebasket_cart_id": "a" * 32, "_rebasket_click": "ref-1_X"}, "a" * 32, "ref-1_X"),
        ({f"{UTM}source": "rebasket", f"{UTM}content": "tok123"}, "", "tok123"),
        ({f"{UTM}source": "newsletter", f"{UTM}content": "tok123"}, "", ""),
        ({f"{UTM}content": "tok123"}, "", ""),
        (
            {"_rebasket_click": "mine", f"{UTM}source": "rebasket", f"{UTM}content": "theirs"},
            "",
            "mine",
        ),
        ({"_rebasket_cart_id": "A" * 32, "_rebasket_click": "<b>"}, "", ""),
        ({"_rebasket_cart_id": ["a" * 32], "_rebasket_click": {"x": 1}}, "", ""),
        ({"_rebasket_cart_id": "a" * 32 + "\n", "_rebasket_click": "x" * 65}, "", ""),
    ],
)
def test_cart_and_click_are_read_from_the_orders_meta(
    meta: dict[str, Any], cart_id: str, click_ref: str
) -> None:
    order = parse_order(_meta(**meta), USD)
    assert (order.cart_id, order.click_ref) == (cart_id, click_ref)


def test_the_recorded_bodies_hold_nothing_that_json_cannot_say_twice() -> None:
    one = delivery("webhooks/order.updated-1")
    assert parse_delivery(one.topic, one.body, USD) == parse_delivery(
        one.topic, json.loads(one.body), USD
    )
