"""Put one cart into the words and figures that the carts page shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from recovery.carts.models import Cart, CartLine, Entry
from recovery.carts.wording import reason, tell
from recovery.casework import items
from recovery.casework.selectors import Next, country_of
from recovery.contacts.models import Channel
from recovery.contacts.selectors import is_suppressed, latest_consent
from recovery.flows import steps
from recovery.flows.models import FlowRun
from recovery.messaging.liquid_texts import Unrenderable, render_text
from recovery.messaging.wording import sentence
from recovery.orders.models import Order

_SOURCES = {
    "popup": "in the pop-up",
    "checkout": "at the checkout",
    "account": "in the store",
    "platform": "in the store",
}
_FATES = frozenset({"message_sent", "message_skipped", "message_failed", "message_unknown"})
_STATE_KINDS = {
    Cart.State.OPEN: "",
    Cart.State.ABANDONED: "hold",
    Cart.State.ORDERED: "won",
    Cart.State.EMPTIED: "no",
    Cart.State.LOST: "no",
    Cart.State.MERGED: "no",
}


def shopper_name(cart: Cart) -> str:
    """Return the shopper's name, or what stands for it."""
    if cart.contact is None:
        return f"Visitor {cart.visitor}"
    return cart.contact.name or cart.contact.email


def row(cart: Cart, coming: Next) -> dict[str, Any]:
    """Return one row of the table."""
    lines = list(cart.lines.all())
    contact = cart.contact
    return {
        "id": cart.pk,
        "shopper": shopper_name(cart),
        "email": contact.email if contact is not None and contact.name else "",
        "country": country_of(cart),
        "items": cart.quantity,
        "items_text": _items_text(lines),
        "total": items.worth(cart),
        "left_at": cart.changed_at,
        "next_text": coming.text,
        "next_kind": coming.kind,
        "next_at": coming.at,
    }


def _items_text(lines: list[CartLine]) -> str:
    if not lines:
        return ""
    first = ", ".join([lines[0].name, *(value for _, value in lines[0].attributes)])
    return f"{first} · {len(lines) - 1} more" if len(lines) > 1 else first


def facts(cart: Cart) -> dict[str, Any]:
    """Return what the drawer shows of the cart itself."""
    active = FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).first()
    living = cart.state in {Cart.State.OPEN, Cart.State.ABANDONED}
    stopped = living and _is_stopped(cart)
    order = Order.objects.filter(ended_cart=cart).order_by("placed_at").first()
    contact = cart.contact
    return {
        "id": cart.pk,
        "shopper": shopper_name(cart),
        "email": contact.email if contact is not None and contact.name else "",
        "phone": contact.phone if contact is not None else "",
        "country": country_of(cart),
        "summary": _summary(cart),
        "not_told": contact.owed_problem if contact is not None else "",
        "state_label": _state_label(cart, active),
        "state_kind": _STATE_KINDS[Cart.State(cart.state)],
        "total": items.worth(cart),
        "total_note": items.worth_note(cart),
        "left_at": cart.changed_at,
        "lines": items.shown(cart),
        "order_label": f"Order {order.number}" if order is not None else "",
        "can_stop": living and cart.blocked_reason != "stopped_by_merchant",
        "can_send_now": active is not None and cart.state == Cart.State.ABANDONED and not stopped,
        "send_now_why": reason("unsubscribed" if stopped else cart.blocked_reason)
        if stopped or cart.blocked_reason
        else "",
        "can_link": living,
        "can_mark_won": living,
    }


def _is_stopped(cart: Cart) -> bool:
    """Say whether the shopper's mailbox must not be written to, whatever a flow still plans."""
    contact = cart.contact
    if contact is None:
        return False
    return is_suppressed(channel=Channel.EMAIL, address_key=contact.address_key)


def _state_label(cart: Cart, active: FlowRun | None) -> str:
    if active is not None:
        return "In recovery"
    if cart.state == Cart.State.ORDERED and cart.abandoned_at is not None:
        return "Recovered"
    return cart.get_state_display()


def _summary(cart: Cart) -> str:
    contact = cart.contact
    if contact is None:
        return "Nobody knows this shopper's address yet"
    consent = latest_consent(contact, channel=Channel.EMAIL)
    orders = Order.objects.filter(address_key=contact.address_key, stage=Order.Stage.PLACED).count()
    parts = [f"{orders} order{'' if orders == 1 else 's'}"]
    if consent is None:
        parts.append("never asked for consent")
    elif consent.given:
        where = _SOURCES.get(consent.source, consent.source)
        parts.append(f"agreed to mails {where} on {localtime(consent.at):%-d %b %Y}")
    else:
        parts.append(f"said no to mails on {localtime(consent.at):%-d %b %Y}")
    return " · ".join(parts)


def timeline(cart: Cart, *, at: datetime) -> list[dict[str, Any]]:
    """Return everything that happened to the cart, and what is planned, oldest first."""
    rows: QuerySet[Entry] = Entry.objects.filter(cart=cart).order_by("-at", "-id")
    entries = sorted(
        rows[:300], key=lambda entry: (entry.at.replace(second=0, microsecond=0), entry.pk)
    )
    ended = {entry.detail.get("message") for entry in entries if entry.kind in _FATES}
    told = [
        _told(entry)
        for entry in entries
        # What was planned and then happened is told once.
        if entry.kind != "message_queued" or entry.detail.get("message") not in ended
    ]
    return told + _planned(cart, at=at)


def _told(entry: Entry) -> dict[str, Any]:
    words = tell(entry, reason_of=sentence)
    return {"at": entry.at, "title": words.title, "why": words.why, "kind": words.kind}


def _planned(cart: Cart, *, at: datetime) -> list[dict[str, Any]]:
    run = FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).select_related("version")
    active = run.first()
    if active is None or _is_stopped(cart):
        return []
    plan = steps.read(active.version.steps)
    return [
        {
            "at": active.abandoned_at + step.after,
            "title": f"Mail planned: “{_subject(cart, step)}”",
            "why": reason(active.waiting_reason) if active.waiting_reason and not number else "",
            "kind": "planned",
        }
        for number, step in enumerate(plan[active.position :])
        if step.on and active.abandoned_at + step.after > at
    ]


def _subject(cart: Cart, step: steps.EmailStep) -> str:
    """Return the step's subject as this shopper would read it; the merchant's text if broken."""
    source = step.content["subject"]
    lines = list(cart.lines.all())
    shown = render_text(
        source,
        {
            "first_name": cart.contact.first_name if cart.contact is not None else "",
            "first_item": lines[0].name if lines else None,
            "shop_name": cart.shop.name,
            "count": cart.quantity,
        },
    )
    return source if isinstance(shown, Unrenderable) else shown
