"""Against a Shopify that executes our operations over its schema: what is read is what is there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from shopapp.kit import clock
from shopapp.platforms.base import ConsentGiven, ContactChanged, Event
from shopapp.platforms.connector import (
    CustomerToWrite,
    Discount,
    Item,
    Kind,
    StoreAddress,
    Where,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import bulk, connector, id_token, oauth
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


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, Store]]:
    monkeypatch.setenv("SHOPIFY_API_KEY", CLIENT_ID)
    monkeypatch.setenv("SHOPIFY_API_SECRET", CLIENT_SECRET)
    loopback = override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE="")
    with loopback, StandIn(["nordic", "kyoto"], tick=60) as shopify:
        monkeypatch.setenv("SHOPIFY_STAND_IN", shopify.url)
        one, two = (_connected(shop) for shop in shopify.shops.values())
        yield one, two


def _connected(shop: Shop) -> Store:
    installing.install(shop)
    token = id_token.check(signed(shop, shop.users[0], "session"), identity())
    return Store(shop, oauth.exchange_offline(token, identity(), at=clock.real_now()).to_text())


def _read(store: Store, where: Where) -> list[Item]:
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


def _full(kind: Kind) -> Where:
    return Where(kind, "full", clock.now(), back_to=LONG_AGO)


def _since(kind: Kind) -> Where:
    return Where(kind, "since", clock.now(), since=LONG_AGO)


def _events(kind: Kind, items: list[Item], facts: StoreFacts) -> dict[str, tuple[Event, ...]]:
    return {item.id: connector.parse_item(kind, item, facts) for item in items}


def _there(shop: Shop, kind: Kind) -> set[str]:
    """Return the ids of what the shop has; of orders, what an app may read (60 days of them)."""
    readable = clock.now() - timedelta(days=60)
    state = shop.state
    rows: dict[str, Iterable[int]] = {
        "categories": state.collections,
        "products": state.products,
        "customers": state.customers,
        "orders": [one.id for one in state.orders.values() if one.created_at >= readable],
    }
    return {str(number) for number in rows[kind]}


@pytest.mark.parametrize("kind", ["categories", "products", "customers", "orders"])
def test_a_list_in_full_is_the_list_by_page_and_is_what_the_shop_has(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(bulk, "PART", 20_000)
    for store in stores:
        full, by_page = _read(store, _full(kind)), _read(store, _since(kind))
        assert len(full) == len(by_page) > 0
        assert {item.id for item in full} == _there(store.shop, kind)
        facts = store.facts
        assert _events(kind, full, facts) == _events(kind, by_page, facts)
        assert store.shop.bucket.throttled == 0


def test_one_thing_by_its_id_tells_what_its_list_tells(stores: tuple[Store, Store]) -> None:
    store, other = stores
    facts, client = store.facts, store.client
    orders = _read(store, _since("orders"))
    one = orders[-1]
    alone = Item(client.order(one.id), one.id)
    assert connector.parse_item("orders", alone, facts) == connector.parse_item(
        "orders", one, facts
    )
    assert one.id not in _there(other.shop, "orders")


def test_workers_that_read_one_shop_together_are_not_throttled(
    stores: tuple[Store, Store],
) -> None:
    store, other = stores
    store.shop.bucket.resize(1000, 400)
    client = connector.open_client(StoreAddress(store.shop.host, ""), store.keys)
    numbers = sorted(_there(store.shop, "orders"))[:6]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(client.order, numbers))
    assert [str(node["id"]).rpartition("/")[2] for node in found] == numbers
    assert store.shop.bucket.throttled == 0
    assert not other.shop.bucket.ledger


def test_an_operation_that_fails_is_begun_again(stores: tuple[Store, Store]) -> None:
    store, _ = stores
    store.shop.bulk.fail = 1
    assert {item.id for item in _read(store, _full("products"))} == _there(store.shop, "products")


def test_operations_that_always_fail_are_done_without(stores: tuple[Store, Store]) -> None:
    store, _ = stores
    store.shop.bulk.fail = 99
    assert {item.id for item in _read(store, _full("orders"))} == _there(store.shop, "orders")


def test_keys_that_ran_out_in_mid_reading_are_renewed(stores: tuple[Store, Store]) -> None:
    store, _ = stores
    address = StoreAddress(store.shop.host, "")

    def renew(old: str) -> str:
        return connector.renew_keys(address, old, at=clock.real_now())

    client = connector.open_client(address, store.keys, renew=renew)
    client.store_facts()
    store.shop.tokens.expire_access()
    assert client.store_facts().name == store.shop.settings.name


def test_a_shopper_written_back_is_a_customer_there(stores: tuple[Store, Store]) -> None:
    store, other = stores
    at = clock.now() - timedelta(minutes=5)
    shopper = CustomerToWrite(
        "new.shopper@example.com",
        "Nina",
        "Berg",
        consent=ConsentGiven(True, at=at, source="popup"),
    )
    number = store.client.write_customer(shopper)
    assert store.client.write_customer(shopper) == number, "twice is once"
    item = Item(store.client.customer(number), number)
    (told,) = connector.parse_item("customers", item, store.facts)
    assert isinstance(told, ContactChanged)
    assert (told.shopper.email, told.shopper.first_name) == (shopper.email, "Nina")
    consent = told.shopper.consent
    assert consent is not None
    assert consent.given is True
    unsubscribed = replace(shopper, consent=ConsentGiven(False, at=clock.now()))
    assert store.client.write_customer(unsubscribed) == number
    again = Item(store.client.customer(number), number)
    (told,) = connector.parse_item("customers", again, store.facts)
    assert isinstance(told, ContactChanged)
    assert told.shopper.consent is not None
    assert told.shopper.consent.given is False
    assert number not in _there(other.shop, "customers")


def test_codes_are_made_each_once(stores: tuple[Store, Store]) -> None:
    store, _ = stores
    client = store.client
    discount = client.create_discount(
        Discount("Come back", 10, "", "EUR", clock.now(), clock.now() + timedelta(days=7))
    )
    codes = tuple(f"COMEBACK-{number:03}" for number in range(250))
    for asked in (codes, codes[:20]):
        batch = client.add_codes(discount, asked)
        deadline = time.monotonic() + 20
        made = client.codes_made(batch)
        while not made.done and time.monotonic() < deadline:
            time.sleep(0.1)
            made = client.codes_made(batch)
        assert (made.done, made.made, made.failed) == (True, len(asked), {})
    client.end_discount(discount)


def test_where_our_script_is_can_be_told_again(stores: tuple[Store, Store]) -> None:
    store, _ = stores
    for address in ("https://a.example/s.js", "https://b.example/s.js"):
        store.client.tell_script(script_url=address, shop="k9")
    told = {field.key: field.value for field in store.shop.state.metafields.values()}
    assert told == {"script": "https://b.example/s.js", "shop": "k9"}
