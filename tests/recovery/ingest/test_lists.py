"""Lists without an order, lists that the store prepares first, and what they no longer show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery.catalog.models import Category, Product
from recovery.contacts.models import Contact
from recovery.ingest import doubts, readings, terms
from recovery.ingest.models import Account, Reading
from recovery.orders.models import Order
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import NotFound
from shopapp.platforms.base import ReadingReady
from shopapp.platforms.connector import Item, Told, Where
from shopapp.platforms.woocommerce import connector
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import CATEGORY, CUSTOMER, ORDER, PRODUCT

DAY = timedelta(days=1)
SAMPLES = {
    "products": PRODUCT,
    "customers": CUSTOMER,
    "orders": ORDER,
    "categories": CATEGORY,
}


@dataclass
class Lists:
    """A store that lists its things in any order, two to a page, once they are prepared."""

    held: dict[str, list[int]]
    prepared: bool = True
    asked: list[Where] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)

    def read(self, where: Where) -> Told:
        """Return two things of the kind; the place's token is where to go on."""
        self.asked.append(where)
        if not self.prepared:
            return Told((), last=False, token="bulk-1", wait=30.0, made=1234)
        ids = list(reversed(self.held.get(where.kind, [])))
        begin = int(where.token) if where.token.isdigit() else 0
        items = tuple(_item(where.kind, one) for one in ids[begin : begin + 2])
        last = begin + 2 >= len(ids)
        return Told(items, last=last, token=str(begin + 2), ordered=False)

    def _one(self, kind: str, one: str) -> JsonObject:
        self.asked_for.append(f"{kind} {one}")
        if int(one) in self.held[kind]:
            return _item(kind, int(one)).source
        raise NotFound("invalid_id")

    def order(self, one: str) -> JsonObject:
        """Return one order."""
        return self._one("orders", one)

    def product(self, one: str) -> JsonObject:
        """Return one product."""
        return self._one("products", one)

    def customer(self, one: str) -> JsonObject:
        """Return one customer."""
        return self._one("customers", one)


def _item(kind: str, one: int) -> Item:
    source = SAMPLES[kind] | {"id": one}
    if kind == "customers":
        source |= {"email": f"c{one}@shopper.example"}
    return Item(source, str(one))


