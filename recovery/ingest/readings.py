"""Read the store: the first import, what changed since, and nightly everything, page by page.

Each page is asked for outside any transaction, then applied and its place written down in one: a
reading that is killed goes on from there.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import Q

from recovery.ingest import gone, pages, places, reach
from recovery.ingest.connection import facts_of, open_client
from recovery.ingest.models import Reading
from recovery.ingest.pages import Page
from recovery.ingest.places import Place
from recovery.ingest.services import apply
from shopapp.kit import clock
from shopapp.platforms import connector as platform
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Told
from shopapp.platforms.registry import connector_for
from shopapp.schedule import READ_IN_FULL_EVERY, RECONCILE_EVERY
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

Kind = Reading.Kind
LEASE = timedelta(seconds=180)
# Read again what was just read: the store's clock is not ours, and its writes take time.
OVERLAP = timedelta(minutes=10)
_REFUSED_WAIT = timedelta(minutes=10)
_SHORTEST_PAUSE = timedelta(seconds=5)
_NO_MOMENTS = (Kind.CATEGORIES,)


def start_import(shop: Shop, *, at: datetime) -> list[Reading]:
    """Make the store be read from the beginning, or resume the import that is under way."""
    with access.scope(shop):
        readings = [
            Reading.objects.get_or_create(shop=shop, kind=kind, defaults={"due_at": at})[0]
            for kind in connector_for(shop.platform).kinds
        ]
        if all(reading.state == Reading.State.DONE for reading in readings):
            Reading.objects.update(
                state=Reading.State.WAITING,
                cursor="",
                done=0,
                total=None,
                full_read_at=None,
                started_at=None,
                finished_at=None,
            )
        Reading.objects.exclude(state=Reading.State.DONE).update(due_at=at, problem="")
        return list(Reading.objects.order_by("pk"))


def read_due(shop: Shop, *, at: datetime) -> Reading | None:
    """Ask for the next due page of the shop's store; None when nothing is due or another reads."""
    with access.scope(shop):
        reading = _claim(shop, at=at) if reach.may_ask(shop, at=at) else None
    if reading is None:
        return None
    place = places.read(reading.cursor)
    try:
        page = pages.ask(shop, open_client(shop), reading.kind, place)
    except (StoreError, Unreadable) as error:
        _put_off(shop, reading, error, at=at)
        return None
    if page.told.wait is None:
        _take_in(shop, reading, place, page, at=at)
    else:
        _wait(shop, reading, place, page.told, at=at)
    return reading


def _claim(shop: Shop, *, at: datetime) -> Reading | None:
    """Lease the first due reading, in the order of an import; one at a time per shop."""
    rows = list(Reading.objects.select_for_update().order_by("pk"))
    if any(row.lease_until and row.lease_until > at for row in rows):
        return None
    by_kind = {row.kind: row for row in rows}
    kinds = connector_for(shop.platform).kinds
    due = [row for kind in kinds if (row := by_kind.get(kind)) and row.due_at <= at]
    reading: Reading | None = next((row for row in due if not _must_wait(row, by_kind)), None)
    if reading is None:
        return None
    if not reading.cursor:
        reading.cursor = _begin(reading, at=at).written()
    if reading.full_read_at is None:
        reading.state = Reading.State.RUNNING
        reading.started_at = reading.started_at or at
    reading.lease_until = at + clock.lasting(LEASE)
    reading.attempts += 1
    reading.save()
    return reading


def _must_wait(reading: Reading, by_kind: dict[str, Reading]) -> bool:
    """Say whether it needs another kind first: variations are found through their products."""
    products = by_kind.get(Kind.PRODUCTS)
    if reading.kind != Kind.VARIATIONS or products is None:
        return False
    return bool(products.cursor) or products.read_through_at is None


def _begin(reading: Reading, *, at: datetime) -> Place:
    full = reading.full_read_at is None or at - reading.full_read_at >= READ_IN_FULL_EVERY
    if full or reading.read_through_at is None or reading.kind in _NO_MOMENTS:
        return Place("full", at)
    return Place("since", at, since=reading.read_through_at - OVERLAP)


