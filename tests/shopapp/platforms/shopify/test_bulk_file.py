"""A bulk operation's file is read in parts: none twice, none lost, from wherever it now lies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.test import override_settings

from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.connector import Told
from shopapp.platforms.shopify import bulk, bulk_file
from shopapp.platforms.shopify.client import Client
from tests.shopapp.platforms.shopify.admin import Pauses, shopify
from tests.shopapp.platforms.shopify.bulk_files import GID, Storage, at, done, orders_file


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _read_all(client: Client) -> tuple[list[str], list[Told]]:
    ids: list[str] = []
    pages: list[Told] = []
    token, last = GID, False
    while not last:
        told = client.read(at(token))
        ids += told.ids
        pages.append(told)
        token, last = told.token, told.last
    return ids, pages


@pytest.mark.parametrize("ranges", [True, False])
def test_a_file_is_read_in_parts_and_never_twice(
    monkeypatch: pytest.MonkeyPatch, ranges: bool
) -> None:
    monkeypatch.setattr(bulk, "PART", 3000)
    storage = Storage(orders_file(100), ranges)
    with shopify(monkeypatch) as admin:
        admin.files = storage
        admin.replies["BulkStatus"] = [done(admin, 100)]
        # A client of its own for each page: a worker that was killed leaves nothing behind.
        token, last = GID, False
        ids: list[str] = []
        starts: list[int] = []
        while not last:
            told = Pauses().client().read(at(token))
            assert len(told.items) > 0
            assert (told.ordered, told.total, told.wait) == (False, 100, None)
            ids += told.ids
            token, last = told.token, told.last
            starts.append(int(storage.asked[-1].removeprefix("bytes=").partition("-")[0]))
    assert ids == [str(number) for number in range(1, 101)]
    assert starts == sorted(set(starts))
    assert len(starts) > 4
    # Only what was not finished (the last order of a part) is fetched again.
    overlap = sum(start + 3000 - after for start, after in pairwise(starts))
    assert overlap < len(starts) * 400


def test_a_thing_larger_than_a_part_is_read_with_a_larger_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "PART", 500)
    with shopify(monkeypatch) as admin:
        admin.files = Storage(orders_file(3, lines=40))
        admin.replies["BulkStatus"] = [done(admin, 3)]
        ids, pages = _read_all(Pauses().client())
    assert ids == ["1", "2", "3"]
    counts = [len(item.source["lineItems"]["nodes"]) for one in pages for item in one.items]  # type: ignore[index,call-overload,arg-type]
    assert counts == [40, 40, 40]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_gone_is_written_again(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    with shopify(monkeypatch) as admin:
        admin.files = Storage("", status=status)
        admin.replies["BulkStatus"] = [done(admin, 3)]
        told = Pauses().client().read(at(f"{GID}#900#0"))
    assert (told.items, told.last, told.token) == ((), False, "#0#1")


def test_a_file_in_disorder_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch) as admin:
        admin.files = Storage("<html>an error page</html>")
        admin.replies["BulkStatus"] = [done(admin, 3)]
        told = Pauses().client().read(at(GID))
    assert (told.items, told.last, told.token) == ((), False, "#0#1")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_of_files_that_has_a_trouble_keeps_the_place(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    with shopify(monkeypatch) as admin:
        admin.files = Storage("", status=status)
        admin.replies["BulkStatus"] = [done(admin, 3)]
        with pytest.raises(StoreUnavailable) as raised:
            Pauses().client().read(at(GID))
    assert raised.value.temporary


def test_the_address_of_a_file_is_asked_anew_for_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "PART", 600)
    with shopify(monkeypatch) as admin:
        admin.files = Storage(orders_file(10))
        admin.replies["BulkStatus"] = [done(admin, 10)]
        _, pages = _read_all(Pauses().client())
    assert admin.names == ["BulkStatus"] * len(pages)


def test_parts_are_large_enough_to_be_few() -> None:
    assert 256 * 1024 <= bulk_file.PART <= 4 * 1024 * 1024
