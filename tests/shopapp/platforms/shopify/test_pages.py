"""Pages come in the order of ids, follow the greatest id read, and hold every thing whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import NotFound, StoreUnavailable
from shopapp.platforms.connector import Kind, Where
from tests.shopapp.platforms.shopify.admin import Pauses, shopify

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 23, 9, 50, tzinfo=UTC)
BACK_TO = datetime(2026, 8, 25, 10, 0, tzinfo=UTC)
OPERATIONS: dict[Kind, tuple[str, str]] = {
    "categories": ("Collections", "collections"),
    "products": ("Products", "products"),
    "customers": ("Customers", "customers"),
    "orders": ("Orders", "orders"),
    "checkouts": ("Checkouts", "abandonedCheckouts"),
}
TYPES: dict[Kind, str] = {
    "categories": "Collection",
    "products": "Product",
    "customers": "Customer",
    "orders": "Order",
    "checkouts": "AbandonedCheckout",
}


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _node(kind: Kind, number: int) -> dict[str, Any]:
    nothing = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    parts = {"products": ("variants", "collections"), "orders": ("lineItems",)}
    named = parts.get(kind, ("lineItems",) if kind == "checkouts" else ())
    return {"id": f"gid://shopify/{TYPES[kind]}/{number}"} | dict.fromkeys(named, nothing)


def _shop(kind: Kind, numbers: list[int]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A list that answers two at a time, as the filter asks."""

    def answer(variables: dict[str, Any]) -> dict[str, Any]:
        after = re.search(r"id:>([0-9]+)", variables["query"])
        left = [one for one in sorted(numbers) if one > int(after[1] if after else 0)]
        page = {"hasNextPage": len(left) > 2, "endCursor": None}
        nodes = [_node(kind, one) for one in left[:2]]
        return {OPERATIONS[kind][1]: {"pageInfo": page, "nodes": nodes}}

    return answer


@pytest.mark.parametrize("kind", list(OPERATIONS))
def test_what_changed_is_read_to_its_end_without_gap_or_repetition(
    monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    numbers = [7, 12, 900, 788032119674292922, 5]
    found: list[str] = []
    with shopify(monkeypatch, **{OPERATIONS[kind][0]: _shop(kind, numbers)}) as admin:
        client, last, last_id = Pauses().client(), False, 0
        while not last:
            told = client.read(Where(kind, "since", MORNING, since=SINCE, last_id=last_id))
            found += told.ids
            last, last_id = told.last, max(int(one) for one in told.ids)
            assert told.ordered
    assert found == ["5", "7", "12", "900", "788032119674292922"]
    queries = [variables["query"] for _, variables in admin.asked]
    assert queries == [
        "updated_at:>='2026-11-23T09:50:00Z'",
        "updated_at:>='2026-11-23T09:50:00Z' AND id:>7",
        "updated_at:>='2026-11-23T09:50:00Z' AND id:>900",
    ]


def test_all_collections_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, Collections=_shop("categories", [1, 2])) as admin:
        told = Pauses().client().read(Where("categories", "full", MORNING))
    assert (told.ids, told.last, told.ordered, told.wait) == (("1", "2"), True, True, None)
    assert admin.asked == [("Collections", {"query": ""})]


def test_an_empty_shop_has_one_empty_page(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, Orders=_shop("orders", [])):
        told = Pauses().client().read(Where("orders", "since", MORNING, since=SINCE))
    assert (told.items, told.last) == ((), True)


def _listed(*numbers: int, cursor: str = "") -> dict[str, Any]:
    page = {"hasNextPage": bool(cursor), "endCursor": cursor or None}
    return {"pageInfo": page, "nodes": [{"id": f"gid://shopify/Part/{one}"} for one in numbers]}


def _numbers(node: Any, part: str) -> list[str]:
    assert list(node[part]) == ["nodes"]
    return [one["id"].rpartition("/")[2] for one in node[part]["nodes"]]


