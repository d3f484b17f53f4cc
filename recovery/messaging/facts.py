"""Gather, in one shop's scope, everything that is asked about a message before it may go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db import connection

from recovery.carts.services import state_told
from recovery.contacts import policy
from recovery.contacts.models import Channel, Suppression
from recovery.contacts.selectors import may_write, suppression_of
from recovery.messaging.awaiting import AWAITED_CART
from recovery.messaging.eligibility import (
    CAP_WINDOW,
    Facts,
    Go,
    Kind,
    Objection,
    objections,
    verdict,
)
from recovery.messaging.models import Message, Sender
from recovery.messaging.quiet import quiet_ends_at, zone_of
from recovery.offers.selectors import standing_of
from recovery.orders.models import Order
from recovery.orders.selectors import is_customer, standing_order
from shopapp.kit import clock
from shopapp.schedule import ORDERS_FRESH_FOR
from shopapp.shops.models import Shop

_ASK_SOON = timedelta(seconds=20)
_SUPPRESSED: dict[str, str] = {
    Suppression.Reason.UNSUBSCRIBED: "unsubscribed",
    Suppression.Reason.COMPLAINED: "complained",
    Suppression.Reason.BOUNCED: "bounced",
    Suppression.Reason.MERCHANT: "stopped_by_merchant",
}
_HANDED_OVER = (Message.State.HANDING_OVER, Message.State.SENT, Message.State.UNKNOWN)


def judge(message: Message, shop: Shop, sender: Sender, *, at: datetime) -> Go | Objection:
    """Return whether this message may go now, must wait, or must not go at all."""
    found = objections(gather(message, shop, sender, at=at))
    return verdict(found, at=at, too_late_at=message.too_late_at)


def gather(message: Message, shop: Shop, sender: Sender, *, at: datetime) -> Facts:
    """Return the facts of this moment; ``shop`` must have been read in this transaction."""
    contact = message.contact
    return Facts(
        kind=cast(Kind, message.kind),
        at=at,
        soon=at + clock.lasting(_ASK_SOON),
        installed=shop.state != Shop.State.UNINSTALLED,
        paused=shop.sending_paused_at is not None,
        orders_fresh=_orders_fresh(shop, at),
        sender_named=bool(sender.email),
        legal_address=bool(sender.legal_address.strip()),
        has_contact=contact is not None,
        cart_state=_cart_state(message),
        order_stage=_order_stage(message, shop),
        suppressed=_suppressed(message),
        refusal=_refusal(message, shop),
        quiet_until=_quiet_until(message, shop, sender, at),
        mails=_mails_lately(message, at),
        offer=standing_of(message.content, message_id=message.pk, at=at),
        awaited_since=message.created_at,
    )


def lock_mailbox(message: Message) -> None:
    """Hold this mailbox in this shop to one hand-over at a time, until the transaction ends.

    Without it, two workers with a message each for one person would both find the caps kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [f"mailbox:{message.address_key}", message.shop_id],
        )


def _orders_fresh(shop: Shop, at: datetime) -> bool:
    # Law 1's two minutes are real ones: they bound how long an order may be unknown to us.
    read_at = shop.orders_read_at
    return read_at is not None and at - read_at <= clock.lasting(ORDERS_FRESH_FOR)


def _cart_state(message: Message) -> str:
    if message.cart is not None:
        return state_told(message.cart)
    return "awaited" if message.content.get(AWAITED_CART) else ""


def _order_stage(message: Message, shop: Shop) -> str:
    if message.cart is None:
        return ""
    order = standing_order(
        shop,
        cart=message.cart,
        contact=message.contact,
        address_key=message.address_key,
        since=message.cart.started_at,
    )
    if order is None:
        return ""
    return "pending" if order.stage == Order.Stage.PENDING else "placed"


def _suppressed(message: Message) -> str:
    found = suppression_of(channel=message.channel, address_key=message.address_key)
    return _SUPPRESSED[found.reason] if found is not None else ""


def _refusal(message: Message, shop: Shop) -> str:
    if message.contact is None:
        return ""
    answer = may_write(
        message.contact,
        channel=Channel.EMAIL,
        is_customer=is_customer(shop, contact=message.contact),
        country=message.cart.country if message.cart is not None else "",
    )
    return answer.reason if isinstance(answer, policy.Refused) else ""


def _quiet_until(message: Message, shop: Shop, sender: Sender, at: datetime) -> datetime | None:
    country = message.contact.country if message.contact is not None else ""
    if not country and message.cart is not None:
        country = message.cart.country
    zone = zone_of(country=country, shop_country=shop.country, shop_timezone=shop.timezone, at=at)
    return quiet_ends_at(at, zone=zone, start=sender.quiet_from, end=sender.quiet_until)


def _mails_lately(message: Message, at: datetime) -> tuple[datetime, ...]:
    rows = Message.objects.filter(
        address_key=message.address_key,
        kind=Message.Kind.FLOW,
        state__in=_HANDED_OVER,
        handing_over_at__gt=at - CAP_WINDOW,
    ).exclude(pk=message.pk)
    moments = rows.order_by("-handing_over_at").values_list("handing_over_at", flat=True)
    return tuple(moments[:20])
