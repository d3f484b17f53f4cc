"""The inbox and the one place where news is applied."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from django.db import IntegrityError, transaction
from django.db.models import Q

from recovery.attribution import services as attribution
from recovery.carts import services as carts
from recovery.carts.models import Cart
from recovery.catalog import services as catalog
from recovery.contacts import services as contacts
from recovery.flows import services as flows
from recovery.ingest import redaction, terms
from recovery.ingest.models import Delivery
from recovery.messaging import services as messaging
from recovery.orders import services as orders
from recovery.orders.models import Order
from recovery.orders.selectors import orders_of
from recovery.privacy import services as privacy
from recovery.privacy.gate import admit
from shopapp.kit import clock
from shopapp.platforms.base import (
    AccessChanged,
    AppUninstalled,
    CartChanged,
    CartVanished,
    CategoryChanged,
    ConsentChanged,
    ContactChanged,
    ContactErased,
    ContactRedacted,
    DataRequested,
    Event,
    LinkFollowed,
    OrderChanged,
    OrderVanished,
    ProductChanged,
    ProductVanished,
    ReadingReady,
    ShopRedacted,
    StockChanged,
    VariantChanged,
)
from shopapp.shops import access
from shopapp.shops.models import Shop

READABLE_BYTES = 2 * 1024 * 1024
KEPT_BYTES = 1024 * 1024
_SWEPT_AFTER = timedelta(seconds=5)
_SEEN_EVERY = timedelta(seconds=10)


def receive(
    shop: Shop,
    *,
    source: str,
    topic: str,
    event_key: str,
    body: bytes,
    at: datetime,
    content_key: str = "",
    said_at: datetime | None = None,
    problem: str = "",
) -> bool:
    """Commit one piece of news to the inbox; False when it is already there.

    With a ``problem`` it is quarantined at once. A body too large to be read is quarantined with
    its beginning: the fact is never lost.
    """
    too_large = len(body) > READABLE_BYTES
    if too_large:
        problem = f"{len(body)} bytes are too many; only the beginning is kept"
    row = Delivery(
        shop=shop,
        source=source,
        topic=topic[:100],
        event_key=event_key,
        content_key=content_key,
        said_at=said_at,
        body=body[:KEPT_BYTES] if too_large else body,
        received_at=at,
        # The caller wakes a worker at once; the sweep looks for what that missed.
        due_at=at + clock.lasting(_SWEPT_AFTER),
        state=Delivery.State.QUARANTINED if problem else Delivery.State.NEW,
        problem=problem[:300],
    )
    with access.scope(shop):
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return False
        _note_sign_of_life(shop, at=at)
    return True


def _note_sign_of_life(shop: Shop, *, at: datetime) -> None:
    # Not each time: a flash sale's deliveries would queue for the shop's one row.
    quiet = Q(last_event_at=None) | Q(last_event_at__lt=at - clock.lasting(_SEEN_EVERY))
    Shop.objects.filter(quiet, pk=shop.pk).update(last_event_at=at)


def apply(shop: Shop, event: Event, *, at: datetime, read: bool = False) -> None:
    """Bring the shop's rows up to date with one event; safe to call twice, in any order.

    ``read``: the store itself said so just now, asked by us (not told in a delivery that may be
    late). What it says of somebody from before their erasure is left out. The shop must be in
    scope.
    """
    admitted = admit(event)
    if admitted is None:
        return
    _apply(shop, admitted, at=at, read=read)


def _apply(  # noqa: C901, PLR0912 - one case for each kind of news, and nothing else
    shop: Shop, event: Event, *, at: datetime, read: bool
) -> None:
    match event:
        case CartChanged():
            _apply_cart(shop, event, at=at, read=read)
        case CartVanished():
            carts.vanish(shop, event, at=at)
        case OrderChanged():
            _apply_order(shop, orders.record(shop, event, at=at, read=read), at=at)
        case OrderVanished():
            orders.vanish(shop, event.order_id, at=at)
        case ProductChanged():
            catalog.record_product(shop, event, at=at, read=read)
        case VariantChanged():
            catalog.record_variant(shop, event, at=at, read=read)
        case ProductVanished():
            catalog.vanish(shop, event.product_id, at=at)
        case StockChanged():
            catalog.doubt_stock(shop, event, at=at)
        case CategoryChanged():
            catalog.record_category(shop, event)
        case ContactChanged():
            _apply_customer(shop, event, at=at, read=read)
        case ContactErased():
            contacts.forget_customer(shop, event.customer_id, at=at)
        case ConsentChanged():
            contacts.record_platform_consent(shop, event, at=at)
        case LinkFollowed():
            messaging.count_click(shop, click_ref=event.click_ref, at=event.at)
        case AppUninstalled() | AccessChanged() | ReadingReady():
            terms.take_note(shop, event, at=at)
        case DataRequested():
            privacy.take_request(shop, event, at=at)
        case ContactRedacted():
            redaction.redact(shop, event, at=at)
        case ShopRedacted():
            privacy.redact_shop(shop, at=at)
        case _:
            assert_never(event)


def apply_settled(shop: Shop, settled: orders.Recorded, *, at: datetime) -> None:
    """Draw the consequences of an order that was settled by asking the store."""
    _apply_order(shop, settled, at=at)


def _apply_order(shop: Shop, recorded: orders.Recorded, *, at: datetime) -> None:
    if not recorded.changed:
        return
    order = recorded.order
    if order.vanished_at is not None:
        attribution.revoke(shop, order, at=at)
        return
    flows.stop_for_order(shop, order, at=at)
    # An order that is none (any more) loses its credit there.
    attribution.credit(shop, order, at=at)


def _apply_cart(shop: Shop, event: CartChanged, *, at: datetime, read: bool) -> None:
    cart = carts.record_change(shop, event, at=at, read=read)
    if cart is None or cart.state not in {Cart.State.OPEN, Cart.State.ABANDONED}:
        return
    # The order may have overtaken the cart's own news.
    for order in orders_of(cart).filter(stage=Order.Stage.PLACED):
        if cart.generation == 1 or order.placed_at >= cart.started_at:
            flows.stop_for_order(shop, order, at=at)


def _apply_customer(shop: Shop, event: ContactChanged, *, at: datetime, read: bool) -> None:
    # WooCommerce tells of every new WordPress user; only customers shop.
    if event.role in {"customer", "subscriber"}:
        contacts.record_customer(shop, event, at=at, read=read)
