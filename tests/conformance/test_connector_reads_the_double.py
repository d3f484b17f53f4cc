"""The product's own connector reads every row of the double, with both kinds of permalinks."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import CartChanged, OrderChanged
from shopapp.platforms.connector import Kind, Where
from shopapp.platforms.woocommerce import oauth, orders, parse, probe, products
from shopapp.platforms.woocommerce.client import Client
from shopapp.platforms.woocommerce.customers import parse_customer
from tests.conformance.twin import CONNECTION
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.store import PROFILES


@override_settings(ALLOW_LOOPBACK_STORES=True)
@pytest.mark.parametrize("plain_permalinks", [False, True])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_row_is_found_and_understood(profile: str, plain_permalinks: bool) -> None:
    with Store(profile, https_port=None, plain_permalinks=plain_permalinks) as store:
        found = probe.probe(oauth.normalise_store_url(store.url))
        assert (found.version, found.plain_permalinks) == ("10.9.1", plain_permalinks)
        key = store.make_key()
        client = Client(
            store.url,
            key.key,
            key.secret,
            plain_permalinks=plain_permalinks,
            pause=lambda seconds: None,
        )
        facts = client.store_facts()
        assert facts.currency == store.state.settings.currency
        read = [orders.parse_order(row, facts) for row in _rows(client, "orders")]
        assert {int(one.order_id) for one in read} == set(store.state.orders)
        shelf = [products.parse_product(row, facts) for row in _rows(client, "products")]
        kinds = [one.kind for one in store.state.products.values()]
        assert len(shelf) == len(kinds) - kinds.count("variation")
        people = [parse_customer(row) for row in _rows(client, "customers")]
        assert len(people) == len(store.state.customers)


def _rows(client: Client, kind: Kind) -> list[JsonObject]:
    """Return everything that the store lists of a kind."""
    rows: list[JsonObject] = []
    for page in itertools.count(1):
        told = client.read(Where(kind, "full", datetime(2026, 11, 1, tzinfo=UTC), page=page))
        rows += [item.source for item in told.items]
        if told.last:
            break
    return rows


@override_settings(ALLOW_LOOPBACK_STORES=True)
def test_the_twins_reports_are_understood() -> None:
    with Store(https_port=None, past_orders=0) as store:
        key = store.make_key()
        client = Client(store.url, key.key, key.secret)
        about = client.plugin_connection_post({**CONNECTION, "app_url": "http://127.0.0.1:9"})
        assert about["home_url"] == f"{store.url}/"
        visit = store.visitor()
        store.add_to_cart(visit, store.buyable()[0].id)
        order = store.place_order(visit, email="anna@shopper.example")
        assert store.shop.plugin is not None
        facts = client.store_facts()
        envelopes = [row.envelope for row in store.shop.plugin.outbox]
    told = [event for one in envelopes for event in parse.parse_plugin(one, facts)]
    [cart, placed] = told
    assert isinstance(cart, CartChanged)
    assert isinstance(placed, OrderChanged)
    assert placed.cart_id == cart.cart_id
    assert (placed.order_id, placed.stage) == (str(order.id), "placed")
    assert placed.total == cart.total
