"""The store is read page by page: resumed after a kill, left alone when it fails, never skipped."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from recovery.catalog.models import Category, Product, Variant
from recovery.contacts.models import Contact
from recovery.ingest import pages, places, readings, reconciling, shown
from recovery.ingest.models import Reading, Subscription
from recovery.orders.models import Order
from shopapp.kit import egress
from shopapp.kit.egress import EgressFailed, Response
from shopapp.shops import access
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import (
    CATEGORY,
    CUSTOMER,
    ORDER,
    PRODUCT,
    VARIATION,
    LittleStore,
    recorded,
)

JSON = httpx.Headers({"Content-Type": "application/json"})
SOON = timedelta(seconds=1)


def _stock(store: LittleStore, *, products: int = 250) -> None:
    for number in range(products):
        store.put("products", PRODUCT, name=f"Mug {number}")
    parent = store.put("products", PRODUCT, type="variable", variations=[])
    for _ in range(3):
        made = store.put("products", VARIATION, parent_id=parent["id"])
        parent["variations"].append(made["id"])
    store.put("categories", CATEGORY)
    store.put("customers", CUSTOMER)
    store.put("orders", ORDER)
    store.put("orders", ORDER, date_created_gmt="2026-08-01T00:00:00")


def _read_all(shop: Shop, at: object = MORNING) -> None:
    while reconciling.read_next(shop, at=at):  # type: ignore[arg-type]
        pass


def _counts() -> list[int]:
    return [model.objects.count() for model in (Product, Variant, Category, Contact, Order)]


def test_the_first_import_reads_everything_with_its_progress(
    connected: Shop, store: LittleStore
) -> None:
    _stock(store)
    readings.start_import(connected, at=MORNING)
    with access.scope(connected):
        assert shown.progress()["running"]
    _read_all(connected)
    with access.scope(connected):
        # The second order is older than 90 days.
        assert _counts() == [251, 3, 1, 1, 1]
        progress = shown.progress()
    assert (progress["state"], progress["running"]) == ("done", False)
    done = {kind["label"]: (kind["done"], kind["total"]) for kind in progress["kinds"]}
    assert done == {
        "Categories": (1, 1),
        "Products": (251, 251),
        "Variations": (3, None),
        "Customers": (1, 1),
        "Orders": (1, 1),
    }
    connected.refresh_from_db()
    assert connected.orders_read_at == MORNING


def test_an_import_that_is_killed_goes_on_from_its_page(
    connected: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stock(store)
    readings.start_import(connected, at=MORNING)
    for _ in range(2):
        assert readings.read_due(connected, at=MORNING)
    with access.scope(connected):
        assert Product.objects.count() == 100
        # A worker asks for the next page and is never seen again.
        assert readings._claim(at=MORNING)
    assert readings.read_due(connected, at=MORNING + timedelta(seconds=100)) is None
    store.asked.clear()
    _read_all(connected, MORNING + timedelta(seconds=181))
    assert "page=2" in store.asked[0]
    assert not [one for one in store.asked if "products?" in one and "page=1&" in f"{one}&"]
    with access.scope(connected):
        assert _counts() == [251, 3, 1, 1, 1]


def test_a_page_that_comes_after_its_lease_was_lost_changes_no_place(
    connected: Shop, store: LittleStore
) -> None:
    _stock(store)
    readings.start_import(connected, at=MORNING)
    readings.read_due(connected, at=MORNING)
    with access.scope(connected):
        slow = readings._claim(at=MORNING)
        assert slow
    later = MORNING + timedelta(seconds=181)
    readings.read_due(connected, at=later)
    place = places.read(slow.cursor)
    told = pages.Told((), (), last=True, total=0)
    readings._take_in(connected, slow, place, told, [], at=later)
    with access.scope(connected):
        products = Reading.objects.get(kind="products")
    assert places.read(products.cursor).page == 2
    assert products.state == "running"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Response(503, JSON, b"{}"), "The store answered with an error (503)."),
        (Response(302, JSON, b""), "The store sends us to another address."),
        (
            Response(200, httpx.Headers({"Content-Type": "text/html"}), b"<p>Back soon</p>"),
            "The store answered with a page instead of data (200).",
        ),
        (Response(200, JSON, b"[{]"), "The store's answer cannot be read: "),
        (Response(200, JSON, b'{"x": 1}'), "The store's answer has an unknown shape."),
        (Response(401, JSON, b'{"code": "woocommerce_rest_cannot_view"}'), "no longer accepts"),
    ],
)
def test_a_store_that_fails_is_shown_and_tried_again(
    connected: Shop, store: LittleStore, answer: Response, problem: str
) -> None:
    _stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    store.down = answer
    _read_all(connected)
    asked = len(store.asked)
    with access.scope(connected):
        progress = shown.progress()
        assert problem in progress["message"]
    store.down = None
    later = MORNING + timedelta(minutes=12)
    connected.refresh_from_db()
    _read_all(connected, later)
    with access.scope(connected):
        assert shown.progress()["state"] == "done"
        assert _counts() == [2, 3, 1, 1, 1]
    connected.refresh_from_db()
    assert (connected.state, connected.sending_paused_at) == ("connected", None)
    # One try, and one for each kind that was due meanwhile at most: not on and on.
    assert asked <= 5


def test_a_store_that_names_its_wait_is_left_alone_that_long(
    connected: Shop, store: LittleStore
) -> None:
    headers = httpx.Headers({"Content-Type": "application/json", "Retry-After": "120"})
    store.down = Response(429, headers, b"{}")
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
    asked = len(store.asked)
    _read_all(connected, MORNING + timedelta(seconds=119))
    assert len(store.asked) == asked
    _read_all(connected, MORNING + timedelta(seconds=120))
    assert len(store.asked) == asked + 1


def test_a_shops_failing_store_slows_no_other_shop(
    connected: Shop, other_shop: Shop, store: LittleStore
) -> None:
    _stock(store, products=1)
    for shop in (connected, other_shop):
        readings.start_import(shop, at=MORNING)
    store.down = Response(503, JSON, b"{}")
    _read_all(connected)
    store.down = None
    _read_all(other_shop)
    with access.scope(other_shop):
        assert shown.progress()["state"] == "done"


def test_refused_keys_pause_the_shop_until_they_work_again(
    connected: Shop, store: LittleStore
) -> None:
    readings.start_import(connected, at=MORNING)
    store.down = Response(401, JSON, b'{"code": "woocommerce_rest_cannot_view"}')
    _read_all(connected)
    connected.refresh_from_db()
    assert (connected.state, connected.sending_paused_at) == ("refused", MORNING)
    assert "Connect it again" in connected.sending_paused_reason
    store.down = None
    _read_all(connected, MORNING + timedelta(hours=1))
    connected.refresh_from_db()
    assert (connected.state, connected.sending_paused_reason) == ("connected", "")


def test_without_keys_nothing_is_asked(connected: Shop, store: LittleStore) -> None:
    with access.scope(connected):
        Credential.objects.filter(kind="api_keys").delete()
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
    assert store.asked == []
    connected.refresh_from_db()
    assert connected.state == "refused"


def test_one_unreadable_product_keeps_no_other_out(connected: Shop, store: LittleStore) -> None:
    _stock(store, products=2)
    store.put("products", PRODUCT, price=9)
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
    with access.scope(connected):
        assert Product.objects.count() == 3
        assert Reading.objects.get(kind="products").problem == "1 could not be read"


def test_a_lost_change_is_found_within_fifteen_minutes(connected: Shop, store: LittleStore) -> None:
    _stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
    store.wait(60)
    (order,) = [one for one in store.held["orders"].values() if "11-23" in one["date_created_gmt"]]
    store.change("orders", order["id"], status="completed")
    store.asked.clear()
    _read_all(connected, MORNING + timedelta(minutes=14))
    assert store.asked == []
    _read_all(connected, MORNING + timedelta(minutes=15))
    with access.scope(connected):
        assert Order.objects.get(platform_id=order["id"]).status == "completed"
    assert all("modified_after" in one for one in store.asked if "orders" in one)


def test_what_was_deleted_for_good_is_found_at_night(connected: Shop, store: LittleStore) -> None:
    _stock(store, products=3)
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
    for route in ("orders", "products", "customers", "categories"):
        for thing in list(store.held[route]):
            store.erase(route, thing)
    _read_all(connected, MORNING + timedelta(hours=23))
    with access.scope(connected):
        assert Order.objects.get().vanished_at is None
    _read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        for model in (Order, Product, Variant, Category):
            assert not model.objects.filter(vanished_at=None).exists()
        assert Contact.objects.get().customer_id == ""


def test_a_disabled_webhook_is_switched_on_and_a_missing_one_made(
    connected: Shop, store: LittleStore
) -> None:
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
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
    _read_all(connected, MORNING + timedelta(minutes=20))
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
    _stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    _read_all(connected)

    def nobody(*_args: object, **_said: object) -> Response:
        raise EgressFailed("shop.example could not be reached.")

    monkeypatch.setattr(egress, "request", nobody)
    _read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        assert Order.objects.get().vanished_at is None
        assert Product.objects.filter(doubtful_since__isnull=False).count() == 0


def test_a_shop_that_was_switched_off_has_lost_nothing(
    connected: Shop, store: LittleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    _read_all(connected)
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
    _read_all(connected, MORNING + timedelta(hours=25))
    with access.scope(connected):
        for model in (Order, Product, Variant):
            assert not model.objects.exclude(vanished_at=None).exists()
        assert Contact.objects.get().customer_id
