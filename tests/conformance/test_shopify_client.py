"""The product's own client asks a running double, through sockets, with all that goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread

import httpx
import pytest
from django.test import override_settings

from shopapp.kit.clock import real_now
from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.platforms.base import CartChanged, ContactChanged, OrderChanged, ProductChanged
from shopapp.platforms.connector import Item, Kind, Renew, StoreAddress, Where
from shopapp.platforms.shopify import connector
from shopapp.platforms.shopify.client import Client
from tests.conformance.shopify_bench import EXCHANGE, TOKEN_DOOR
from tests.conformance.shopify_story import one_day
from tests.doubles.shopify import installing, orders
from tests.doubles.shopify.front.id_tokens import id_token
from tests.doubles.shopify.shop import Shop
from tests.doubles.shopify.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def loopback() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True):
        yield


@pytest.fixture
def shopify(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    nobody = "http://127.0.0.1:9"
    with StandIn(["nordic", "kyoto"], app_url=nobody, past_orders=25) as running:
        monkeypatch.setenv("SHOPIFY_API_KEY", running.setup.client_id)
        monkeypatch.setenv("SHOPIFY_API_SECRET", running.setup.newest_secret)
        monkeypatch.setenv("SHOPIFY_STAND_IN", running.url)
        for shop in running.shops.values():
            installing.install(shop, [*running.setup.scopes, "read_all_orders"])
        yield running


@dataclass(slots=True)
class Kept:
    """One shop's keys, renewed by one at a time, as a lease makes sure."""

    address: StoreAddress
    text: str
    renewals: int = 0

    def renewer(self, lock: Lock) -> Renew:
        """Return what the client calls when its keys were refused."""

        def renew(refused: str) -> str:
            with lock:
                if self.text == refused:
                    at = real_now()
                    self.text = connector.renew_keys(self.address, self.text, at=at)
                    self.renewals += 1
                return self.text

        return renew


def _kept(shopify: StandIn, shop: Shop) -> Kept:
    """Return the keys of a shop that was just opened."""
    told = {
        "client_id": shopify.setup.client_id,
        "client_secret": shopify.setup.newest_secret,
        **EXCHANGE,
        "subject_token": id_token(shop, shop.users[0], "session"),
    }
    host = {"X-Stand-In-Host": shop.host}
    pair = httpx.post(shopify.url + TOKEN_DOOR, data=told, headers=host, trust_env=False).json()
    at = real_now()
    keys = {
        "access_token": pair["access_token"],
        "refresh_token": pair["refresh_token"],
        "expires_at": (at + timedelta(seconds=pair["expires_in"])).isoformat(),
        "refresh_expires_at": (at + timedelta(days=90)).isoformat(),
        "scope": pair["scope"],
    }
    return Kept(StoreAddress(shop.host, shop.state.url), json.dumps(keys))


def _client(shopify: StandIn, shop: Shop) -> Client:
    kept = _kept(shopify, shop)
    return connector.open_client(kept.address, kept.text, renew=kept.renewer(Lock()))


def _everything(client: Client, kind: Kind, **where: object) -> list[Item]:
    """Read a list in full, waiting as briefly as the double allows."""
    place = Where(kind, "full", started_at=datetime.now(tz=UTC), **where)  # type: ignore[arg-type]
    items: list[Item] = []
    for _ in range(500):
        told = client.read(place)
        items += told.items
        if told.last:
            return items
        last = max([place.last_id, *(int(one) for one in told.ids)])
        place = replace(place, token=told.token, last_id=last, page=place.page + 1)
    raise AssertionError("the list does not end")


def test_every_row_is_found_and_understood(shopify: StandIn) -> None:
    for shop in shopify.shops.values():
        story = one_day(shop)
        client = _client(shopify, shop)
        facts = client.store_facts()
        assert facts.currency == shop.settings.currency

        def read(kind: Kind, client: Client = client) -> set[int]:
            found = _everything(client, kind)
            for item in found:
                (event, *_) = connector.parse_item(kind, item, client.store_facts())
                assert isinstance(
                    event, CartChanged | ContactChanged | OrderChanged | ProductChanged
                )
            return {int(one.id) for one in found}

        assert read("products") == set(shop.state.products)
        assert read("customers") == set(shop.state.customers)
        assert read("orders") == set(shop.state.orders)
        assert {int(one.id) for one in _everything(client, "categories")} == set(
            shop.state.collections
        )
        checkouts = {int(one.id) for one in _everything(client, "checkouts")}
        assert story.checkout.id in checkouts
        assert shop.bucket.throttled == 0


def test_what_changed_is_found_page_by_page(shopify: StandIn) -> None:
    shop = shopify.shop
    client = _client(shopify, shop)
    since = shop.now()
    changed = list(shop.state.orders.values())[:12]
    for order in changed:
        orders.touch_order(shop, order)
    place = Where("orders", "since", started_at=since, since=since.replace(microsecond=0))
    found: set[int] = set()
    while True:
        told = client.read(place)
        found |= {int(one) for one in told.ids}
        if told.last:
            break
        place = replace(place, last_id=max(found), token=told.token, page=place.page + 1)
    assert found == {one.id for one in changed}


def test_expired_keys_are_renewed_once_for_all_who_ask(shopify: StandIn) -> None:
    shop = shopify.shop
    kept, lock = _kept(shopify, shop), Lock()
    old = kept.text
    shop.tokens.expire_access()
    currencies: list[str] = []

    def work() -> None:
        client = connector.open_client(kept.address, old, renew=kept.renewer(lock))
        currencies.append(client.store_facts().currency)

    workers = [Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert currencies == ["EUR"] * 8
    assert (kept.renewals, shop.tokens.refreshes) == (1, 1)


def test_a_refresh_whose_answer_was_lost_is_repaired(shopify: StandIn) -> None:
    shop = shopify.shop
    kept = _kept(shopify, shop)
    shop.tokens.expire_access()
    faults = shop.faults
    faults.outage, faults.times, faults.only = "lost", 1, "token"
    client = connector.open_client(kept.address, kept.text, renew=kept.renewer(Lock()))
    with suppress(StoreUnavailable):
        client.store_facts()
    assert client.store_facts().currency == "EUR"
    assert shop.tokens.refreshes == 1


@pytest.mark.parametrize("as_seen", [False, True])
def test_keys_that_are_dead_lead_to_opening_the_app_again(shopify: StandIn, as_seen: bool) -> None:
    shop = shopify.shop
    kept = _kept(shopify, shop)
    shop.tokens.refuses_with_401 = as_seen
    shop.tokens.end_all()
    client = connector.open_client(kept.address, kept.text, renew=kept.renewer(Lock()))
    with pytest.raises(KeysRefused):
        client.store_facts()


def test_an_uninstall_ends_the_keys_for_good(shopify: StandIn) -> None:
    shop = shopify.shop
    client = _client(shopify, shop)
    installing.uninstall(shop)
    with pytest.raises(KeysRefused):
        client.store_facts()
    other = _client(shopify, shopify.shops["hashimoto-mokko.myshopify.com"])
    assert other.store_facts().currency == "JPY"
