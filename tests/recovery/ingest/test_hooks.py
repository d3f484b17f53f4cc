"""The inbox's doors: who gets in, and what is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from recovery.ingest import handling
from recovery.orders.models import Order
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import Knock, inbox, secret_of
from tests.recovery.ingest.little_store import ORDER, signature

BODY = json.dumps(ORDER).encode()


def test_a_signed_delivery_is_committed_and_answered(knock: Knock, connected: Shop) -> None:
    answer = knock("order.updated", BODY)
    assert (answer.status_code, answer.json()) == (200, {})
    (kept,) = inbox(connected)
    assert (kept.topic, bytes(kept.body), kept.state) == ("order.updated", BODY, "new")


def test_the_same_delivery_twice_is_kept_once(knock: Knock, connected: Shop) -> None:
    assert {knock("order.updated", BODY).status_code for _ in range(2)} == {200}
    assert len(inbox(connected)) == 1


def test_two_things_under_one_delivery_id_are_two_events(knock: Knock, connected: Shop) -> None:
    other = json.dumps(ORDER | {"id": 100}).encode()
    knock("order.updated", BODY)
    knock("order.updated", other)
    knock("order.created", other)
    assert len(inbox(connected)) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"X-WC-Webhook-Signature": ""},
        {"X-WC-Webhook-Signature": signature(BODY, "another secret")},
        {"X-WC-Webhook-Signature": signature(BODY + b" ", "shop.example/order.updated")},
        {"X-WC-Webhook-Signature": "å" * 44},
        {"X-WC-Webhook-Signature": signature(BODY, "shop.example/order.created")},
        {"X-WC-Webhook-Signature": signature(BODY, "")},
        {"X-WC-Webhook-Topic": "order.published"},
        {"X-WC-Webhook-Topic": ""},
    ],
)
def test_an_unsigned_or_wrongly_signed_delivery_is_refused(
    knock: Knock, connected: Shop, said: dict[str, str]
) -> None:
    answer = knock("order.updated", BODY, **said)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unsigned"
    assert inbox(connected) == []


def test_one_shops_secret_opens_no_other_shops_door(
    knock: Knock, connected: Shop, other_shop: Shop
) -> None:
    assert knock("order.updated", BODY, shop=other_shop.public_id).status_code == 401
    stolen = signature(BODY, secret_of(other_shop, "order.updated"))
    answer = knock("order.updated", BODY, **{"X-WC-Webhook-Signature": stolen})
    assert answer.status_code == 401
    assert inbox(connected) == inbox(other_shop) == []


def test_the_ping_is_answered_and_not_kept(client: Client, connected: Shop) -> None:
    answer = client.post(
        f"/hooks/woocommerce/{connected.public_id}/",
        b"webhook_id=17",
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, inbox(connected)) == (200, [])


@pytest.mark.parametrize("body", [b"webhook_id=", b"webhook_id=1&x=2", b"webhook_id=1\n", b""])
def test_what_only_looks_like_a_ping_is_refused(
    client: Client, connected: Shop, body: bytes
) -> None:
    answer = client.post(
        f"/hooks/woocommerce/{connected.public_id}/",
        body,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 401


def test_an_uninstalled_shop_is_gone_and_an_unknown_one_not_found(
    knock: Knock, client: Client, connected: Shop
) -> None:
    Shop.objects.filter(pk=connected.pk).update(state=Shop.State.UNINSTALLED)
    assert knock("order.updated", BODY).status_code == 410
    assert knock("order.updated", BODY, shop="nobody").status_code == 404
    wrong_platform = f"/hooks/shopify/{connected.public_id}/"
    assert client.post(wrong_platform, b"{}", "application/json").status_code == 404


def test_a_delivery_signed_by_a_copy_of_the_store_waits_for_a_person(
    knock: Knock, connected: Shop
) -> None:
    answer = knock("order.updated", BODY, **{"X-WC-Webhook-Source": "https://staging.example/"})
    assert answer.status_code == 200
    (kept,) = inbox(connected)
    assert kept.state == "quarantined"
    assert "another address" in kept.problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (BODY[:-40], "not JSON"),
        (json.dumps(ORDER | {"total": 33}).encode(), "total is not a text"),
        (json.dumps(ORDER | {"id": "99"}).encode(), "id is not an integer"),
        (b"[" * 100_000, "nested deeper"),
        (BODY.replace(b"Grace", b"Gr\\u0000ce"), "NUL"),
        (b'{"id": 1e999}', "a number beyond"),
        (b"[]", "no currency code"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"code": "woocommerce_rest_cannot_view", "message": "No.", "data": {"status": 401}}',
         "woocommerce_rest_cannot_view"),
    ],
)  # fmt: skip
def test_signed_but_unreadable_news_is_quarantined(
    knock: Knock, connected: Shop, body: bytes, problem: str
) -> None:
    assert knock("order.updated", body).status_code == 200
    handling.handle_waiting(connected, at=MORNING)
    (kept,) = inbox(connected)
    assert kept.state == "quarantined"
    assert problem in kept.problem
    with access.scope(connected):
        assert not Order.objects.exists()


def test_ten_megabytes_are_answered_and_kept_in_part(knock: Knock, connected: Shop) -> None:
    body = b'{"id": 99, "note": "' + b"x" * (10 * 1024 * 1024) + b'"}'
    assert knock("order.updated", body).status_code == 200
    (kept,) = inbox(connected)
    assert kept.state == "quarantined"
    assert len(bytes(kept.body)) == 1024 * 1024
    assert str(len(body)) in kept.problem


def test_more_than_any_store_sends_is_refused(knock: Knock, connected: Shop) -> None:
    assert knock("order.updated", b"x" * (12 * 1024 * 1024 + 1)).status_code == 413
    assert inbox(connected) == []


def _report(kind: str, data: dict[str, Any], **changes: Any) -> bytes:
    envelope = {
        "schema": 1,
        "event_id": str(uuid.UUID(int=1)),
        "type": kind,
        "changed_at": "2026-11-22T15:40:44.123Z",
        "revision": 1,
        "data": data,
    }
    return json.dumps(envelope | changes).encode()


def _plugin(client: Client, shop: Shop, body: bytes, *, late: timedelta = timedelta()) -> Any:
    sent = int((datetime.now(UTC) - late).timestamp())
    digest = hmac.new(f"{shop.host}/plugin".encode(), f"{sent}.".encode() + body, hashlib.sha256)
    return client.post(
        f"/hooks/woocommerce/{shop.public_id}/plugin",
        body,
        content_type="application/json",
        headers={"X-Rebasket-Signature": f"t={sent},v1={digest.hexdigest()}"},
    )


STOPPED = _report("plugin.stopped", {})


def test_a_plugins_report_counts_once_over_all_its_tries(client: Client, connected: Shop) -> None:
    assert _plugin(client, connected, STOPPED).status_code == 200
    assert _plugin(client, connected, STOPPED, late=timedelta(hours=3)).status_code == 200
    (kept,) = inbox(connected)
    assert (kept.source, kept.topic) == ("plugin", "plugin.stopped")


def test_a_late_report_is_applied_all_the_same(client: Client, connected: Shop) -> None:
    order = _report("order.placed", {"cart_id": "a" * 32, "order": ORDER})
    assert _plugin(client, connected, order, late=timedelta(days=2)).status_code == 200
    assert handling.handle_waiting(connected, at=MORNING) == 1
    with access.scope(connected):
        assert Order.objects.get().cart_id == "a" * 32


def test_a_report_without_its_signature_is_refused(client: Client, connected: Shop) -> None:
    address = f"/hooks/woocommerce/{connected.public_id}/plugin"
    for headers in ({}, {"X-Rebasket-Signature": f"t=1,v1={'0' * 64}"}):
        answer = client.post(address, STOPPED, "application/json", headers=headers)
        assert answer.status_code == 401
    assert _plugin(client, connected, STOPPED + b" ").status_code == 200
    assert len(inbox(connected)) == 1


def test_a_signed_report_that_cannot_be_read_is_quarantined(
    client: Client, connected: Shop
) -> None:
    assert _plugin(client, connected, b'{"schema": 2}').status_code == 200
    handling.handle_waiting(connected, at=MORNING)
    (kept,) = inbox(connected)
    assert (kept.state, kept.topic) == ("quarantined", "unreadable")


def test_a_stopped_plugin_reports_no_more_carts(client: Client, connected: Shop) -> None:
    soon = _report("plugin.stopped", {}, changed_at="2026-11-23T10:00:01Z")
    _plugin(client, connected, soon)
    handling.handle_waiting(connected, at=MORNING)
    connected.refresh_from_db()
    assert not connected.has_plugin
    assert connected.state == Shop.State.CONNECTED


def test_a_stop_from_before_the_newest_connection_is_old_news(
    client: Client, connected: Shop
) -> None:
    _plugin(client, connected, STOPPED)
    handling.handle_waiting(connected, at=MORNING)
    connected.refresh_from_db()
    assert connected.has_plugin
