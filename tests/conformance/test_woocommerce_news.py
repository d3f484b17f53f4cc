"""What the double tells and does not tell, and what a failing reader brings about."""

from __future__ import annotations

import json
from decimal import Decimal

import httpx

from tests.conformance.listening import TOPICS, listening_store, rest_order, told
from tests.conformance.shapes import FIXTURES
from tests.doubles.woocommerce.news import Pending
from tests.doubles.woocommerce.settings import now


def test_the_ping_is_an_unsigned_form() -> None:
    seen: list[httpx.Request] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    store = listening_store(remember)
    store.shop.deliveries.ping(store.state.webhooks[1])
    recorded = json.loads((FIXTURES / "webhooks" / "ping.json").read_text("utf-8"))
    assert seen[0].content.decode() == recorded["raw_body"]
    assert seen[0].headers["Content-Type"] == recorded["headers"]["Content-Type"]
    assert not [name for name in seen[0].headers if name.startswith("x-wc-")]


def test_the_seventh_failure_in_a_row_switches_a_webhook_off() -> None:
    store = listening_store(lambda request: httpx.Response(500))
    webhook = store.state.webhooks[TOPICS.index("product.updated") + 1]
    recorded = json.loads((FIXTURES / "webhooks" / "failure-disable-sequence.json").read_text())
    for step in recorded[:-1]:
        store.change_stock(12, 30 + step["failure_no"])
        store.run_queue()
        status, failures, _ = step["status_failure_count_pending"].split("\t")
        assert (webhook.status, webhook.failures) == (status, int(failures))
        assert len(store.webhook_deliveries) == step["deliveries_seen"]


def test_deleting_for_good_tells_nothing() -> None:
    store = listening_store()
    order_id = rest_order(store)
    told(store)
    store.delete("order", order_id)
    store.delete("product", 71)
    store.delete("coupon", 74)
    assert told(store) == []


def test_an_order_gone_before_the_run_is_told_as_a_signed_error() -> None:
    store = listening_store()
    store.delete("order", rest_order(store))
    bodies = [json.loads(one.body) for one in told(store)]
    assert [body["code"] for body in bodies] == ["woocommerce_rest_shop_order_invalid_id"] * 2
    assert {body["data"]["status"] for body in bodies} == {404}


def test_several_changes_before_a_run_are_told_once_as_they_stand_then() -> None:
    store = listening_store()
    order_id = rest_order(store)
    store.change_status(store.state.orders[order_id], "processing")
    heard = [(one.topic, json.loads(one.body).get("status")) for one in told(store)]
    assert heard[:2] == [("order.created", "processing"), ("order.updated", "processing")]
    assert [topic for topic, _ in heard].count("order.updated") == 1


def test_refunds_reach_the_status_only_when_all_is_given_back() -> None:
    store = listening_store()
    order_id = rest_order(store, status="processing")
    order = store.state.orders[order_id]
    store.refund(order, "4.00")
    assert (order.status, order.total) == ("processing", Decimal("14.00"))
    store.refund(order, "10.00")
    assert order.status == "refunded"


def test_faults_drop_double_hold_and_reorder_deliveries() -> None:
    store = listening_store()
    store.faults.drop = 1
    store.faults.duplicate = 1
    rest_order(store)
    assert [one.dropped for one in told(store)] == [True, True, False]
    store.faults.drop = store.faults.duplicate = 0
    store.faults.hold = 1
    store.change_price(12, "15.00")
    assert told(store) == []
    assert [one.topic for one in told(store)] == ["product.updated"]
    store.faults.shuffle = 4
    batch = [Pending(n, "product.updated", n, now()) for n in range(6)]
    assert sorted(one.arg for one in store.faults.order(batch)) == list(range(6))
