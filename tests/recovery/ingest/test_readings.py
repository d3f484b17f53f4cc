"""The store is read page by page: resumed after a kill, left alone when it fails, never skipped."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from recovery.catalog.models import Category, Product, Variant
from recovery.contacts.models import Contact
from recovery.ingest import pages, places, readings, shown
from recovery.ingest.models import Reading
from recovery.orders.models import Order
from shopapp.kit.egress import Response
from shopapp.platforms.connector import Told
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.ingest.conftest import read_all, stock
from tests.recovery.ingest.little_store import (
    PRODUCT,
    LittleStore,
)

JSON = httpx.Headers({"Content-Type": "application/json"})
SOON = timedelta(seconds=1)
WORDS = connector_for("woocommerce").words


def _counts() -> list[int]:
    return [model.objects.count() for model in (Product, Variant, Category, Contact, Order)]


def test_the_first_import_reads_everything_with_its_progress(
    connected: Shop, store: LittleStore
) -> None:
    stock(store)
    readings.start_import(connected, at=MORNING)
    with access.scope(connected):
        assert shown.progress(WORDS)["running"]
    read_all(connected)
    with access.scope(connected):
        # The second order is older than 90 days.
        assert _counts() == [251, 3, 1, 1, 1]
        progress = shown.progress(WORDS)
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
    stock(store)
    readings.start_import(connected, at=MORNING)
    for _ in range(2):
        assert readings.read_due(connected, at=MORNING)
    with access.scope(connected):
        assert Product.objects.count() == 100
        # A worker asks for the next page and is never seen again.
        assert readings._claim(connected, at=MORNING)
    assert readings.read_due(connected, at=MORNING + timedelta(seconds=100)) is None
    store.asked.clear()
    read_all(connected, MORNING + timedelta(seconds=181))
    assert "page=2" in store.asked[0]
    assert not [one for one in store.asked if "products?" in one and "page=1&" in f"{one}&"]
    with access.scope(connected):
        assert _counts() == [251, 3, 1, 1, 1]


def test_a_page_that_comes_after_its_lease_was_lost_changes_no_place(
    connected: Shop, store: LittleStore
) -> None:
    stock(store)
    readings.start_import(connected, at=MORNING)
    readings.read_due(connected, at=MORNING)
    with access.scope(connected):
        slow = readings._claim(connected, at=MORNING)
        assert slow
    later = MORNING + timedelta(seconds=181)
    readings.read_due(connected, at=later)
    place = places.read(slow.cursor)
    page = pages.Page(Told((), last=True, total=0))
    readings._take_in(connected, slow, place, page, at=later)
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
    stock(store, products=1)
    readings.start_import(connected, at=MORNING)
    store.down = answer
    read_all(connected)
    asked = len(store.asked)
    with access.scope(connected):
        progress = shown.progress(WORDS)
        assert problem in progress["message"]
    store.down = None
    later = MORNING + timedelta(minutes=12)
    connected.refresh_from_db()
    read_all(connected, later)
    with access.scope(connected):
        assert shown.progress(WORDS)["state"] == "done"
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
    read_all(connected)
    asked = len(store.asked)
    read_all(connected, MORNING + timedelta(seconds=119))
    assert len(store.asked) == asked
    read_all(connected, MORNING + timedelta(seconds=120))
    assert len(store.asked) == asked + 1


def test_a_shops_failing_store_slows_no_other_shop(
    connected: Shop, other_shop: Shop, store: LittleStore
) -> None:
    stock(store, products=1)
    for shop in (connected, other_shop):
        readings.start_import(shop, at=MORNING)
    store.down = Response(503, JSON, b"{}")
    read_all(connected)
    store.down = None
    read_all(other_shop)
    with access.scope(other_shop):
        assert shown.progress(WORDS)["state"] == "done"


def test_refused_keys_pause_the_shop_until_they_work_again(
    connected: Shop, store: LittleStore
) -> None:
    readings.start_import(connected, at=MORNING)
    store.down = Response(401, JSON, b'{"code": "woocommerce_rest_cannot_view"}')
    read_all(connected)
    connected.refresh_from_db()
    assert (connected.state, connected.sending_paused_at) == ("refused", MORNING)
    assert "Connect it again" in connected.sending_paused_reason
    store.down = None
    read_all(connected, MORNING + timedelta(hours=1))
    connected.refresh_from_db()
    assert (connected.state, connected.sending_paused_reason) == ("connected", "")


def test_without_keys_nothing_is_asked(connected: Shop, store: LittleStore) -> None:
    with access.scope(connected):
        Credential.objects.filter(kind="api_keys").delete()
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    assert store.asked == []
    connected.refresh_from_db()
    assert connected.state == "refused"


def test_one_unreadable_product_keeps_no_other_out(connected: Shop, store: LittleStore) -> None:
    stock(store, products=2)
    store.put("products", PRODUCT, price=9)
    readings.start_import(connected, at=MORNING)
    read_all(connected)
    with access.scope(connected):
        assert Product.objects.count() == 3
        assert Reading.objects.get(kind="products").problem == "1 could not be read"