def test_an_order_of_many_lines_is_told_with_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    long = _node("orders", 2) | {"lineItems": _listed(1, 2, cursor="b")}
    page = {"pageInfo": {"hasNextPage": False}, "nodes": [_node("orders", 1), long]}
    lines = [
        {"order": {"lineItems": _listed(3, 4, cursor="d")}},
        {"order": {"lineItems": _listed(5)}},
    ]
    with shopify(monkeypatch, Orders=[{"orders": page}], OrderLines=lines) as admin:
        told = Pauses().client().read(Where("orders", "since", MORNING, since=SINCE))
    assert _numbers(told.items[0].source, "lineItems") == []
    assert _numbers(told.items[1].source, "lineItems") == ["1", "2", "3", "4", "5"]
    asked = [variables for name, variables in admin.asked if name == "OrderLines"]
    assert asked == [
        {"id": "gid://shopify/Order/2", "after": "b"},
        {"id": "gid://shopify/Order/2", "after": "d"},
    ]


def test_a_checkout_of_many_lines_is_asked_for_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    long = _node("checkouts", 9) | {"lineItems": _listed(1, cursor="a")}
    page = {"pageInfo": {"hasNextPage": False}, "nodes": [long]}
    further = {"abandonedCheckouts": {"nodes": [{"id": "x", "lineItems": _listed(2)}]}}
    with shopify(
        monkeypatch, Checkouts=[{"abandonedCheckouts": page}], CheckoutLines=[further]
    ) as admin:
        told = Pauses().client().read(Where("checkouts", "since", MORNING, since=SINCE))
    assert _numbers(told.items[0].source, "lineItems") == ["1", "2"]
    assert admin.asked[1] == ("CheckoutLines", {"query": "id:9", "after": "a"})


def test_a_product_of_many_variants_and_collections_is_told_with_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = {"variants": _listed(1, cursor="v"), "collections": _listed(8, cursor="c")}
    with shopify(
        monkeypatch,
        Product=[{"product": _node("products", 3) | parts}],
        ProductVariants=[{"product": {"variants": _listed(2)}}],
        ProductCollections=[{"product": {"collections": _listed(9)}}],
    ):
        node = Pauses().client().product("3")
    assert _numbers(node, "variants") == ["1", "2"]
    assert _numbers(node, "collections") == ["8", "9"]


def test_what_is_gone_while_its_lines_are_read_ends_there(monkeypatch: pytest.MonkeyPatch) -> None:
    long = _node("orders", 2) | {"lineItems": _listed(1, cursor="a")}
    with shopify(monkeypatch, Order=[{"order": long}], OrderLines=[{"order": None}]):
        node = Pauses().client().order("2")
    assert _numbers(node, "lineItems") == ["1"]


@pytest.mark.parametrize(
    ("method", "operation", "root"),
    [
        ("order", "Order", "order"),
        ("product", "Product", "product"),
        ("variant", "Variant", "productVariant"),
        ("customer", "Customer", "customer"),
    ],
)
def test_what_the_shop_does_not_have_is_not_found(
    monkeypatch: pytest.MonkeyPatch, method: str, operation: str, root: str
) -> None:
    with shopify(monkeypatch, **{operation: [{root: None}]}):
        with pytest.raises(NotFound):
            getattr(Pauses().client(), method)("1")


def test_an_answer_of_another_shape_is_no_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: tuple[dict[str, Any], ...] = (
        {},
        {"orders": None},
        {"orders": {"nodes": "many"}},
        {"orders": []},
    )
    for data in shapes:
        with shopify(monkeypatch, Orders=[data]), pytest.raises(StoreUnavailable):
            Pauses().client().read(Where("orders", "since", MORNING, since=SINCE))


def test_the_facts_of_a_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = {
        "name": "Tea & Co",
        "email": "owner@example.com",
        "currencyCode": "JPY",
        "ianaTimezone": "Asia/Tokyo",
        "taxesIncluded": True,
        "primaryDomain": {"url": "https://tea.example"},
        "shopAddress": {"countryCodeV2": "JP"},
    }
    with shopify(monkeypatch, ShopFacts=[{"shop": shop}]):
        client = Pauses().client()
        facts = client.store_facts()
        assert client.version() == ""
    assert (facts.name, facts.currency, facts.decimals) == ("Tea & Co", "JPY", 0)
    assert (facts.timezone, facts.country, facts.url) == ("Asia/Tokyo", "JP", "https://tea.example")
    assert (facts.prices_include_tax, facts.email) == (True, "owner@example.com")
