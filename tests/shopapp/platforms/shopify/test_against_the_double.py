"""Against a Shopify that executes our operations over its schema: what is read is what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shopapp.kit import clock
from shopapp.platforms.base import CartChanged, Event
from shopapp.platforms.connector import Item, Kind, StoreAddress
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import bulk, connector
from tests.doubles.shopify import checkouts
from tests.doubles.shopify.shop import Shop
from tests.shopapp.platforms.shopify.double import Stores, full, read, since, two_stores


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with two_stores(monkeypatch) as both:
        yield both


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
    stores: Stores, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(bulk, "PART", 20_000)
    for store in stores:
        in_full, by_page = read(store, full(kind)), read(store, since(kind))
        assert len(in_full) == len(by_page) > 0
        assert {item.id for item in in_full} == _there(store.shop, kind)
        facts = store.facts
        assert _events(kind, in_full, facts) == _events(kind, by_page, facts)
        assert store.shop.bucket.throttled == 0


def test_one_thing_by_its_id_tells_what_its_list_tells(stores: Stores) -> None:
    store, other = stores
    facts, client = store.facts, store.client
    orders = read(store, since("orders"))
    one = orders[-1]
    alone = Item(client.order(one.id), one.id)
    assert connector.parse_item("orders", alone, facts) == connector.parse_item(
        "orders", one, facts
    )
    assert one.id not in _there(other.shop, "orders")


def test_workers_that_read_one_shop_together_are_not_throttled(
    stores: Stores,
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


def test_an_operation_that_fails_is_begun_again(stores: Stores) -> None:
    store, _ = stores
    store.shop.bulk.fail = 1
    assert {item.id for item in read(store, full("products"))} == _there(store.shop, "products")


def test_operations_that_always_fail_are_done_without(stores: Stores) -> None:
    store, _ = stores
    store.shop.bulk.fail = 99
    assert {item.id for item in read(store, full("orders"))} == _there(store.shop, "orders")


def test_keys_that_ran_out_in_mid_reading_are_renewed(stores: Stores) -> None:
    store, _ = stores
    address = StoreAddress(store.shop.host, "")

    def renew(old: str) -> str:
        return connector.renew_keys(address, old, at=clock.real_now())

    client = connector.open_client(address, store.keys, renew=renew)
    client.store_facts()
    store.shop.tokens.expire_access()
    assert client.store_facts().name == store.shop.settings.name


def test_an_abandoned_checkout_is_told_with_all_its_lines_until_it_is_completed(
    stores: Stores,
) -> None:
    store, other = stores
    state = store.shop.state
    sold = [
        one for product in state.products.values() if product.on_sale for one in product.variants
    ]
    wanted = [one.id for one in sold if one.available][:14]
    checkout = checkouts.buy_now(store.shop, [(number, 1) for number in wanted])
    assert read(store, full("checkouts")) == [], "nobody is known to be there"
    checkouts.set_contact(store.shop, checkout, email="shopper@example.com")
    for where in (full("checkouts"), since("checkouts")):
        (item,) = read(store, where)
        (cart,) = connector.parse_item("checkouts", item, store.facts)
        assert isinstance(cart, CartChanged)
        newest_first = [str(number) for number in reversed(wanted)]
        assert [line.variant_id for line in cart.lines] == newest_first
        assert (cart.alias, cart.stage) == (checkout.token, "checkout")
        assert cart.shopper.email == "shopper@example.com"
    checkouts.place_order(store.shop, checkout)
    for item in read(store, since("checkouts")):
        assert connector.parse_item("checkouts", item, store.facts) == ()
    assert read(other, full("checkouts")) == []
