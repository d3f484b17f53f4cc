"""Lines of a bulk file become things with their parts, wherever the file is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapp.platforms.connector import Kind
from shopapp.platforms.shopify.bulk_lines import Disordered, things


def _line(kind: str, number: int, parent: str = "", **values: Any) -> dict[str, Any]:
    line = {"id": f"gid://shopify/{kind}/{number}", **values}
    return line | ({"__parentId": parent} if parent else {})


def _written(*lines: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


ORDERS = _written(
    _line("Order", 1, name="#1001"),
    _line("LineItem", 11, "gid://shopify/Order/1", title="Tea"),
    _line("LineItem", 12, "gid://shopify/Order/1", title="Tasse “bleue”"),
    _line("Order", 2, name="#1002"),
    _line("Order", 3, name="#1003"),
    _line("LineItem", 31, "gid://shopify/Order/3", title="紅茶"),
)
PRODUCTS = _written(
    _line("Product", 1),
    _line("ProductVariant", 11, "gid://shopify/Product/1"),
    _line("MediaImage", 5, "gid://shopify/ProductVariant/11", preview={"image": {"url": "u"}}),
    _line("ProductVariant", 12, "gid://shopify/Product/1"),
    _line("MediaImage", 5, "gid://shopify/ProductVariant/12", preview={"image": {"url": "u"}}),
    _line("Collection", 7, "gid://shopify/Product/1"),
    _line("Product", 2),
    _line("Collection", 7, "gid://shopify/Product/2"),
)


def _whole(kind: Kind, content: bytes) -> list[Any]:
    found, read = things(kind, content, is_end=True)
    assert read == len(content)
    return found


def test_orders_have_their_lines() -> None:
    first, second, third = _whole("orders", ORDERS)
    assert [line["title"] for line in first["lineItems"]["nodes"]] == ["Tea", "Tasse “bleue”"]
    assert second == {
        "id": "gid://shopify/Order/2",
        "name": "#1002",
        "lineItems": {"nodes": []},
    }
    assert [line["title"] for line in third["lineItems"]["nodes"]] == ["紅茶"]
    assert "__parentId" not in json.dumps([first, second, third])


def test_products_have_variants_with_their_pictures_and_collections() -> None:
    first, second = _whole("products", PRODUCTS)
    variants = first["variants"]["nodes"]
    assert [one["id"].rpartition("/")[2] for one in variants] == ["11", "12"]
    assert [len(one["media"]["nodes"]) for one in variants] == [1, 1]
    collection = {"id": "gid://shopify/Collection/7"}
    assert first["collections"] == second["collections"] == {"nodes": [collection]}
    assert second["variants"] == {"nodes": []}


def test_customers_have_no_parts() -> None:
    (customer,) = _whole("customers", _written(_line("Customer", 1, firstName="Ann")))
    assert customer == {"id": "gid://shopify/Customer/1", "firstName": "Ann"}


def test_the_last_line_may_lack_its_end() -> None:
    assert len(_whole("orders", ORDERS.rstrip())) == 3


@given(st.integers(1, len(ORDERS)), st.sampled_from([("orders", ORDERS), ("products", PRODUCTS)]))
def test_parts_of_any_size_give_the_same_things_once(size: int, told: tuple[Kind, bytes]) -> None:
    """Read ``size`` bytes at a time, twice as many where no whole thing is among them."""
    kind, content = told
    found, offset, wanted = [], 0, size
    while offset < len(content):
        is_end = offset + wanted >= len(content)
        more, read = things(kind, content[offset : offset + wanted], is_end=is_end)
        found += more
        wanted = size if read else 2 * wanted
        offset += read
    assert found == _whole(kind, content)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>gone</html>\n",
        b"[]\n",
        _written(_line("LineItem", 11, "gid://shopify/Order/1")),
        _written(_line("Order", 1), _line("LineItem", 11, "gid://shopify/Order/2")),
        _written(_line("Order", 1), {"id": "x", "__parentId": 5}),
        _written(_line("Order", 1), _line("Order", 2))[:-20] + b"\n" + _written(_line("Order", 3)),
    ],
)
def test_a_file_that_is_in_disorder_is_not_used(content: bytes) -> None:
    with pytest.raises(Disordered):
        things("orders", content, is_end=True)
