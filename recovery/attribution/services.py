"""Credit orders to the messages that brought their shoppers back, and take credits back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from recovery.attribution.models import Credit
from recovery.attribution.rules import CountedClick, last_touch
from recovery.carts.services import note
from recovery.messaging import services as messaging
from recovery.messaging.models import Click, Message
from recovery.orders.models import Order
from shopapp.shops.models import Shop

# The store's clock writes whole seconds: an order may seem to precede the click that led to it.
SECOND = timedelta(seconds=1)


def credit(shop: Shop, order: Order, *, at: datetime) -> Credit | None:
    """Credit a placed order to the last counted click within five days; None when there is none.

    Safe to call again: the credit follows the order's present total, and never changes its click.
    """
    if order.stage != Order.Stage.PLACED:
        revoke(shop, order, at=at)
        return None
    known: Credit | None = Credit.objects.filter(order=order).first()
    if known is not None:
        Credit.objects.filter(pk=known.pk).update(amount_minor=_kept(order))
        return known
    if order.click_ref:
        messaging.count_click(shop, click_ref=order.click_ref, at=at)
    click = _click_for(order)
    return None if click is None else _record(shop, order, click, at=at)


def _kept(order: Order) -> int:
    return order.total_minor - order.refunded_minor


def _click_for(order: Order) -> Click | None:
    mine = Q(pk__in=[])
    if order.click_ref:
        mine |= Q(link__click_ref=order.click_ref)
    if order.ended_cart_id is not None:
        mine |= Q(link__cart_id=order.ended_cart_id)
    if order.address_key:
        mine |= Q(link__message__address_key=order.address_key)
    rows = Click.objects.filter(
        mine,
        counted_at__isnull=False,
        link__purpose="restore",
        link__message__kind__in=[Message.Kind.FLOW, Message.Kind.MY_CART],
    )
    clicks = [CountedClick(click.pk, click.followed_at) for click in rows]
    chosen = last_touch(clicks, ordered_at=order.placed_at + SECOND)
    if chosen is None:
        return None
    found: Click = Click.objects.select_related("link__message__cart").get(pk=chosen.click_id)
    return found


def _record(shop: Shop, order: Order, click: Click, *, at: datetime) -> Credit | None:
    message = click.link.message
    if message is None:
        return None
    made: Credit
    made, new = Credit.objects.get_or_create(
        shop=shop,
        order=order,
        defaults={
            "message": message,
            "click": click,
            "flow_id": message.flow_id,
            "amount_minor": _kept(order),
            "currency": order.currency,
            "decimals": order.decimals,
            "clicked_at": click.followed_at,
            "ordered_at": order.placed_at,
        },
    )
    if new and message.cart is not None:
        note(message.cart, "credited", at=at, number=order.number, step=message.step_key)
    return made


def revoke(shop: Shop, order: Order, *, at: datetime) -> bool:
    """Take the credit of an order that failed, was cancelled or vanished; False without one."""
    known = Credit.objects.filter(shop=shop, order=order).select_related("message__cart").first()
    if known is None:
        return False
    if known.message.cart is not None:
        note(known.message.cart, "credit_revoked", at=at, number=order.number)
    known.delete()
    return True
