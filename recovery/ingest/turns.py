"""A shop's turn to send: its store is read first, then what is due is prepared and handed over."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Q

from recovery.carts.models import CartLine
from recovery.catalog import mirror
from recovery.catalog.models import Product, Variant
from recovery.ingest import doubts, reach
from recovery.ingest.connection import believe_gone, facts_of, open_client
from recovery.ingest.handling import handle_waiting
from recovery.ingest.models import Reach, Reading
from recovery.ingest.pages import as_told, parse
from recovery.ingest.readings import OVERLAP, take_in_items
from recovery.ingest.services import apply
from recovery.messaging import delivery as messaging
from recovery.messaging.models import Message
from recovery.orders.models import Order
from shopapp.kit import clock
from shopapp.platforms.base import Unreadable
from shopapp.platforms.registry import (
    Client,
    NotFound,
    StoreError,
    StoreUnavailable,
    connector_for,
)
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=240)
_DUE_AT_ONCE = 20
_SILENT_FOR = timedelta(seconds=60)
_POKE_EVERY = timedelta(minutes=5)
_SLOWEST_CLOCK = timedelta(days=1)
_NAMELESS_ORDER = "One of the store's orders cannot be read, so nobody knows who placed it."
_WAITING = (Message.State.QUEUED, Message.State.PREPARED)


def take_turn(shop: Shop, *, at: datetime) -> int:
    """Read the shop's orders and the due carts' products, then send what is due; return how many
    messages went out. One turn per shop at a time.

    Where the store cannot be read, sending pauses, and the messages are told why they wait.
    """
    if shop.state == Shop.State.UNINSTALLED or not _leased(shop, at=at):
        return 0
    started = time.monotonic()
    try:
        if _may_ask(shop, at=at):
            _read_store(shop, at=at)
        moment = at + clock.lasting(timedelta(seconds=time.monotonic() - started))
        messaging.prepare_due(shop, at=moment, limit=_DUE_AT_ONCE)
        return messaging.hand_over_due(shop, at=moment, limit=_DUE_AT_ONCE)
    finally:
        with access.scope(shop):
            Reach.objects.update(turn_lease_until=None)


def _may_ask(shop: Shop, *, at: datetime) -> bool:
    with access.scope(shop):
        return reach.may_ask(shop, at=at)


def _leased(shop: Shop, *, at: datetime) -> bool:
    with access.scope(shop):
        mine = Reach.objects.filter(pk=reach.of(shop).pk)
        free = Q(turn_lease_until=None) | Q(turn_lease_until__lte=at)
        return mine.filter(free).update(turn_lease_until=at + clock.lasting(LEASE)) == 1


def _read_store(shop: Shop, *, at: datetime) -> None:
    """Bring the rows that decide about the due messages up to date; orders last, freshest."""
    try:
        client = open_client(shop)
        _poke_plugin(shop, client, at=at)
        handle_waiting(shop, at=at)
        refresh_due_products(shop, client, at=at)
        read_orders(shop, client, at=at)
    except (StoreError, Unreadable) as error:
        known = error if isinstance(error, StoreError) else StoreError(str(error))
        reach.failed(shop, known, at=at)
        return
    with access.scope(shop):
        reach.answered(shop)
    doubts.settle(shop, at=at)


def read_orders(shop: Shop, client: Client, *, at: datetime) -> int:
    """Read every order that changed since the last reading; return how many. Raises StoreError.

    Only when all pages are in does the shop count as read.
    """
    with access.scope(shop):
        since = _orders_since(shop)
    count = 0
    for page in client.orders(modified_after=since):
        told = as_told(page)
        with access.scope(shop):
            unread = take_in_items(shop, Reading.Kind.ORDERS, told, at=at)
        if unread:
            raise StoreUnavailable(_NAMELESS_ORDER, temporary=True)
        count += len(told.items)
    with access.scope(shop):
        mine = Reading.objects.filter(kind=Reading.Kind.ORDERS)
        mine.exclude(read_through_at__gt=at).update(read_through_at=at)
    reach.orders_read(shop, through=at)
    return count


def _orders_since(shop: Shop) -> datetime:
    """Return the moment after which changed orders are asked for.

    The store counts by its own clock, which may be slow: its newest order says how far that is.
    """
    reading = Reading.objects.filter(kind=Reading.Kind.ORDERS).first()
    through = (reading.read_through_at if reading else None) or shop.installed_at
    newest = Order.objects.order_by("-placed_at").values_list("placed_at", flat=True).first()
    furthest = through - _SLOWEST_CLOCK
    return max(min(through, newest or furthest), furthest) - OVERLAP


def refresh_due_products(shop: Shop, client: Client, *, at: datetime) -> int:
    """Ask the store what the due carts' things cost and whether they are left; return how many
    were asked. Raises StoreError."""
    with access.scope(shop):
        wanted = _due_things(at=at)
        for platform_id in wanted:
            known = [mirror.doubt(model, platform_id, at=at) for model in (Product, Variant)]
            if any(known):
                wanted[platform_id] = True
    # What we know is asked about as doubtful, with all the rest; what we do not know, here.
    for platform_id in (one for one, known in wanted.items() if not known):
        _learn(shop, client, platform_id, at=at)
    return len(wanted)


def _due_things(*, at: datetime) -> dict[str, bool]:
    due = Message.objects.filter(state__in=_WAITING, due_at__lte=at, cart__isnull=False)
    carts = list(due.order_by("due_at", "pk").values_list("cart_id", flat=True)[:_DUE_AT_ONCE])
    lines = CartLine.objects.filter(cart_id__in=carts).values_list("product_id", "variant_id")
    return {one: False for pair in lines for one in pair if one.isdigit()}


def _learn(shop: Shop, client: Client, platform_id: str, *, at: datetime) -> None:
    connector = connector_for(shop.platform)
    try:
        item = client.product(platform_id)
    except NotFound as error:
        believe_gone(shop, error)
        return
    with access.scope(shop):
        event = parse(connector, Reading.Kind.PRODUCTS, item, "", facts_of(shop))
        apply(shop, event, at=at, read=True)


def _poke_plugin(shop: Shop, client: Client, *, at: datetime) -> None:
    """Make a silent plugin send what it holds back; a store without visitors sends nothing.

    Its failure is no reason not to send: the orders themselves are read.
    """
    silent_since = at - clock.lasting(_SILENT_FOR)
    if not shop.has_plugin or (shop.last_event_at and shop.last_event_at > silent_since):
        return
    with access.scope(shop):
        rested = Q(poked_at=None) | Q(poked_at__lte=at - clock.lasting(_POKE_EVERY))
        if not Reach.objects.filter(rested).update(poked_at=at):
            return
    try:
        client.plugin_poke()
    except StoreError as error:
        logger.info(
            "the plugin could not be poked", extra={"shop": shop.pk, "error": type(error).__name__}
        )
