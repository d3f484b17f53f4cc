"""The double's webhooks arrive as recorded: their order, headers, bytes and types."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.departures import unlisted
from tests.conformance.lab import lab_store_read_by, lab_webhook
from tests.conformance.shapes import FIXTURES, body_differences
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.delivery import AGENT, Delivered
from tests.doubles.woocommerce.news import Pending
from tests.doubles.woocommerce.settings import dump, now
from tests.doubles.woocommerce.shopkeeping import Wanted, create_order
from tests.doubles.woocommerce.state import Meta, Product
from tests.doubles.woocommerce.stockroom import (
    add_coupon,
    add_customer,
    add_product,
    change_customer,
    delete_customer,
)

TOPICS = (
    "order.created", "order.updated", "order.deleted", "order.restored", "product.created",
    "product.updated", "product.deleted", "product.restored", "customer.created",
    "customer.updated", "customer.deleted", "coupon.created", "coupon.updated", "coupon.deleted",
)  # fmt: skip


def _store(answers: Callable[[httpx.Request], httpx.Response] | None = None) -> Store:
    """Return the recorded shop with a webhook for every topic, read by this handler."""
    reader = httpx.MockTransport(answers or (lambda request: httpx.Response(200)))
    store = lab_store_read_by(reader)
    for number, topic in enumerate(TOPICS, start=1):
        lab_webhook(store, number, topic).secret = f"lab2-secret-{topic}"
    return store


def _told(store: Store) -> list[Delivered]:
    """Run the queue and return what was delivered by it."""
    before = len(store.webhook_deliveries)
    store.run_queue()
    return [one for one in store.webhook_deliveries[before:] if not one.ping]


def _buy(store: Store, payment: str = "cod", *, block: bool = True) -> None:
    store.place_order(products=[(12, 2)], payment=payment, block=block)


def _refused(store: Store) -> None:
    visit = store.visitor("attempt@lab.test")
    store.add_to_cart(visit, 12)
    _checkout(store, visit.id)


def _checkout(store: Store, visit_id: str) -> None:
    """Post a block checkout without a postcode through the Store API."""
    name = f"{store.shop.profile.key}"
    cookie = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    nonce = hashlib.md5(f"nonce-{name}".encode(), usedforsecurity=False).hexdigest()[:10]
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi)) as client:
        answer = client.post(
            "http://127.0.0.1:8801/wp-json/wc/store/v1/checkout",
            json={"billing_address": {"first_name": "Grace", "country": "US"},
                  "payment_method": "cod"},
            headers={"Nonce": nonce, "Cookie": f"wp_woocommerce_session_{cookie}={visit_id}|1|2"},
        )  # fmt: skip
    assert answer.status_code == 400


def _draft_then_placed(store: Store) -> None:
    _refused(store)
    _told(store)
    visit = next(iter(store.state.visits.values()))
    store.add_to_cart(visit, 14)
    store.place_order(visit)


def _failed_then_paid(store: Store) -> None:
    visit = store.visitor("retry@lab.test")
    store.place_order(visit, products=[(12, 1)], payment="declined")
    _told(store)
    store.place_order(visit)


def _rest(store: Store, **wanted: Any) -> int:
    return create_order(store.shop.news, Wanted(lines=[(12, 0, 1)], **wanted)).id


def _set_paid(store: Store) -> None:
    wanted = Wanted(lines=[(12, 0, 3), (48, 52, 1)], payment_method="cod", paid=True)
    create_order(store.shop.news, wanted)


def _trashed(store: Store) -> None:
    order_id = _rest(store, status="processing")
    _told(store)
    store.trash("order", order_id)


def _restored(store: Store) -> None:
    _trashed(store)
    _told(store)
    order_id = next(iter(store.state.orders))
    store.restore("order", order_id)


def _refunded(store: Store) -> None:
    _set_paid(store)
    _told(store)
    order = next(iter(store.state.orders.values()))
    store.refund(order, "2.50")
    assert order.status == "completed"


def _paid_later(store: Store) -> None:
    _buy(store, "bacs")
    _told(store)
    store.change_status(next(iter(store.state.orders.values())), "processing")


def _new_product(store: Store) -> None:
    made = now()
    product = Product(163, "Del2", "del2", "simple", made, made, regular_price="1",
                      manage_stock=False, category_ids=[15])  # fmt: skip
    add_product(store.shop.news, product)


def _untrashed_product(store: Store) -> None:
    _new_product(store)
    store.trash("product", 163)
    _told(store)
    store.restore("product", 163)


def _untrashed_variable(store: Store) -> None:
    store.trash("product", 71)
    _told(store)
    store.restore("product", 71)


def _new_customer(store: Store) -> None:
    add_customer(store.shop.news, email="new@lab.test")


def _moved_customer(store: Store) -> None:
    customer = add_customer(store.shop.news, email="new@lab.test")
    _told(store)
    change_customer(store.shop.news, customer, email="other@lab.test")


def _gone_customer(store: Store) -> None:
    customer = add_customer(store.shop.news, email="new@lab.test")
    _told(store)
    delete_customer(store.shop.news, customer)


def _trashed_coupon(store: Store) -> None:
    store.trash("coupon", 74)


_PRODUCTS = "products-coupons-customers"
SCENES: dict[str, Callable[[Store], None]] = {
    "orders/block-cod-processing": _buy,
    "orders/classic-cod-processing": lambda store: _buy(store, block=False),
    "orders/block-bacs-on-hold": lambda store: _buy(store, "bacs"),
    "orders/classic-bacs-on-hold": lambda store: _buy(store, "bacs", block=False),
    "orders/block-pending-payment": lambda store: _buy(store, "waiting"),
    "orders/classic-pending-payment": lambda store: _buy(store, "waiting", block=False),
    "orders/block-failed-then-retried-cod": _failed_then_paid,
    "orders/block-checkout-attempt-invalid-address-draft": _refused,
    "orders/block-draft-then-placed": _draft_then_placed,
    "orders/bacs-on-hold-to-processing": _paid_later,
    "orders/rest-pending": _rest,
    "orders/rest-checkout-draft": lambda store: _rest(store, status="checkout-draft"),
    "orders/rest-auto-draft": lambda store: _rest(store, status="auto-draft"),
    "orders/rest-processing-set-paid": _set_paid,
    "orders/order-trashed": _trashed,
    "orders/order-restored-from-trash": _restored,
    "orders/refund-partial-by-amount": _refunded,
    f"{_PRODUCTS}/product-created-plain": _new_product,
    f"{_PRODUCTS}/product-price-changed": lambda store: store.change_price(14, "12.90", "10.00"),
    f"{_PRODUCTS}/product-stock-0": lambda store: store.change_stock(14, 0),
    f"{_PRODUCTS}/product-stock-back-9": lambda store: store.change_stock(14, 9),
    f"{_PRODUCTS}/product-trashed": lambda store: store.trash("product", 12),
    f"{_PRODUCTS}/variable-product-trashed": lambda store: store.trash("product", 71),
    f"{_PRODUCTS}/product-restored-from-trash": _untrashed_product,
    f"{_PRODUCTS}/variable-product-untrashed": _untrashed_variable,
    f"{_PRODUCTS}/customer-created-rest": _new_customer,
    f"{_PRODUCTS}/customer-email-changed": _moved_customer,
    f"{_PRODUCTS}/customer-deleted": _gone_customer,
    f"{_PRODUCTS}/coupon-created": lambda store: _coupon(store),
    f"{_PRODUCTS}/coupon-trashed": _trashed_coupon,
}


def _coupon(store: Store) -> None:
    add_coupon(
        store.shop.news, code="lab2", kind="percent", amount="10",
        fields={"usage_limit": 1, "email_restrictions": ["ada@lab.test"]},
        meta=[Meta(1, "_cr_flow", "77")],
    )  # fmt: skip


def _recordings(scene: str) -> list[dict[str, Any]]:
    folder, _, name = scene.rpartition("/")
    files = sorted((FIXTURES / "more" / "webhooks" / folder).glob(f"{name}--*.json"))
    return [json.loads(one.read_text("utf-8")) for one in files]


def scene_differences(scene: str) -> list[str]:
    """Return where the deliveries of a scene differ from the recorded ones."""
    store = _store()
    SCENES[scene](store)
    ours, recorded = _told(store), _recordings(scene)
    topics = [dict(one["headers"])["X-WC-Webhook-Topic"] for one in recorded]
    assert [one.topic for one in ours] == topics
    found: list[str] = []
    for delivered, one in zip(ours, recorded, strict=True):
        found += body_differences(one["json"], json.loads(delivered.body))
        names = {name for name, _ in one["headers"]} - _TRANSPORT
        found += [f"~header {name}" for name in names ^ set(delivered.headers)]
    return sorted(set(found))


_TRANSPORT = {"Host", "Connection", "Content-Length", "Accept-Encoding"}


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_deliveries_arrive_in_the_recorded_order_and_shape(scene: str) -> None:
    assert unlisted(f"webhooks/{scene}", scene_differences(scene)) == []


def _all_recorded_deliveries() -> list[Path]:
    folders = (FIXTURES / "webhooks", FIXTURES / "more" / "webhooks")
    files = [path for folder in folders for path in folder.rglob("*.json")]
    return [path for path in files if '"raw_body"' in path.read_text("utf-8")]


def test_bodies_are_written_byte_for_byte_as_php_writes_them() -> None:
    files = [json.loads(path.read_text("utf-8")) for path in _all_recorded_deliveries()]
    bodies = [one["raw_body"] for one in files if one["raw_body"].startswith("{")]
    assert len(bodies) > 150
    assert [body for body in bodies if dump(json.loads(body)) != body.encode()] == []


def test_a_delivery_is_signed_over_its_raw_body() -> None:
    store = _store()
    _buy(store)
    for one in _told(store):
        secret = f"lab2-secret-{one.topic}".encode()
        digest = base64.b64encode(hmac.new(secret, one.body, hashlib.sha256).digest()).decode()
        assert one.headers["X-WC-Webhook-Signature"] == digest
        assert one.headers["User-Agent"] == AGENT


def test_two_things_told_by_one_webhook_in_one_second_share_their_delivery_id() -> None:
    store = _store()
    store.change_price(12, "15.00")
    store.change_price(14, "16.00")
    first, second = _told(store)
    header = "X-WC-Webhook-Delivery-ID"
    assert first.headers[header] == second.headers[header]


def test_the_ping_is_an_unsigned_form() -> None:
    seen: list[httpx.Request] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    store = _store(remember)
    store.shop.deliveries.ping(store.state.webhooks[1])
    recorded = json.loads((FIXTURES / "webhooks" / "ping.json").read_text("utf-8"))
    assert seen[0].content.decode() == recorded["raw_body"]
    assert seen[0].headers["Content-Type"] == recorded["headers"]["Content-Type"]
    assert not [name for name in seen[0].headers if name.startswith("x-wc-")]


def test_the_seventh_failure_in_a_row_switches_a_webhook_off() -> None:
    store = _store(lambda request: httpx.Response(500))
    webhook = store.state.webhooks[TOPICS.index("product.updated") + 1]
    recorded = json.loads((FIXTURES / "webhooks" / "failure-disable-sequence.json").read_text())
    for step in recorded[:-1]:
        store.change_stock(12, 30 + step["failure_no"])
        store.run_queue()
        status, failures, _ = step["status_failure_count_pending"].split("\t")
        assert (webhook.status, webhook.failures) == (status, int(failures))
        assert len(store.webhook_deliveries) == step["deliveries_seen"]


def test_deleting_for_good_tells_nothing() -> None:
    store = _store()
    order_id = _rest(store)
    _told(store)
    store.delete("order", order_id)
    store.delete("product", 71)
    store.delete("coupon", 74)
    assert _told(store) == []


def test_an_order_gone_before_the_run_is_told_as_a_signed_error() -> None:
    store = _store()
    store.delete("order", _rest(store))
    bodies = [json.loads(one.body) for one in _told(store)]
    assert [body["code"] for body in bodies] == ["woocommerce_rest_shop_order_invalid_id"] * 2
    assert {body["data"]["status"] for body in bodies} == {404}


def test_several_changes_before_a_run_are_told_once_as_they_stand_then() -> None:
    store = _store()
    order_id = _rest(store)
    store.change_status(store.state.orders[order_id], "processing")
    told = [(one.topic, json.loads(one.body).get("status")) for one in _told(store)]
    assert told[:2] == [("order.created", "processing"), ("order.updated", "processing")]
    assert [topic for topic, _ in told].count("order.updated") == 1


def test_refunds_reach_the_status_only_when_all_is_given_back() -> None:
    store = _store()
    order_id = _rest(store, status="processing")
    order = store.state.orders[order_id]
    store.refund(order, "4.00")
    assert (order.status, order.total) == ("processing", Decimal("14.00"))
    store.refund(order, "10.00")
    assert order.status == "refunded"


def test_faults_drop_double_hold_and_reorder_deliveries() -> None:
    store = _store()
    store.faults.drop = 1
    store.faults.duplicate = 1
    _rest(store)
    told = _told(store)
    assert [one.dropped for one in told] == [True, True, False]
    store.faults.drop = store.faults.duplicate = 0
    store.faults.hold = 1
    store.change_price(12, "15.00")
    assert _told(store) == []
    assert [one.topic for one in _told(store)] == ["product.updated"]
    store.faults.shuffle = 4
    batch = [Pending(n, "product.updated", n, now()) for n in range(6)]
    assert sorted(one.arg for one in store.faults.order(batch)) == list(range(6))
