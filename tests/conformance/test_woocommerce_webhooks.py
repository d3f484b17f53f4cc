"""The double's webhooks arrive as recorded: their order, headers, bytes and types."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.departures import unlisted
from tests.conformance.listening import listening_store, rest_order, told
from tests.conformance.shapes import FIXTURES, body_differences
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.delivery import AGENT
from tests.doubles.woocommerce.records import Meta, Product
from tests.doubles.woocommerce.settings import dump, now
from tests.doubles.woocommerce.shopkeeping import Wanted, create_order
from tests.doubles.woocommerce.stockroom import (
    add_coupon,
    add_customer,
    add_product,
    change_customer,
    delete_customer,
)


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
    told(store)
    visit = next(iter(store.state.visits.values()))
    store.add_to_cart(visit, 14)
    store.place_order(visit)


def _failed_then_paid(store: Store) -> None:
    visit = store.visitor("retry@lab.test")
    store.place_order(visit, products=[(12, 1)], payment="declined")
    told(store)
    store.place_order(visit)


def _set_paid(store: Store) -> None:
    wanted = Wanted(lines=[(12, 0, 3), (48, 52, 1)], payment_method="cod", paid=True)
    create_order(store.shop.news, wanted)


def _trashed(store: Store) -> None:
    order_id = rest_order(store, status="processing")
    told(store)
    store.trash("order", order_id)


def _restored(store: Store) -> None:
    _trashed(store)
    told(store)
    order_id = next(iter(store.state.orders))
    store.restore("order", order_id)


def _refunded(store: Store) -> None:
    _set_paid(store)
    told(store)
    order = next(iter(store.state.orders.values()))
    store.refund(order, "2.50")
    assert order.status == "completed"


def _paid_later(store: Store) -> None:
    _buy(store, "bacs")
    told(store)
    store.change_status(next(iter(store.state.orders.values())), "processing")


def _new_product(store: Store) -> None:
    made = now()
    product = Product(163, "Del2", "del2", "simple", made, made, regular_price="1",
                      manage_stock=False, category_ids=[15])  # fmt: skip
    add_product(store.shop.news, product)


def _untrashed_product(store: Store) -> None:
    _new_product(store)
    store.trash("product", 163)
    told(store)
    store.restore("product", 163)


def _untrashed_variable(store: Store) -> None:
    store.trash("product", 71)
    told(store)
    store.restore("product", 71)


def _new_customer(store: Store) -> None:
    add_customer(store.shop.news, email="new@lab.test")


def _moved_customer(store: Store) -> None:
    customer = add_customer(store.shop.news, email="new@lab.test")
    told(store)
    change_customer(store.shop.news, customer, email="other@lab.test")


def _gone_customer(store: Store) -> None:
    customer = add_customer(store.shop.news, email="new@lab.test")
    told(store)
    delete_customer(store.shop.news, customer)


def _trashed_coupon(store: Store) -> None:
    store.trash("coupon", 74)


def _coupon(store: Store) -> None:
    add_coupon(
        store.shop.news, code="lab2", kind="percent", amount="10",
        fields={"usage_limit": 1, "email_restrictions": ["ada@lab.test"]},
        meta=[Meta(1, "_cr_flow", "77")],
    )  # fmt: skip


_PRODUCTS = "products-coupons-customers"
SCENES: dict[str, Callable[[Store], object]] = {
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
    "orders/rest-pending": rest_order,
    "orders/rest-checkout-draft": lambda store: rest_order(store, status="checkout-draft"),
    "orders/rest-auto-draft": lambda store: rest_order(store, status="auto-draft"),
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
    f"{_PRODUCTS}/coupon-created": _coupon,
    f"{_PRODUCTS}/coupon-trashed": _trashed_coupon,
}


def _recordings(scene: str) -> list[dict[str, Any]]:
    folder, _, name = scene.rpartition("/")
    files = sorted((FIXTURES / "more" / "webhooks" / folder).glob(f"{name}--*.json"))
    return [json.loads(one.read_text("utf-8")) for one in files]


def scene_differences(scene: str) -> list[str]:
    """Return where the deliveries of a scene differ from the recorded ones."""
    store = listening_store()
    SCENES[scene](store)
    ours, recorded = told(store), _recordings(scene)
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
    store = listening_store()
    _buy(store)
    for one in told(store):
        secret = f"lab2-secret-{one.topic}".encode()
        digest = base64.b64encode(hmac.new(secret, one.body, hashlib.sha256).digest()).decode()
        assert one.headers["X-WC-Webhook-Signature"] == digest
        assert one.headers["User-Agent"] == AGENT


def test_two_things_told_by_one_webhook_in_one_second_share_their_delivery_id() -> None:
    store = listening_store()
    store.change_price(12, "15.00")
    store.change_price(14, "16.00")
    first, second = told(store)
    header = "X-WC-Webhook-Delivery-ID"
    assert first.headers[header] == second.headers[header]
