"""A shop is read in full from files: each begun once, found again, and done without if need be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.shopify import bulk, graph
from tests.shopapp.platforms.shopify.admin import Pauses, refused, shopify
from tests.shopapp.platforms.shopify.bulk_files import GID, ORDER, ORDERS, at, status

TEXT = graph.bulk_text("orders_in_bulk", "created_at:>='2026-08-25T10:00:00Z'")


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


RECENT: dict[str, Any] = {"bulkOperations": {"nodes": []}}
RUN: dict[str, Any] = {
    "bulkOperationRunQuery": {"bulkOperation": {"id": GID, "status": "CREATED"}, "userErrors": []}
}


def test_a_reading_begins_with_one_operation_and_waits_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(monkeypatch, BulkRecent=[RECENT], BulkRun=[RUN]) as admin:
        told = Pauses().client().read(ORDERS)
    assert (told.items, told.last, told.token, told.made) == ((), False, GID, 0)
    assert told.wait is not None
    assert admin.asked[-1] == ("BulkRun", {"query": TEXT})


def test_while_shopify_writes_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    working = [
        status("CREATED"),
        status("RUNNING", objectCount="90", rootObjectCount="30"),
        status("CANCELING"),
    ]
    with shopify(monkeypatch, BulkStatus=working) as admin:
        told = [Pauses().client().read(at(GID)) for _ in range(3)]
    assert [one.made for one in told] == [0, 30, 0]
    assert {one.token for one in told} == {GID}
    assert all(one.wait and not one.items and not one.last for one in told)
    assert admin.asked == [("BulkStatus", {"id": GID})] * 3


def test_an_empty_shop_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, BulkStatus=[status("COMPLETED")]):
        told = Pauses().client().read(at(GID))
    assert (told.items, told.last, told.total, told.wait) == ((), True, 0, None)


def _recent(status: str, created_at: str, text: str = TEXT) -> dict[str, Any]:
    node = {"id": GID, "status": status, "createdAt": created_at, "query": text}
    return {"bulkOperations": {"nodes": [node]}}


@pytest.mark.parametrize("status", ["CREATED", "RUNNING", "COMPLETED"])
def test_an_operation_whose_beginning_was_answered_with_silence_is_found_again(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    recent = _recent(status, "2026-11-23T10:00:02Z", TEXT.replace(" {", "\n  {"))
    with shopify(monkeypatch, BulkRecent=[recent]) as admin:
        told = Pauses().client().read(ORDERS)
    assert told.token == GID
    assert admin.names == ["BulkRecent"]


@pytest.mark.parametrize(
    "recent",
    [
        _recent("FAILED", "2026-11-23T10:00:02Z"),
        _recent("CANCELED", "2026-11-23T10:00:02Z"),
        _recent("COMPLETED", "2026-11-23T09:59:59Z"),
        _recent("RUNNING", "2026-11-23T09:50:00Z"),
        _recent("RUNNING", "2026-11-23T10:00:02Z", "{ products { edges { node { id } } } }"),
        _recent("RUNNING", "2026-11-23T10:00:02Z", TEXT.replace("2026-08-25", "2026-01-01")),
    ],
)
def test_another_operation_is_not_taken_for_ours(
    monkeypatch: pytest.MonkeyPatch, recent: dict[str, Any]
) -> None:
    with shopify(monkeypatch, BulkRecent=[recent], BulkRun=[RUN]) as admin:
        Pauses().client().read(ORDERS)
    assert admin.names == ["BulkRecent", "BulkRun"]


@pytest.mark.parametrize("code", ["OPERATION_IN_PROGRESS", "LIMIT_REACHED"])
def test_where_no_place_is_free_it_waits(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    busy = refused("bulkOperationRunQuery", code)
    with shopify(monkeypatch, BulkRecent=[RECENT], BulkRun=[busy]):
        told = Pauses().client().read(ORDERS)
    assert (told.items, told.last, told.token, told.wait) == ((), False, "", 60)


def test_a_query_that_is_refused_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(
        monkeypatch, BulkRecent=[RECENT], BulkRun=[refused("bulkOperationRunQuery", "INVALID")]
    ):
        with pytest.raises(StoreSaidNo):
            Pauses().client().read(ORDERS)


TROUBLES: list[dict[str, Any]] = [
    status("FAILED", errorCode="TIMEOUT", objectCount="5"),
    status("FAILED", errorCode="INTERNAL_SERVER_ERROR"),
    status("CANCELED"),
    status("EXPIRED"),
    status("COMPLETED", objectCount="5"),
    {"bulkOperation": None},
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_operation_that_came_to_nothing_is_begun_again_and_then_done_without(
    monkeypatch: pytest.MonkeyPatch, trouble: dict[str, Any]
) -> None:
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": False}, "nodes": []}
    pages = [
        {"orders": {"pageInfo": {"hasNextPage": True}, "nodes": [_order(5)]}},
        {"orders": page | {"nodes": [_order(9)]}},
    ]
    with shopify(
        monkeypatch, BulkRecent=[RECENT], BulkRun=[RUN], BulkStatus=[trouble], Orders=pages
    ) as admin:
        token, last = "", False
        ids: list[str] = []
        while not last:
            told = Pauses().client().read(at(token))
            ids += told.ids
            token, last = told.token, told.last
    assert ids == ["5", "9"]
    assert admin.names == [*["BulkRecent", "BulkRun", "BulkStatus"] * 2, "Orders", "Orders"]
    assert [variables["query"] for name, variables in admin.asked if name == "Orders"] == [
        "created_at:>='2026-08-25T10:00:00Z'",
        "created_at:>='2026-08-25T10:00:00Z' AND id:>5",
    ]


def _order(number: int) -> dict[str, Any]:
    return {"id": f"{ORDER}{number}", "lineItems": {"pageInfo": {}, "nodes": []}}


def test_a_list_that_may_not_be_read_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, BulkStatus=[status("FAILED", errorCode="ACCESS_DENIED")]):
        with pytest.raises(StoreSaidNo):
            Pauses().client().read(at(GID))


@pytest.mark.parametrize(
    ("token", "mark"),
    [
        ("", bulk.Mark()),
        (GID, bulk.Mark("77")),
        (f"{GID}#9000#1", bulk.Mark("77", 9000, 1)),
        ("#0#1", bulk.Mark("", 0, 1)),
        ("pages#12", bulk.Mark(page_after=12)),
    ],
)
def test_a_mark_is_what_was_written(token: str, mark: bulk.Mark) -> None:
    assert bulk.read_mark(token) == mark
    assert mark.written() == token


@pytest.mark.parametrize("token", ["?", "gid://shopify/Order", f"{GID}#x#1", "pages#", "#-1#0"])
def test_a_token_that_is_none_of_ours_begins_anew(token: str) -> None:
    assert bulk.read_mark(token) == bulk.Mark()
