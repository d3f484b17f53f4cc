"""Every payload that the double sends has the keys and types of Shopify's sample."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_samples import differences, has_sample, sample
from tests.conformance.shopify_story import abandoned_checkout, one_day
from tests.doubles.shopify import (
    carts,
    checkouts,
    discounting,
    installing,
    orders,
    people,
    shelving,
)
from tests.doubles.shopify.app_setup import ALL_TOPICS
from tests.doubles.shopify.news import COMPLIANCE
from tests.doubles.shopify.shop import Shop

NO_SAMPLE = {
    "products/create", "products/update", "refunds/create", "variants/in_stock",
    "variants/out_of_stock",
}  # fmt: skip
"""Topics that Shopify's page shows no payload of."""


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(app_file=None)
    yield made
    made.close()


def _everything_happens(bench: Bench) -> None:
    shop = bench.shop
    shop.code_seconds = 0
    story = one_day(shop)
    carts.empty_cart(shop, story.cart)
    carts.describe_cart(shop, story.cart, note="changed")
    _orders_end(shop, story.checkout.customer_id)
    checkouts.delete_checkout(shop, abandoned_checkout(shop, "gone@mail.example"))
    discounting.work_on(shop, discounting.add_codes(shop, story.discount, ["X-1"]))
    variant = shelving.buyable(shop)[0]
    shelving.change_variant(shop, variant, stock=0)
    shelving.change_variant(shop, variant, stock=5, price="45.00", compare_at="50.00")
    shelving.delete_product(shop, shelving.create_product(shop, "Oak Stool", "240.00"))
    bench.ask(
        "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { userErrors { message } } }",
        q="{ collections { edges { node { id } } } }",
    )
    while any(one.status in ("CREATED", "RUNNING") for one in shop.bulk.works.values()):
        pass
    installing.grant_scopes(shop, [*shop.scopes, "read_themes"])
    installing.uninstall(shop)


def _orders_end(shop: Shop, customer_id: int) -> None:
    paid_later = abandoned_checkout(shop, "later@mail.example")
    order = checkouts.place_order(shop, paid_later, paid=False)
    orders.pay_order(shop, order)
    orders.fulfil_order(shop, order)
    orders.refund_order(shop, order, "1.00", lines=((order.lines[0].id, 1),))
    orders.delete_order(shop, order)
    customer = shop.state.customers[order.customer_id]
    people.set_consent(shop, customer, "unsubscribed")
    people.request_data(shop, customer)
    people.delete_customer(shop, customer)
    people.redact_customer(shop, shop.state.customers[customer_id])


@pytest.fixture
def told(bench: Bench) -> dict[str, list[Any]]:
    """Every payload of a day on which everything happens, by topic."""
    _everything_happens(bench)
    found: dict[str, list[Any]] = {}
    for pending in bench.shop.news.waiting:
        found.setdefault(pending.topic, []).append(json.loads(pending.body))
    return found


def test_every_topic_is_told(told: dict[str, list[Any]]) -> None:
    assert set(told) == {*ALL_TOPICS, *COMPLIANCE}


def test_every_payload_has_the_shape_of_its_sample(told: dict[str, list[Any]]) -> None:
    wrong = {
        f"{topic}{line}"
        for topic, payloads in told.items()
        if has_sample(topic)
        for payload in payloads
        for line in differences(payload, sample(topic))
    }
    assert wrong == set()


def test_only_topics_without_a_sample_are_left_out(told: dict[str, list[Any]]) -> None:
    assert {topic for topic in told if not has_sample(topic)} == NO_SAMPLE


def test_checkouts_have_no_id_and_their_deletion_has(told: dict[str, list[Any]]) -> None:
    for topic in ("checkouts/create", "checkouts/update"):
        assert all("id" not in one and one["token"] for one in told[topic])
    assert all(isinstance(one["id"], int) for one in told["checkouts/delete"])


def test_carts_name_nobody_and_state_no_total(told: dict[str, list[Any]]) -> None:
    for one in (*told["carts/create"], *told["carts/update"]):
        assert not {"customer", "email", "total_price"} & set(one)
        assert "?" not in one["token"]


def test_an_emptied_cart_is_told_without_lines(told: dict[str, list[Any]]) -> None:
    assert [] in [one["line_items"] for one in told["carts/update"]]


def test_an_order_can_be_matched_with_its_checkout_and_cart(told: dict[str, list[Any]]) -> None:
    checkouts_told = {one["token"]: one["cart_token"] for one in told["checkouts/update"]}
    for order in told["orders/create"]:
        assert checkouts_told[order["checkout_token"]] == order["cart_token"]
        assert {"name": "_rebasket", "value": "click-1"} in order["note_attributes"]


def test_a_finished_checkout_says_so(told: dict[str, list[Any]]) -> None:
    tokens = {one["checkout_token"] for one in told["orders/create"]}
    last = {one["token"]: one for one in told["checkouts/update"]}
    assert all(last[token]["completed_at"] for token in tokens)


def test_money_adds_up(told: dict[str, list[Any]]) -> None:
    for one in told["checkouts/update"]:
        lines = sum(float(line["line_price"]) for line in one["line_items"])
        assert round(lines, 2) == float(one["subtotal_price"])
        shipping = sum(float(line["price"]) for line in one["shipping_lines"])
        assert round(lines + shipping, 2) == float(one["total_price"])


def test_yen_have_no_cents_and_are_shown_in_euro_too() -> None:
    bench = Bench(app_file=None)
    cart = carts.new_cart(bench.other, currency="EUR")
    carts.add_to_cart(bench.other, cart, shelving.buyable(bench.other)[0].id)
    (news,) = bench.other.news.waiting
    money = json.loads(news.body)["line_items"][0]["price_set"]
    assert money["shop_money"]["currency_code"] == "JPY"
    assert "." not in money["shop_money"]["amount"]
    assert money["presentment_money"]["currency_code"] == "EUR"
    assert len(money["presentment_money"]["amount"].split(".")[1]) == 2
    bench.close()
