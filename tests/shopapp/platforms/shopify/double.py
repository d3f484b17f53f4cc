"""Two shops of the double with the app in them, and clients that know nothing but their keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from shopapp.kit import clock
from shopapp.platforms.connector import Item, Kind, Where
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import id_token, oauth
from shopapp.platforms.shopify.api import Api
from shopapp.platforms.shopify.bucket import Bucket
from shopapp.platforms.shopify.client import Client
from shopapp.platforms.shopify.identity import identity
from tests.doubles.shopify import installing
from tests.doubles.shopify.front.id_tokens import id_token as signed
from tests.doubles.shopify.shop import Shop
from tests.doubles.shopify.stand_in import CLIENT_ID, CLIENT_SECRET, StandIn

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Store:
    """A shop of the double, and the way to it; every client is a new one with its own bucket."""

    shop: Shop
    keys: str

    @property
    def client(self) -> Client:
        return Client(Api(self.shop.host, self.keys, bucket=Bucket()))

    @property
    def facts(self) -> StoreFacts:
        return self.client.store_facts()


Stores = tuple[Store, Store]


@contextmanager
def two_stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Run two shops with the app installed. Nobody hears their webhooks."""
    monkeypatch.setenv("SHOPIFY_API_KEY", CLIENT_ID)
    monkeypatch.setenv("SHOPIFY_API_SECRET", CLIENT_SECRET)
    loopback = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")
    with loopback, StandIn(["nordic", "kyoto"], tick=60) as shopify:
        monkeypatch.setenv("SHOPIFY_STAND_IN", shopify.url)
        one, two = (_connected(shop) for shop in shopify.shops.values())
        yield one, two


def read(store: Store, where: Where) -> list[Item]:
    """Read to the end; each page by a worker that knows nothing but the place."""
    items: list[Item] = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        told = store.client.read(where)
        if told.wait is not None:
            time.sleep(0.1)
        items += told.items
        last_id = max([where.last_id, *(int(one) for one in told.ids)])
        where = replace(where, token=told.token, last_id=last_id)
        if told.last:
            return items
    raise AssertionError("the reading does not end")


def full(kind: Kind) -> Where:
    return Where(kind, "full", clock.now(), back_to=LONG_AGO)


def since(kind: Kind) -> Where:
    return Where(kind, "since", clock.now(), since=LONG_AGO)


def _connected(shop: Shop) -> Store:
    installing.install(shop)
    token = id_token.check(signed(shop, shop.users[0], "session"), identity())
    return Store(shop, oauth.exchange_offline(token, identity(), at=clock.real_now()).to_text())