def _wait(shop: Shop, reading: Reading, place: Place, told: Told, *, at: datetime) -> None:
    """Keep the place while the store prepares the list, and ask again when it says."""
    values: dict[str, Any] = {
        "cursor": place.waiting(token=told.token).written(),
        "due_at": at + clock.lasting(timedelta(seconds=told.wait or 0)),
        "lease_until": None,
        "attempts": 0,
        "problem": "",
    }
    if told.made is not None and reading.full_read_at is None:
        values["done"] = told.made
    with access.scope(shop):
        reach.answered(shop)
        Reading.objects.filter(pk=reading.pk, lease_until=reading.lease_until).update(**values)


def _take_in(shop: Shop, reading: Reading, place: Place, page: Page, *, at: datetime) -> None:
    """Apply a page and write down the place behind it, in one transaction."""
    told = page.told
    with access.scope(shop):
        mine = Reading.objects.select_for_update().filter(
            pk=reading.pk, lease_until=reading.lease_until
        )
        if not mine.exists():
            return  # The lease ran out, and another worker has gone on from the same place.
        reach.answered(shop)
        unread = take_in_items(shop, reading.kind, told, at=at)
        gone.note_missing(shop, reading.kind, place, page, at=at)
        behind = place.after(count=len(told.ids), last_id=page.up_to, token=told.token)
        _move_on(reading, behind, told, at=at)
        if unread:
            reading.problem = f"{unread} could not be read"
        reading.save()
    if told.last and reading.kind == Kind.ORDERS and not unread:
        reach.orders_read(shop, through=place.started_at)


def take_in_items(shop: Shop, kind: str, told: Told, *, at: datetime) -> int:
    """Apply what a page tells; return how many of its items could not be read.

    One unreadable product, or one that we cannot get past, does not keep the rest of the shop out.
    """
    connector, facts, unread = connector_for(shop.platform), facts_of(shop), 0
    for item in told.items:
        named = {"shop": shop.pk, "kind": kind, "item": item.id[:20]}
        try:
            with transaction.atomic():
                for event in connector.parse_item(cast(platform.Kind, kind), item, facts):
                    apply(shop, event, at=at, read=True)
        except Unreadable as error:
            unread += 1
            logger.warning("an item could not be read", extra={**named, "reason": str(error)[:100]})
        except Exception:
            unread += 1
            logger.exception("an item could not be applied", extra=named)
    return unread


def _move_on(reading: Reading, behind: Place, told: Told, *, at: datetime) -> None:
    reading.lease_until = None
    reading.attempts = 0
    reading.problem = ""
    if told.total is not None and behind.mode == "full":
        reading.total = told.total
    if reading.full_read_at is None:
        reading.done = behind.seen
    if not told.last:
        reading.cursor = behind.written()
        reading.due_at = at
        return
    reading.cursor = ""
    if behind.mode == "full":
        reading.finished_at = reading.finished_at if reading.full_read_at else at
        reading.full_read_at = behind.started_at
    reading.state = Reading.State.DONE
    reading.read_through_at = max(reading.read_through_at or behind.started_at, behind.started_at)
    every = READ_IN_FULL_EVERY if reading.kind in _NO_MOMENTS else RECONCILE_EVERY
    reading.due_at = max(behind.started_at + every, at + clock.lasting(_SHORTEST_PAUSE))


def _put_off(shop: Shop, reading: Reading, error: StoreError | Unreadable, *, at: datetime) -> None:
    """Keep the place and try again later; the import page shows why."""
    resume_at = at + clock.lasting(_REFUSED_WAIT)
    problem = "The store's answer could not be understood."
    if isinstance(error, StoreError):
        problem = reach.problem_of(shop, error)
        if isinstance(error, KeysRefused | StoreUnavailable) or reading.kind == Kind.ORDERS:
            resume_at = reach.failed(shop, error, at=at)
    with access.scope(shop):
        state = Reading.State.FAILED if reading.full_read_at is None else reading.state
        mine = Q(pk=reading.pk, lease_until=reading.lease_until)
        Reading.objects.filter(mine).update(
            state=state, problem=problem, due_at=resume_at, lease_until=None
        )
