"""Move a message from state to state: guarded updates, each told on the cart's timeline.

queued -> prepared -> handing_over -> sent | failed | unknown; until it is handed over it may be
skipped or put off. Only the holder of a hand-over (its ``handing_over_at``) may record its outcome.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from recovery.carts.models import Cart
from recovery.carts.services import note
from recovery.messaging.models import Link, Message
from recovery.messaging.quiet import zone_of
from shopapp.shops.models import Shop

WAITING = (Message.State.QUEUED, Message.State.PREPARED)
_MAX_PROBLEM = 300


def skip(message: Message, reason: str, *, at: datetime) -> bool:
    """Decide for good that a waiting message is not sent; False when it waits no more."""
    moved = Message.objects.filter(pk=message.pk, state__in=WAITING).update(
        state=Message.State.SKIPPED, reason=reason, ended_at=at, lease_until=None
    )
    if moved:
        _tell(message, "message_skipped", at=at, reason=reason)
    return moved == 1


def defer(message: Message, reason: str, *, until: datetime, shop: Shop, at: datetime) -> bool:
    """Put a waiting message off; it is prepared anew then. Told once for each new reason."""
    moved = Message.objects.filter(pk=message.pk, state__in=WAITING).update(
        state=Message.State.QUEUED, reason=reason, due_at=until
    )
    if moved and message.reason != reason:
        zone = zone_of(country="", shop_country=shop.country, shop_timezone=shop.timezone, at=at)
        local = f"{until.astimezone(zone):%-d %b %H:%M}"
        _tell(message, "message_deferred", at=at, reason=reason, until=local)
    return moved == 1


def fail_waiting(message: Message, reason: str, *, problem: str, at: datetime) -> bool:
    """End a waiting message that cannot be made; False when it waits no more."""
    moved = Message.objects.filter(pk=message.pk, state__in=WAITING).update(
        state=Message.State.FAILED,
        reason=reason,
        problem=problem[:_MAX_PROBLEM],
        ended_at=at,
    )
    if moved:
        _tell(message, "message_failed", at=at, reason=reason)
    return moved == 1


def record_sent(message: Message, *, provider_id: str, at: datetime) -> bool:
    """Record that the transport accepted the message, also when it was thought lost meanwhile."""
    moved = _held(message, Message.State.HANDING_OVER, Message.State.UNKNOWN).update(
        state=Message.State.SENT,
        reason="",
        problem="",
        provider_id=provider_id,
        sent_at=at,
        ended_at=at,
        lease_until=None,
        report_due_at=at if _concerns_checkout(message) else None,
    )
    if moved:
        # As the row has it: the shopper may have been erased while the mail was on its way.
        rows = Message.objects.filter(pk=message.pk)
        _tell(message, "message_sent", at=at, subject=rows.values_list("subject", flat=True)[0])
    return moved == 1


def record_failed(message: Message, reason: str, *, problem: str, at: datetime) -> bool:
    """Record that the transport refused the message for good."""
    moved = _held(message, Message.State.HANDING_OVER, Message.State.UNKNOWN).update(
        state=Message.State.FAILED,
        reason=reason,
        problem=problem[:_MAX_PROBLEM],
        ended_at=at,
        lease_until=None,
    )
    if moved:
        _tell(message, "message_failed", at=at, reason=reason)
    return moved == 1


def record_unknown(message: Message, reason: str, *, problem: str, at: datetime) -> bool:
    """Record that nobody knows whether the transport took the message: it is never sent again."""
    moved = _held(message, Message.State.HANDING_OVER).update(
        state=Message.State.UNKNOWN,
        reason=reason,
        problem=problem[:_MAX_PROBLEM],
        ended_at=at,
        lease_until=None,
    )
    if moved:
        _tell(message, "message_unknown", at=at, reason=reason)
    return moved == 1


def put_back(
    message: Message, reason: str, *, problem: str, due_at: datetime, at: datetime
) -> bool:
    """Queue a message again whose hand-over certainly failed; its unsent links are forgotten."""
    moved = _held(message, Message.State.HANDING_OVER).update(
        state=Message.State.QUEUED,
        reason=reason,
        problem=problem[:_MAX_PROBLEM],
        due_at=due_at,
        handing_over_at=None,
        lease_until=None,
    )
    if moved:
        Link.objects.filter(message=message).delete()
        if message.reason != reason:
            _tell(message, "message_deferred", at=at, reason=reason)
    return moved == 1


def _concerns_checkout(message: Message) -> bool:
    """Say whether a store that shows what became of its abandoned checkouts is to be told."""
    cart = message.cart
    flow = message.kind == Message.Kind.FLOW
    return bool(flow and cart is not None and cart.stage == Cart.Stage.CHECKOUT)


def _held(message: Message, *states: Message.State) -> QuerySet[Message]:
    held: QuerySet[Message] = Message.objects.filter(
        pk=message.pk, state__in=states, handing_over_at=message.handing_over_at
    )
    return held


def _tell(message: Message, kind: str, *, at: datetime, reason: str = "", **detail: Any) -> None:
    if message.cart is not None and message.kind != Message.Kind.TEST:
        note(message.cart, kind, at=at, reason=reason, message=message.pk, **detail)
