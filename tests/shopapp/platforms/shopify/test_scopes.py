"""Which operation needs which scope, and that the app asks for these and no others."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from graphql import parse

from scripts.schema_cut import field_coordinates
from shopapp.platforms.shopify import graph, topics
from shopapp.platforms.shopify.identity import SCOPES
from tests.shopapp.platforms.shopify.schema import access, admin_schema

ROOT = Path(__file__).resolve().parents[4]
_SCOPE = re.compile(r"\b(?:read|write)_[a-z_]+\b")

ORDERS, PRODUCTS, CUSTOMERS = "read_orders", "read_products", "read_customers"
READ_MARKETING, WRITE_MARKETING = "read_marketing_events", "write_marketing_events"
READ_DISCOUNTS, WRITE_DISCOUNTS = "read_discounts", "write_discounts"

# Each operation with the scopes without which it is refused, in whole or in part.
NEEDED: dict[str, set[str]] = {
    "shop_facts": set(),
    "installation": set(),
    "installation_tell": set(),
    "bulk_run": set(),
    "bulk_status": set(),
    "bulk_recent": set(),
    "orders": {ORDERS, PRODUCTS, CUSTOMERS},
    "orders_in_bulk": {ORDERS, PRODUCTS, CUSTOMERS},
    "order": {ORDERS, PRODUCTS, CUSTOMERS},
    "order_lines": {ORDERS, PRODUCTS},
    "checkouts": {ORDERS, PRODUCTS, CUSTOMERS},
    "checkouts_in_bulk": {ORDERS, PRODUCTS, CUSTOMERS},
    "checkout_lines": {ORDERS, PRODUCTS},
    "products": {PRODUCTS},
    "products_in_bulk": {PRODUCTS},
    "product": {PRODUCTS},
    "product_variants": {PRODUCTS},
    "product_collections": {PRODUCTS},
    "variant": {PRODUCTS},
    "collections": {PRODUCTS},
    "customers": {CUSTOMERS},
    "customers_in_bulk": {CUSTOMERS},
    "customer": {CUSTOMERS},
    "customer_by_email": {CUSTOMERS},
    "customer_set": {CUSTOMERS, "write_customers"},
    "customer_consent": {"write_customers"},
    "abandonment": set(),
    "abandonment_sent": {WRITE_MARKETING},
    "activity": {READ_MARKETING},
    "activity_set": {READ_MARKETING, WRITE_MARKETING},
    "discount_create": {READ_DISCOUNTS, WRITE_DISCOUNTS},
    "discount_by_code": {READ_DISCOUNTS},
    "discount_codes_add": {READ_DISCOUNTS, WRITE_DISCOUNTS},
    "discount_codes_made": {READ_DISCOUNTS},
    "discount_end": {WRITE_DISCOUNTS},
}

# What needs a scope and is no operation: the address in every shop at which our pages are.
APP_PROXY = "write_app_proxy"


def _alternatives(name: str) -> list[set[str]]:
    """Return what Shopify asks for: of each set one scope is enough."""
    told, document = access(), parse(graph.operation(name).text)
    used = field_coordinates(admin_schema(), document)
    kinds = {coordinate.partition(".")[0] for coordinate in used}
    texts = [told["types"].get(kind, "") for kind in kinds]
    texts += [told["fields"].get(coordinate, "") for coordinate in used]
    return [found for text in texts if (found := set(_SCOPE.findall(text)))]


def _allows(granted: set[str], asked: list[set[str]]) -> bool:
    return all(one & granted for one in asked)


def test_the_table_names_every_operation() -> None:
    assert sorted(NEEDED) == sorted(graph.names())


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_an_operation_needs_these_scopes_and_none_of_them_in_vain(name: str) -> None:
    asked = _alternatives(name)
    assert _allows(NEEDED[name], asked)
    for scope in NEEDED[name]:
        assert not _allows(NEEDED[name] - {scope}, asked), f"{name} does not need {scope}"


@pytest.mark.parametrize("topic", sorted(topics.TOPICS))
def test_every_topic_is_one_of_shopifys_and_allowed(topic: str) -> None:
    asked = access()["topics"][topic.upper().replace("/", "_")]
    assert not asked or set(asked) & _with_reading(set(SCOPES))


def test_the_app_asks_for_exactly_what_operations_topics_and_pages_need() -> None:
    of_topics = [access()["topics"][name.upper().replace("/", "_")] for name in topics.TOPICS]
    needed = set(chain.from_iterable(NEEDED.values())) | {APP_PROXY}
    assert all(not one or set(one) & needed for one in of_topics)
    written = {scope for scope in needed if scope.startswith("write_")}
    implied = {scope.replace("write_", "read_", 1) for scope in written}
    assert set(SCOPES) == needed - implied
    setup = tomllib.loads((ROOT / "shopify.app.toml").read_text(encoding="utf-8"))
    scopes = setup["access_scopes"]
    assert scopes["scopes"].split(",") == list(SCOPES)
    assert scopes["optional_scopes"] == []
    assert "app_proxy" in setup


def _with_reading(scopes: set[str]) -> set[str]:
    return scopes | {scope.replace("write_", "read_", 1) for scope in scopes}
