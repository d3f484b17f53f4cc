"""A shop's turn to send: its store is read first, then what is due is prepared and handed over."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Q

from recovery.carts.models import CartLine
from recovery.catalog import mirror
from recovery.catalog.models import Mirrored, Product, Variant
from recovery.ingest import doubts, pages, reach
from recovery.ingest.connection import believe_gone, open_client
from recovery.ingest.handling import handle_waiting
from recovery.ingest.models import Reach, Reading
from recovery.ingest.places import Place
from recovery.ingest.readings import OVERLAP, take_in_items
from recovery.messaging import delivery as messaging
from recovery.messaging.models import Message
from recovery.orders.models import Order
from shopapp.kit import clock
from shopapp.platforms.answers import NotFound, StoreError, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Client, HasCompanion, Item, TakesCustomers, Told
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=240)
_DUE_AT_ONCE = 20
_SILENT_FOR = timedelta(seconds=60)
_POKE_EVERY = timedelta(minutes=5)
_SLOWEST_CLOCK = timedelta(days=1)
_NAMELESS_ORDER = "One of the store's orders cannot be read, so nobody knows who placed it."
_STILL_PREPARING = "The store is still preparing its list."
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
        refresh_due_shoppers(shop, client, at=at)
        read_checkouts(shop, client, at=at)
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
    count = _read_changes(shop, client, Reading.Kind.ORDERS, since=since, at=at)
    reach.orders_read(shop, through=at)
    return count


def _read_changes(
    shop: Shop, client: Client, kind: Reading.Kind, *, since: datetime, at: datetime
) -> int:
    """Read what changed since this moment, page by page; return how much."""
    place, count = Place("since", at, since=since), 0
    while True:
        page = pages.ask(shop, client, kind, place)
        told = page.told
        if told.wait is not None:
            raise StoreUnavailable(_STILL_PREPARING, temporary=True, retry_after=told.wait)
        with access.scope(shop):
            unread = take_in_items(shop, kind, told, at=at)
        if unread and kind == Reading.Kind.ORDERS:
            raise StoreUnavailable(_NAMELESS_ORDER, temporary=True)
        count += len(told.items)
        if told.last:
            break
        place = place.after(count=len(told.ids), last_id=page.up_to, token=told.token)
    with access.scope(shop):
        mine = Reading.objects.filter(kind=kind)
        mine.exclude(read_through_at__gt=at).update(read_through_at=at)
    return count


def read_checkouts(shop: Shop, client: Client, *, at: datetime) -> int:
    """Read every checkout that changed since the last reading, where the store lists them; return
    how many. Raises StoreError."""
    if Reading.Kind.CHECKOUTS not in connector_for(shop.platform).kinds:
        return 0
    with access.scope(shop):
        reading = Reading.objects.filter(kind=Reading.Kind.CHECKOUTS).first()
        through = (reading.read_through_at if reading else None) or shop.installed_at
    since = max(through, at - _SLOWEST_CLOCK) - OVERLAP
    return _read_changes(shop, client, Reading.Kind.CHECKOUTS, since=since, at=at)


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
        # What we know is asked about as doubtful, with all the rest; what we do not know, here.
        unknown = [one for one, models in wanted.items() if not _doubt(one, models, at=at)]
    for platform_id in unknown:
        _learn(shop, client, platform_id, wanted[platform_id], at=at)
    return len(wanted)


def refresh_due_shoppers(shop: Shop, client: Client, *, at: datetime) -> int:
    """Ask a store that keeps its customers' word about marketing for those who are due a mail: a
    refusal whose news was lost, or that no import has come to yet, stands all the same. Return how
    many were asked. Raises StoreError."""
    if not isinstance(client, TakesCustomers):
        return 0
    with access.scope(shop):
        due = Message.objects.filter(state__in=_WAITING, due_at__lte=at)
        due = due.exclude(contact=None).exclude(contact__customer_id="").order_by("due_at", "pk")
        known = list(due.values_list("contact__customer_id", flat=True)[:_DUE_AT_ONCE])
    asked = sorted(set(known))
    for customer_id in asked:
        try:
            told = Told((Item(client.customer(customer_id), customer_id),), last=True)
        except NotFound as error:
            believe_gone(shop, error)
            continue
        with access.scope(shop):
            take_in_items(shop, Reading.Kind.CUSTOMERS, told, at=at)
    return len(asked)


def _due_things(*, at: datetime) -> dict[str, set[type[Mirrored]]]:
    """Return the ids of the due carts' things, each with what it may be the id of."""
    due = Message.objects.filter(state__in=_WAITING, due_at__lte=at, cart__isnull=False)
    carts = list(due.order_by("due_at", "pk").values_list("cart_id", flat=True)[:_DUE_AT_ONCE])
    lines = CartLine.objects.filter(cart_id__in=carts).values_list("product_id", "variant_id")
    found: dict[str, set[type[Mirrored]]] = {}
    for product_id, variant_id in lines:
        # An id twice, or alone, may be a variant's: a storefront may not tell its product.
        alone = variant_id in {"", product_id}
        found.setdefault(product_id, set()).update((Product, Variant) if alone else (Product,))
        found.setdefault(variant_id or product_id, set()).add(Variant)
    return {one: models for one, models in found.items() if one.isdigit()}


def _doubt(platform_id: str, models: set[type[Mirrored]], *, at: datetime) -> bool:
    """Have the store asked about what we know under this id; False when that is nothing."""
    known = [mirror.doubt(model, platform_id, at=at) for model in models]
    return any(known)


def _learn(
    shop: Shop, client: Client, platform_id: str, models: set[type[Mirrored]], *, at: datetime
) -> None:
    """Ask for a thing that we do not know, and apply what the store tells."""
    ways = [
        (Product, Reading.Kind.PRODUCTS, client.product),
        (Variant, Reading.Kind.VARIATIONS, client.variant),
    ]
    for model, kind, ask in ways:
        if model not in models:
            continue
        try:
            item = Item(ask(platform_id), platform_id)
        except NotFound as error:
            believe_gone(shop, error)
            continue
        with access.scope(shop):
            take_in_items(shop, kind, Told((item,), last=True), at=at)
        return


def _poke_plugin(shop: Shop, client: Client, *, at: datetime) -> None:
    """Make a silent plugin send what it holds back; a store without visitors sends nothing.

    Its failure is no reason not to send: the orders themselves are read.
    """
    silent_since = at - clock.lasting(_SILENT_FOR)
    if not isinstance(client, HasCompanion):
        return
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
