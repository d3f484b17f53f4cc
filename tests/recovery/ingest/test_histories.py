"""Two thousand histories of a store: whatever becomes of its news, our rows end up as its own.

Deliveries go through the whole WSGI application into PostgreSQL; the store is asked through the
connector's own client. Every field of every row is compared.
"""

from __future__ import annotations

import gc
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.test.client import ClientHandler

from recovery.catalog.models import Category, Product, Variant
from recovery.catalog.services import product_news, variant_news
from recovery.contacts.models import Contact
from recovery.ingest.connection import facts_of
from recovery.ingest.models import Reading
from recovery.orders.models import Order
from recovery.orders.services import order_news
from shopapp.kit import clock, egress
from shopapp.platforms.base import ProductChanged, VariantChanged
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING, make_shop
from tests.recovery.ingest.changes import areas_of, open_shop
from tests.recovery.ingest.conftest import connect
from tests.recovery.ingest.little_store import Json, LittleStore
from tests.recovery.ingest.play import Play, unhandled

HISTORIES = 2000
CHUNK = 50
_KIND_OF: dict[Any, Reading.Kind] = {
    Order: Reading.Kind.ORDERS,
    Product: Reading.Kind.PRODUCTS,
    Variant: Reading.Kind.VARIATIONS,
    Category: Reading.Kind.CATEGORIES,
}
_HIDDEN = {"trash", "checkout-draft", "auto-draft"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    gc.disable()
    yield
    gc.enable()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("chunk", range(HISTORIES // CHUNK))
def test_rows_end_up_as_the_store_has_them(
    db: None, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    app = ClientHandler(enforce_csrf_checks=True)
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        shop = make_shop(f"s{seed}.example")
        connect(shop)
        rng = random.Random(seed)
        kinds, changes = areas_of(rng)
        play = Play(shop, LittleStore(now=MORNING), rng, app, changes)
        monkeypatch.setattr(egress, "request", play.store.request)
        monkeypatch.setattr(clock, "now", lambda play=play: play.now)
        with access.scope(shop):
            Reading.objects.bulk_create(
                Reading(shop=shop, kind=kind, due_at=MORNING) for kind in kinds
            )
        open_shop(play)
        play.play(steps=play.rng.randrange(2, 7))
        play.end()
        with access.scope(shop):
            assert unhandled(shop) == [], f"seed {seed}"
            assert differences(shop, play.store, kinds) == [], f"seed {seed}"


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
    return found + (_customer_differences(store) if Reading.Kind.CUSTOMERS in kinds else [])


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
        news = order_news(connector.parse_order(body, facts))
        expected[Order][news.platform_id] = _fields(news, body)
    for body in store.held["products"].values():
        event = connector.parse_sellable(body, facts)
        if isinstance(event, VariantChanged):
            news = variant_news(event)
            expected[Variant][news.platform_id] = _fields(news, body)
        elif isinstance(event, ProductChanged):
            news = product_news(event)
            expected[Product][news.platform_id] = _fields(news, body)
    for body in store.held["categories"].values():
        category = connector.parse_category(body)
        expected[Category][category.category_id] = {
            "name": category.name,
            "parent_id": category.parent_id,
            "slug": category.slug,
        }
    return expected


def _fields(news: Any, body: Json) -> Json:
    hidden = body["status"] in _HIDDEN
    return {**news.values, "changed_at": news.changed_at, "hidden": hidden}


def _customer_differences(store: LittleStore) -> list[str]:
    rows = {row.customer_id: row for row in Contact.objects.exclude(customer_id="")}
    found = []
    for customer_id, body in store.held["customers"].items():
        row = rows.pop(str(customer_id), None)
        if row is None:
            found.append(f"Contact {customer_id} is missing")
            continue
        told = connector_for("woocommerce").parse_customer(body).shopper
        for name in ("email", "first_name", "last_name", "phone", "country", "locale"):
            ours, theirs = getattr(row, name), getattr(told, name)
            # What the store leaves blank is not taken from a person that we know more of.
            if theirs and ours != theirs:
                found.append(f"Contact {customer_id}.{name}: {ours!r} not {theirs!r}")
    return found + [f"Contact {one} is gone in the store" for one in rows]
