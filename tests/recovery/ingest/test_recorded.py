"""A real store's recorded deliveries, posted as they were: own bodies, headers, signatures."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from recovery.catalog.models import Product, Variant
from recovery.contacts.models import Contact
from recovery.ingest import handling
from recovery.ingest.models import Delivery, Subscription
from recovery.ingest.webhooks import _context
from recovery.orders.models import Order
from shopapp.kit.sealed import seal
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import RECORDED

Recording = dict[str, Any]
RUNS = {
    "the first recording": ("webhooks", "USD", 2),
    "orders of every kind": ("more/webhooks/orders", "USD", 2),
    "products and customers": ("more/webhooks/products-coupons-customers", "USD", 2),
    "changes in quick succession": ("more/webhooks/quick-succession", "USD", 2),
    "yen": ("more/webhooks/settings-jpy-0-decimals", "JPY", 0),
    "plain permalinks": ("more/webhooks/settings-plain-permalinks", "USD", 2),
}


def deliveries(folder: str) -> list[Recording]:
    """Return the folder's signed deliveries of our topics, in the order of arrival."""
    found = [
        recording
        for path in (RECORDED / folder).glob("*.json")
        if isinstance(recording := json.loads(path.read_text()), dict)
        and recording.get("signature_valid")
        and _topic(recording) in TOPICS
    ]
    assert found
    return sorted(found, key=lambda recording: float(recording["received_at"]))


def _headers(recording: Recording) -> dict[str, str]:
    pairs = recording["headers"]
    return dict(pairs.items() if isinstance(pairs, dict) else pairs)


def _topic(recording: Recording) -> str:
    return _headers(recording).get("X-WC-Webhook-Topic", "")


def _post(client: Client, shop: Shop, recording: Recording) -> None:
    """Post the delivery; its topic's webhook has the secret that the recorder gave it."""
    headers, topic = _headers(recording), _topic(recording)
    with access.scope(shop):
        sealed = seal(recording["secret_used"], context=_context(shop.pk, topic))
        Subscription.objects.update_or_create(
            shop=shop,
            topic=topic,
            defaults={"sealed_secret": sealed, "status": "active", "checked_at": MORNING},
        )
    answer = client.post(
        f"/hooks/woocommerce/{shop.public_id}/",
        recording["raw_body"].encode(),
        content_type="application/json",
        headers={name: value for name, value in headers.items() if name.startswith("X-WC-")},
    )
    assert answer.status_code == 200, recording


def _newest(recordings: list[Recording], resource: str) -> dict[int, Recording]:
    """Return the last state of each thing that the deliveries tell, by its id."""
    newest: dict[int, Recording] = {}
    for recording in recordings:
        body = recording["json"]
        if not _topic(recording).startswith(resource) or "date_created_gmt" not in body:
            continue
        known = newest.get(body["id"])
        if known is None or _moment(body) >= _moment(known):
            newest[body["id"]] = body
    return newest


def _moment(body: Recording) -> str:
    return str(body["date_modified_gmt"] or body["date_created_gmt"])


@pytest.mark.parametrize("run", RUNS)
def test_recorded_deliveries_end_in_the_right_rows_each_once(
    client: Client, shop: Shop, run: str
) -> None:
    folder, currency, decimals = RUNS[run]
    Shop.objects.filter(pk=shop.pk).update(
        host="127.0.0.1:8801", currency=currency, decimals=decimals
    )
    shop.refresh_from_db()
    recordings = deliveries(folder)
    for recording in [*recordings, *recordings[:5]]:
        _post(client, shop, recording)
    while handling.handle_waiting(shop, at=MORNING):
        pass
    with access.scope(shop):
        stuck = Delivery.objects.exclude(state="handled").values_list("topic", "problem")
        assert not list(stuck)
        assert Delivery.objects.count() == len({_identity(one) for one in recordings})
        _check_orders(_newest(recordings, "order"))
        _check_products(_newest(recordings, "product"))
        _check_customers(_newest(recordings, "customer"))


def _identity(recording: Recording) -> tuple[str, str, str]:
    delivery_id = _headers(recording)["X-WC-Webhook-Delivery-ID"]
    return delivery_id, _topic(recording), recording["raw_body"]


def _check_orders(expected: dict[int, Recording]) -> None:
    rows = {int(row.platform_id): row for row in Order.objects.all()}
    assert rows.keys() == expected.keys()
    for order_id, body in expected.items():
        row = rows[order_id]
        assert (row.number, row.status) == (body["number"], body["status"])
        assert row.total.amount == Decimal(body["total"])
        assert row.changed_at.isoformat().startswith(_moment(body))
        assert [line["quantity"] for line in row.lines] == [
            line["quantity"] for line in body["line_items"]
        ]
        kept = row.email if row.stage != "none" else body["billing"]["email"]
        assert kept == body["billing"]["email"]


def _check_products(expected: dict[int, Recording]) -> None:
    rows = {
        int(row.platform_id): row for model in (Product, Variant) for row in model.objects.all()
    }
    assert rows.keys() == expected.keys()
    for product_id, body in expected.items():
        row = rows[product_id]
        assert isinstance(row, Variant) == (body["type"] == "variation")
        assert row.changed_at.isoformat().startswith(_moment(body))
        if not row.doubtful_since:
            assert row.price.amount == Decimal(body["price"] or 0)
            assert row.stock == (body["stock_quantity"] if body["manage_stock"] else None)


def _check_customers(expected: dict[int, Recording]) -> None:
    shoppers = {
        str(customer_id): body["email"]
        for customer_id, body in expected.items()
        if body["role"] == "customer"
    }
    rows = Contact.objects.exclude(customer_id="").values_list("customer_id", "email")
    known = dict(rows)
    assert set(known) <= set(shoppers)
    assert all(shoppers[customer_id] == email for customer_id, email in known.items())