@pytest.fixture
def lists(shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Return what the shop's store lists; the other shop has a product and an account too."""
    made = Lists({"products": [1, 2, 3], "customers": [4, 5, 6], "orders": [7, 8, 9]})
    made.held["categories"] = [10, 11, 12]
    for module in (readings, doubts):
        monkeypatch.setattr(module, "open_client", lambda _shop: made)
    monkeypatch.setattr(connector, "kinds", ("categories", "products", "customers", "orders"))
    with access.scope(other_shop):
        Contact.objects.create(
            shop=other_shop, email="b@x.example", customer_id="4", evidence="signed",
            created_at=MORNING,
        )  # fmt: skip
    return made


def read_all(shop: Shop, at: datetime = MORNING) -> None:
    """Read what is due, and settle what came into doubt."""
    while readings.read_due(shop, at=at):
        pass
    doubts.settle(shop, at=at)


def test_a_list_without_an_order_is_read_by_its_tokens(shop: Shop, lists: Lists) -> None:
    readings.start_import(shop, at=MORNING)
    read_all(shop)
    products = [where.token for where in lists.asked if where.kind == "products"]
    assert products == ["", "2"]
    with access.scope(shop):
        assert Reading.objects.count() == 4
        counts = [model.objects.count() for model in (Product, Contact, Order, Category)]
        assert counts == [3, 3, 3, 3]
        assert not Product.objects.exclude(doubtful_since=None).exists()
    assert lists.asked_for == []


def test_what_it_no_longer_shows_is_asked_about(shop: Shop, other_shop: Shop, lists: Lists) -> None:
    readings.start_import(shop, at=MORNING)
    read_all(shop)
    lists.held = {"products": [1, 3], "customers": [4, 6], "orders": [7, 9], "categories": [10]}
    # Created meanwhile, or slipped over an edge: asked about in vain.
    with access.scope(shop):
        Product.objects.filter(platform_id="3").update(seen_at=None)
    read_all(shop, MORNING + DAY + timedelta(minutes=1))
    assert lists.asked_for == ["orders 8", "products 2", "customers 5"]
    with access.scope(shop):
        gone = Product.objects.exclude(vanished_at=None).values_list("platform_id", flat=True)
        assert list(gone) == ["2"]
        assert Order.objects.exclude(vanished_at=None).get().platform_id == "8"
        assert Category.objects.filter(vanished_at=None).get().platform_id == "10"
        accounts = Contact.objects.exclude(customer_id="").values_list("customer_id", flat=True)
        assert sorted(accounts) == ["4", "6"]
        assert not Account.objects.exclude(doubtful_since=None).exists()
    with access.scope(other_shop):
        assert Contact.objects.get().customer_id == "4"


def test_many_missing_accounts_are_asked_about_in_slices(shop: Shop, lists: Lists) -> None:
    lists.held["customers"] = list(range(1, 8))
    readings.start_import(shop, at=MORNING)
    read_all(shop)
    lists.held["customers"] = []
    later = MORNING + DAY + timedelta(minutes=1)
    while readings.read_due(shop, at=later):
        pass
    # Not one question was asked while the list was read.
    assert lists.asked_for == []
    assert doubts.settle(shop, at=later, limit=3) == 3
    assert doubts.settle(shop, at=later, limit=3) == 3
    assert doubts.settle(shop, at=later, limit=3) == 1
    assert doubts.settle(shop, at=later, limit=3) == 0
    assert len(lists.asked_for) == 7
    with access.scope(shop):
        assert not Contact.objects.exclude(customer_id="").exists()


def test_a_shop_with_doubtful_accounts_is_found_by_the_sweep(shop: Shop, lists: Lists) -> None:
    with access.scope(shop):
        Account.objects.create(shop=shop, customer_id="4", doubtful_since=MORNING)
    assert access.due_shops("ingest_account_shops", MORNING) == [shop]
    assert access.due_shops("ingest_account_shops", MORNING - DAY) == []


def test_a_store_that_prepares_its_list_is_asked_again(shop: Shop, lists: Lists) -> None:
    readings.start_import(shop, at=MORNING)
    lists.prepared = False
    while readings.read_due(shop, at=MORNING):
        pass
    # Each kind was asked for once, and none waits for another's list.
    assert [where.kind for where in lists.asked] == list(connector.kinds)
    with access.scope(shop):
        reading = Reading.objects.get(kind="categories")
    assert (reading.done, reading.due_at) == (1234, MORNING + timedelta(seconds=30))
    assert (reading.lease_until, reading.problem) == (None, "")
    lists.asked.clear()
    lists.prepared = True
    at = MORNING + timedelta(seconds=30)
    assert readings.read_due(shop, at=at)
    # It goes on from the very place, with the store's own mark.
    (asked,) = [where for where in lists.asked if where.kind == "categories"]
    assert (asked.token, asked.page, asked.started_at) == ("bulk-1", 1, MORNING)


@pytest.fixture
def waiting(shop: Shop, lists: Lists) -> Callable[[], Any]:
    """Return a function that tells when the waiting reading is due."""
    lists.held = {}
    lists.prepared = False
    readings.start_import(shop, at=MORNING)
    readings.read_due(shop, at=MORNING)

    def due_at() -> Any:
        with access.scope(shop):
            return Reading.objects.get(kind="categories").due_at

    return due_at


@pytest.mark.parametrize(("token", "seconds"), [("bulk-1", 2), ("bulk-2", 30), ("", 30)])
def test_a_finished_list_is_read_at_once(
    shop: Shop, waiting: Callable[[], Any], token: str, seconds: int
) -> None:
    with access.scope(shop):
        terms.take_note(shop, ReadingReady(token), at=MORNING + timedelta(seconds=2))
    assert waiting() == MORNING + timedelta(seconds=seconds)


def test_another_shops_list_is_not_this_ones(
    shop: Shop, other_shop: Shop, waiting: Callable[[], Any]
) -> None:
    with access.scope(other_shop):
        terms.take_note(other_shop, ReadingReady("bulk-1"), at=MORNING)
    assert waiting() == MORNING + timedelta(seconds=30)
