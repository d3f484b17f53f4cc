"""What deliveries did not tell is found by asking, and nothing is gone before that is sure."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from recovery.catalog.models import Category, Product, Variant
from recovery.contacts.models import Contact
from recovery.ingest import readings
from recovery.ingest.models import Subscription
from recovery.orders.models import Order
from shopapp.kit import egress
from shopapp.kit.egress import EgressFailed, Response
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import read_all, stock
from tests.recovery.ingest.little_store import (
    LittleStore,
    recorded,
)

JSON = httpx.Headers({"Content-Type": "application/json"})


def test_a_lost_change_is_found_within_fifteen_minutes(connected: Shop, store: LittleStore) -> None:
    stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    store.wait(60)
    (order,) = [one for one in store.held["orders"].values() if "11-23" in one["date_created_gmt"]]
    store.change("orders", order["id"], status="completed")
    store.asked.clear()
    read_all(connected, MORNING + timedelta(minutes=14))
    assert store.asked == []
    read_all(connected, MORNING + timedelta(minutes=15))
    with access.scope(connected):
        assert Order.objects.get(platform_id=order["id"]).status == "completed"
    assert all("modified_after" in one for one in store.asked if "orders" in one)


def test_what_was_deleted_for_good_is_found_at_night(connected: Shop, store: LittleStore) -> None:
    stock(store, products=3)
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    for route in ("orders", "products", "customers", "categories"):
        for thing in list(store.held[route]):
            store.erase(route, thing)
    read_all(connected, MORNING + timedelta(hours=23))
    with access.scope(connected):
        assert Order.objects.get().vanished_at is None
    read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        for model in (Order, Product, Variant, Category):
            assert not model.objects.filter(vanished_at=None).exists()
        assert Contact.objects.get().customer_id == ""


def test_a_disabled_webhook_is_switched_on_and_a_missing_one_made(
    connected: Shop, store: LittleStore
) -> None:
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    hooks = store.held["webhooks"]
    assert len(hooks) == 11
    first, second, *_ = hooks
    hooks[first]["status"] = "disabled"
    lost = hooks.pop(second)["topic"]
    stranger = store.put(
        "webhooks", {}, topic="order.created", delivery_url="https://else.example/"
    )
    ours = hooks[first] | {"id": 99}
    hooks[99] = ours
    read_all(connected, MORNING + timedelta(minutes=20))
    assert {hook["status"] for one, hook in hooks.items() if one != stranger["id"]} == {"active"}
    assert stranger["id"] in hooks
    assert 99 not in hooks
    assert len({hook["topic"] for hook in hooks.values()}) == 11
    with access.scope(connected):
        rows = {row.topic: row for row in Subscription.objects.all()}
    assert "switched on again" in rows[hooks[first]["topic"]].problem
    assert rows[lost].platform_id in {str(one) for one in hooks}


def test_a_network_that_is_down_is_no_empty_store(
    connected: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    read_all(connected)

    def nobody(*_args: object, **_said: object) -> Response:
        raise EgressFailed("shop.example could not be reached.")

    monkeypatch.setattr(egress, "request", nobody)
    read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        assert Order.objects.get().vanished_at is None
        assert Product.objects.filter(doubtful_since__isnull=False).count() == 0


def test_a_shop_that_was_switched_off_has_lost_nothing(
    connected: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    answer = store.request
    no_route = recorded("rest-v3/err_404_route.json")["response"]["json"]

    def half_awake(method: str, url: str, **sent: object) -> Response:
        if url.partition("?")[0].rpartition("/")[2].isdigit():
            return Response(404, JSON, json.dumps(no_route).encode())
        return answer(method, url, **sent)

    monkeypatch.setattr(egress, "request", half_awake)
    for route in ("orders", "products", "customers"):
        for thing in store.held[route].values():
            thing["status"] = "trash"
    store.held["customers"].clear()
    read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        for model in (Order, Product, Variant):
            assert not model.objects.exclude(vanished_at=None).exists()
        assert Contact.objects.get().customer_id
