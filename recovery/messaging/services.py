"""Queue, withdraw and count: what other parts ask of messaging. Functions need the shop in scope,
but for ``prepare_due``, ``hand_over_due`` and ``send_test``, which open their own scopes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from recovery.carts.models import Cart
from recovery.carts.services import note
from recovery.contacts.models import Contact
from recovery.messaging import letters, moves
from recovery.messaging.delivery import give_up_lost, hand_over_due, prepare_due
from recovery.messaging.liquid_texts import Unrenderable
from recovery.messaging.models import Click, Link, Message
from recovery.messaging.quiet import zone_of
from recovery.messaging.rendering import Letter
from recovery.messaging.selectors import confirmations_since, sender_of
from recovery.messaging.trial import send_test
from shopapp.shops.models import Shop

__all__ = [
    "count_click",
    "give_up_lost",
    "hand_over_due",
    "prepare_due",
    "preview",
    "queue",
    "record_follow",
    "send_test",
    "waiting_or_gone",
    "withdraw",
    "withdraw_for_cart",
    "withdraw_for_mailbox",
    "withdraw_for_run",
    "withdraw_for_shop",
]

ASKED_PER_DAY = 3
"""How many "my cart" mails one mailbox gets in 24 hours, over all shops (list bombing)."""


def queue(  # noqa: PLR0913 -- one row, every column named by its caller
    shop: Shop,
    *,
    contact: Contact,
    cart: Cart | None,
    kind: Message.Kind,
    content: dict[str, Any],
    dedup_key: str,
    due_at: datetime,
    too_late_at: datetime,
    at: datetime,
    run_id: int | None = None,
    flow_id: int | None = None,
    step_key: str = "",
) -> Message | None:
    """Queue one message under its dedup key; None when that key exists already.

    A ``my_cart`` message makes its own key: one per mailbox, shop and day in the shop's zone.
    """
    asked = kind == Message.Kind.MY_CART
    row = {
        "kind": kind,
        "contact": contact,
        "cart": cart,
        "run_id": run_id,
        "flow_id": flow_id,
        "step_key": step_key,
        "address": contact.email,
        "address_key": contact.address_key,
        "locale": _spoken_by(contact, cart) or shop.locale,
        "content": content,
        "created_at": at,
        "due_at": due_at,
        "too_late_at": too_late_at,
    }
    key = _asked_key(shop, contact, at) if asked else dedup_key
    message: Message
    message, made = Message.objects.get_or_create(shop=shop, dedup_key=key, defaults=row)
    if not made:
        return None
    _tell_queued(shop, message, contact, cart, at=at)
    if asked and confirmations_since(contact.address_key, at - timedelta(days=1)) > ASKED_PER_DAY:
        moves.skip(message, "asked_too_often", at=at)
        message.refresh_from_db()
    return message


def _asked_key(shop: Shop, contact: Contact, at: datetime) -> str:
    zone = zone_of(country="", shop_country=shop.country, shop_timezone=shop.timezone, at=at)
    mailbox = hashlib.sha256(contact.address_key.encode()).hexdigest()[:32]
    return f"my_cart:{mailbox}:{at.astimezone(zone).date().isoformat()}"


def _tell_queued(
    shop: Shop, message: Message, contact: Contact, cart: Cart | None, *, at: datetime
) -> None:
    if cart is None or message.kind == Message.Kind.TEST:
        return
    if message.kind == Message.Kind.MY_CART:
        note(cart, "asked_for_cart", at=at, message=message.pk)
        return
    subject = letters.subject_of(shop, content=message.content, cart=cart, contact=contact)
    note(cart, "message_queued", at=at, message=message.pk, subject=subject)


def waiting_or_gone(run_id: int) -> list[Message]:
    """Return the messages of a run in the order in which they were queued."""
    return list(Message.objects.filter(run_id=run_id).order_by("created_at", "pk"))


def withdraw_for_cart(shop: Shop, *, cart: Cart, reason: str, at: datetime) -> int:
    """Skip every waiting message about this cart; return how many."""
    return _withdraw(Message.objects.filter(shop=shop, cart=cart), reason=reason, at=at)


def withdraw_for_run(shop: Shop, *, run_id: int, reason: str, at: datetime) -> int:
    """Skip every waiting message of this run; return how many."""
    return _withdraw(Message.objects.filter(shop=shop, run_id=run_id), reason=reason, at=at)


def withdraw_for_mailbox(shop: Shop, *, address_key: str, reason: str, at: datetime) -> int:
    """Skip every waiting message to this mailbox; return how many."""
    rows = Message.objects.filter(shop=shop, address_key=address_key)
    return _withdraw(rows, reason=reason, at=at)


def withdraw_for_shop(shop: Shop, *, reason: str, at: datetime) -> int:
    """Skip every waiting message of the shop; return how many."""
    return _withdraw(Message.objects.filter(shop=shop), reason=reason, at=at)


def withdraw(shop: Shop, *, message_ids: frozenset[int], reason: str, at: datetime) -> int:
    """Skip those of these messages that wait; return how many."""
    return _withdraw(Message.objects.filter(shop=shop, pk__in=message_ids), reason=reason, at=at)


def _withdraw(rows: QuerySet[Message], *, reason: str, at: datetime) -> int:
    waiting = rows.filter(state__in=moves.WAITING).exclude(kind=Message.Kind.TEST)
    return sum(moves.skip(message, reason, at=at) for message in waiting.select_related("cart"))


def preview(
    shop: Shop, *, content: dict[str, Any], cart: Cart | None, contact: Contact | None
) -> Letter | Unrenderable:
    """Return the letter as it would read now; its links lead nowhere (see rendering.filled)."""
    letter = letters.compose(
        shop,
        sender_of(shop),
        kind=Message.Kind.FLOW,
        content=content,
        cart=cart,
        contact=contact,
        locale=_spoken_by(contact, cart),
    )
    return letter or Unrenderable("Nothing in this cart can be bought any more.")


def _spoken_by(contact: Contact | None, cart: Cart | None) -> str:
    return (contact.locale if contact else "") or (cart.locale if cart else "")


def record_follow(link: Link, *, at: datetime) -> Click:
    """Keep that a link was followed. It is not counted yet: mail scanners follow links too."""
    click: Click = Click.objects.create(shop_id=link.shop_id, link=link, followed_at=at)
    return click


def count_click(shop: Shop, *, click_ref: str, at: datetime) -> Click | None:
    """Count the last following of a link as a person's, because the landing page or the order
    reported it; None for an unknown reference. Safe to call again: the first count stands."""
    rows = Link.objects.filter(shop=shop, purpose=Link.Purpose.RESTORE)
    link = rows.filter(click_ref=click_ref).select_related("cart", "message").first()
    if not click_ref or link is None:
        return None
    followed: Click | None = Click.objects.filter(link=link).order_by("-followed_at", "-pk").first()
    click = followed or record_follow(link, at=at)
    moved = Click.objects.filter(pk=click.pk, counted_at__isnull=True).update(counted_at=at)
    if moved:
        click.counted_at = at
        if link.cart is not None:
            note(link.cart, "restored", at=at, message=link.message_id)
    return click
