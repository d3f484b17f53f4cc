"""What our rows of a WooCommerce shop should hold, by the connector's reading of its things."""

from __future__ import annotations

from typing import Any

from recovery.catalog.models import Category, Product, Variant
from recovery.catalog.services import product_news, variant_news
from recovery.contacts.models import Contact
from recovery.ingest.connection import facts_of
from recovery.ingest.models import Reading
from recovery.orders.models import Order
from recovery.orders.services import order_news
from shopapp.platforms.base import (
    CategoryChanged,
    ContactChanged,
    OrderChanged,
    ProductChanged,
    VariantChanged,
)
from shopapp.platforms.connector import Item
from shopapp.platforms.registry import connector_for
from shopapp.shops.models import Shop
from tests.recovery.ingest.little_store import Json, LittleStore

_KIND_OF: dict[Any, Reading.Kind] = {
    Order: Reading.Kind.ORDERS,
    Product: Reading.Kind.PRODUCTS,
    Variant: Reading.Kind.VARIATIONS,
    Category: Reading.Kind.CATEGORIES,
}
_HIDDEN = {"trash", "checkout-draft", "auto-draft"}


def differences(shop: Shop, store: LittleStore, kinds: list[Reading.Kind]) -> list[str]:
    """Return every field in which our rows of these kinds are not as the store's own things."""
    found: list[str] = []
    for model, expected in _expected(shop, store).items():
        if _KIND_OF[model] not in kinds:
            continue
        rows = {row.platform_id: row for row in model.objects.all()}
        for platform_id, fields in expected.items():
            row = rows.pop(platform_id, None)
            if row is None:
                # What the store hides from its lists need not have reached us.
                if fields.get("hidden"):
                    continue
                found.append(f"{model.__name__} {platform_id} is missing")
                continue
            found += _row_differences(row, fields)
        found += [
            f"{model.__name__} {row.platform_id} is gone in the store"
            for row in rows.values()
            if row.vanished_at is None
        ]
    return found + (_customer_differences(shop, store) if Reading.Kind.CUSTOMERS in kinds else [])


def _row_differences(row: Any, fields: Json) -> list[str]:
    wanted = {name: value for name, value in fields.items() if name != "hidden"}
    wanted["vanished_at"] = None
    if hasattr(row, "doubtful_since"):
        wanted["doubtful_since"] = None
    return [
        f"{type(row).__name__} {row.platform_id}.{name}: {ours!r} not {value!r}"
        for name, value in wanted.items()
        if (ours := getattr(row, name)) != value
    ]


def _expected(shop: Shop, store: LittleStore) -> dict[Any, dict[str, Json]]:
    connector, facts = connector_for(shop.platform), facts_of(shop)
    expected: dict[Any, dict[str, Json]] = {Order: {}, Product: {}, Variant: {}, Category: {}}
    for body in store.held["orders"].values():
        [order] = connector.parse_item("orders", Item(body, str(body["id"])), facts)
        assert isinstance(order, OrderChanged)
        news = order_news(order)
        expected[Order][news.platform_id] = _fields(news, body)
    for body in store.held["products"].values():
        [event] = connector.parse_item("products", Item(body, str(body["id"])), facts)
        if isinstance(event, VariantChanged):
            news = variant_news(event)
            expected[Variant][news.platform_id] = _fields(news, body)
        elif isinstance(event, ProductChanged):
            news = product_news(event)
            expected[Product][news.platform_id] = _fields(news, body)
    for body in store.held["categories"].values():
        [category] = connector.parse_item("categories", Item(body, str(body["id"])), facts)
        assert isinstance(category, CategoryChanged)
        expected[Category][category.category_id] = {
            "name": category.name,
            "parent_id": category.parent_id,
            "slug": category.slug,
        }
    return expected


def _fields(news: Any, body: Json) -> Json:
    hidden = body["status"] in _HIDDEN
    return {**news.values, **news.aside, "changed_at": news.changed_at, "hidden": hidden}


def _customer_differences(shop: Shop, store: LittleStore) -> list[str]:
    rows = {row.customer_id: row for row in Contact.objects.exclude(customer_id="")}
    found = []
    connector, facts = connector_for("woocommerce"), facts_of(shop)
    for customer_id, body in store.held["customers"].items():
        row = rows.pop(str(customer_id), None)
        if row is None:
            found.append(f"Contact {customer_id} is missing")
            continue
        [event] = connector.parse_item("customers", Item(body, str(customer_id)), facts)
        assert isinstance(event, ContactChanged)
        told = event.shopper
        for name in ("email", "first_name", "last_name", "phone", "country", "locale"):
            ours, theirs = getattr(row, name), getattr(told, name)
            # What the store leaves blank is not taken from a person that we know more of.
            if theirs and ours != theirs:
                found.append(f"Contact {customer_id}.{name}: {ours!r} not {theirs!r}")
    return found + [f"Contact {one} is gone in the store" for one in rows]
