"""What the double's last news of a thing says and what its Admin API says is one and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shopapp.platforms.base import (
    CartChanged,
    ContactChanged,
    Event,
    OrderChanged,
    ProductChanged,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import graph
from shopapp.platforms.shopify.facts import parse_store_facts
from shopapp.platforms.shopify.parse import parse_delivery, parse_node
from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import abandoned_checkout, full_cart, one_day
from tests.doubles.shopify import carts, checkouts, orders, people, shelving
from tests.doubles.shopify.shop import Shop

LISTS = ("orders", "checkouts", "products", "customers")
UPDATES = {
    "orders": "orders/updated",
    "products": "products/update",
    "customers": "customers/update",
}


@pytest.fixture(params=["the dollar's or euro's shop", "the yen's shop"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(app_file=None, past_orders=9)
    if request.param == "the yen's shop":
        made.shop, made.other = made.other, made.shop
        made.token = made.pair()["access_token"]
    made.browser.headers["X-Stand-In-Host"] = made.shop.host
    made.shop.bucket.resize(1e6, 1e6)
    yield made
    made.close()


def much_happens(shop: Shop) -> None:
    one_day(shop)
    abroad = carts.new_cart(shop, currency="EUR")
    carts.add_to_cart(shop, abroad, shelving.buyable(shop)[0].id, 3)
    checkout = checkouts.begin_checkout(shop, abroad, locale="de")
    checkouts.set_contact(shop, checkout, email="guest@mail.example", phone="", first_name="",
                          last_name="", accepts_marketing=False)  # fmt: skip
    orders.refund_order(shop, checkouts.place_order(shop, checkout), "1")
    unpaid = checkouts.place_order(shop, abandoned_checkout(shop, "later@mail.example"), paid=False)
    people.set_consent(shop, shop.state.customers[unpaid.customer_id], "unsubscribed")
    abandoned_checkout(shop, "second@mail.example")
    checkouts.begin_checkout(shop, full_cart(shop), locale="en")
    first, second, *_ = shelving.buyable(shop)
    shelving.change_variant(shop, first, stock=0)
    shelving.change_variant(shop, second, stock=5, price="45", compare_at="50")


def facts(bench: Bench) -> StoreFacts:
    shop = bench.ask(graph.operation("shop_facts").text)["shop"]
    return parse_store_facts(shop)


def read(bench: Bench, kind: str, store: StoreFacts) -> dict[str, Event]:
    """Return what the Admin API tells of a list, by the thing's id."""
    found, last = {}, "1"
    while True:
        (listed,) = bench.ask(graph.operation(kind).text, query=f"id:>{last}").values()
        for node in listed["nodes"]:
            last = node["id"].rsplit("/", 1)[1]
            for event in parse_node(kind, node, store):
                found[name_of(event)] = event
        if not listed["pageInfo"]["hasNextPage"]:
            return found


def told(bench: Bench, kind: str, store: StoreFacts) -> dict[str, Event]:
    """Return what the last news of each thing told, by the thing's id."""
    found = {}
    for news in bench.shop.news.waiting:
        body: dict[str, Any] = json.loads(news.body)
        if news.topic.split("/")[0] != kind or news.topic.endswith("/delete"):
            continue
        for event in parse_delivery(news.topic, body, store, said_at=bench.shop.now())[:1]:
            found[name_of(event)] = event
        if body.get("completed_at"):
            found.pop(body["token"], None)
    return found


def name_of(event: Event) -> str:
    match event:
        case OrderChanged():
            return event.order_id
        case CartChanged():
            return event.alias
        case ProductChanged():
            return event.product_id
        case ContactChanged():
            return event.customer_id
        case _:
            raise Unreadable(f"nothing of these lists: {event}")


def without_what_one_source_names(event: Event) -> Event:
    """Take out what only webhooks or only the Admin API can say."""
    match event:
        case CartChanged():
            shopper = replace(event.shopper, locale="", consent=None)
            lines = tuple(replace(line, image_url="") for line in event.lines)
            return replace(event, cart_id="", shopper=shopper, lines=lines)
        case ProductChanged():
            return replace(event, category_ids=None)
        case ContactChanged():
            return replace(event, shopper=replace(event.shopper, locale="", consent=None))
        case _:
            return event


@pytest.mark.parametrize("kind", LISTS)
def test_the_last_news_of_each_thing_is_what_the_admin_api_says(bench: Bench, kind: str) -> None:
    much_happens(bench.shop)
    store = facts(bench)
    by_news, by_reading = told(bench, kind, store), read(bench, kind, store)
    common = set(by_news) & set(by_reading)
    assert len(common) >= 2
    for name in common:
        news = without_what_one_source_names(by_news[name])
        assert news == without_what_one_source_names(by_reading[name])


def test_orders_are_read_with_their_figures(bench: Bench) -> None:
    """An order whose figures cannot be read would be read without them."""
    much_happens(bench.shop)
    store = facts(bench)
    found = [one for one in read(bench, "orders", store).values() if isinstance(one, OrderChanged)]
    assert all(order.lines and order.total.minor > 0 for order in found)
    assert any(order.refunded.minor > 0 for order in found)
    assert {order.total.currency for order in found} == {store.currency}
