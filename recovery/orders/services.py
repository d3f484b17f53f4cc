"""Keep orders as the store tells them: what ends every recovery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recovery.catalog import mirror
from recovery.orders.models import Order
from shopapp.kit.addresses import address_key
from shopapp.platforms.base import Line, OrderChanged, Shopper
from shopapp.shops.models import Shop

_LINKS = ("cart_id", "checkout_token", "click_ref")
_NOBODY = Shopper()
FIELDS = (
    "number",
    "status",
    "stage",
    "placed_at",
    "paid_at",
    "total_minor",
    "refunded_minor",
    "currency",
    "decimals",
    "email",
    "address_key",
    "phone",
    "first_name",
    "last_name",
    "country",
    "customer_id",
    "payment_method",
    "lines",
)
"""The columns that news of an order fills in: those of `order_news`."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An order after a piece of news, and whether that news changed it."""

    order: Order
    changed: bool


def record(shop: Shop, event: OrderChanged, *, at: datetime, read: bool = False) -> Recorded:
    """Keep the order; older news changes nothing. ``read``: the store itself said so just now.

    What names the order's cart and click is kept once any news told it: not every source does.
    """
    order, changed = mirror.record(Order, shop, order_news(event), at=at, read=read)
    linked = _link(order, event, newest=changed)
    return Recorded(order, changed or linked)


def vanish(shop: Shop, platform_id: str, *, at: datetime) -> bool:
    """Note a hint that this order is gone: the store will be asked. Say whether we know it."""
    del shop  # The scope already names it.
    return mirror.doubt(Order, platform_id, at=at)


def settle(
    shop: Shop,
    question: mirror.Question,
    event: OrderChanged | None,
    *,
    at: datetime,
) -> Recorded | None:
    """Let the store's own answer about a doubtful order stand; None: it was gone.

    Returns None when the order moved on meanwhile: it will be asked about again.
    """
    del shop  # The scope already names it.
    answer = None if event is None else order_news(event)
    order = mirror.settle(Order, question, answer, at=at)
    if order is None:
        return None
    if event is not None:
        _link(order, event, newest=True)
    return Recorded(order, changed=True)


def order_news(event: OrderChanged) -> mirror.News:
    """Return the order as columns. What is not an order (a draft, trash) keeps nobody's data."""
    shopper = _NOBODY if event.stage == "none" else event.shopper
    values: dict[str, Any] = {
        "number": event.number[:64],
        "status": event.status[:64],
        "stage": event.stage,
        "placed_at": event.placed_at,
        "paid_at": event.paid_at,
        "total_minor": event.total.minor,
        "refunded_minor": event.refunded.minor,
        "currency": event.total.currency,
        "decimals": event.total.decimals,
        "email": shopper.email[:254],
        "address_key": address_key(shopper.email),
        "phone": shopper.phone[:20],
        "first_name": shopper.first_name[:100],
        "last_name": shopper.last_name[:100],
        "country": shopper.country[:2],
        "customer_id": shopper.customer_id,
        "payment_method": event.payment_method[:100],
        "lines": [_line(line) for line in event.lines],
    }
    return mirror.News(event.order_id, event.changed_at, values)


def _link(order: Order, event: OrderChanged, *, newest: bool) -> bool:
    """Fill in what ties the order to a cart and a click; say whether that was news."""
    told = {
        name: value
        for name in _LINKS
        if (value := getattr(event, name))
        and (newest or not getattr(order, name))
        and value != getattr(order, name)
    }
    for name, value in told.items():
        setattr(order, name, value)
    if told:
        order.save(update_fields=list(told))
    return bool(told)


def _line(line: Line) -> dict[str, Any]:
    return {
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "quantity": line.quantity,
        "name": line.name,
        "attributes": [list(pair) for pair in line.attributes],
        "total_minor": None if line.total is None else line.total.minor,
        "image_url": line.image_url,
        "url": line.url,
        "sku": line.sku,
    }
