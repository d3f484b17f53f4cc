"""Everything that we hold about one person in one shop, as one document to read and to pass on.

The document is JSON: one section for each kind of thing, its rows in the order of time, moments in
ISO 8601, amounts as the shop's money reads. `about` and each section's `what_this_is` tell a reader
what they look at. Secrets of the shop, and tokens that open anything, are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from recovery.attribution.models import Credit
from recovery.carts.models import Cart
from recovery.carts.wording import tell
from recovery.contacts.erasure import forms_of
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.flows.models import FlowRun
from recovery.messaging.models import Click, Message
from recovery.messaging.rendering import filled
from recovery.messaging.wording import sentence
from recovery.orders.models import Order
from recovery.privacy.finding import Person, find, names_of
from recovery.privacy.models import DataRequest
from shopapp.kit.money import Money
from shopapp.shops.models import AccessRecord, Shop

Rows = list[dict[str, Any]]
_ABOUT = (
    "Everything that Rebasket, the cart recovery service of {shop}, holds about one person. Left"
    " out are links in letters, since they open a cart for whoever holds them, and the platform's"
    " news as it was delivered, which repeats what the platform itself holds."
)


def dossier(shop: Shop, request: DataRequest, *, at: datetime) -> dict[str, Any]:
    """Return the document that answers this request. Needs the shop in scope."""
    asked = names_of(
        customer_id=request.customer_id,
        email=request.email,
        phone=request.phone,
        order_ids=request.order_ids,
    )
    person = find(asked, email=request.email)
    return {
        "about": _ABOUT.format(shop=shop.name),
        "shop": {"name": shop.name, "address": shop.url},
        "made_at": _moment(at),
        "request": {
            "id": request.request_id,
            "asked_at": _moment(request.asked_at),
            "customer_id": request.customer_id,
            "email": request.email,
            "phone": request.phone,
            "order_ids": request.order_ids,
        },
        "sections": [
            {"name": name, "what_this_is": what, "rows": rows(person)}
            for name, what, rows in _SECTIONS
        ],
    }


def _contacts(person: Person) -> Rows:
    return [
        {
            "email": row.email,
            "phone": row.phone,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "country": row.country,
            "language": row.locale,
            "customer_id": row.customer_id,
            "who_says_so": row.get_evidence_display(),
            "confirmed_at": _moment(row.confirmed_at),
            "known_since": _moment(row.created_at),
        }
        for row in Contact.objects.filter(pk__in=person.contacts).order_by("created_at", "pk")
    ]


def _consents(person: Person) -> Rows:
    rows = Consent.objects.filter(contact_id__in=person.contacts).order_by("at", "pk")
    return [
        {
            "channel": row.get_channel_display(),
            "answer": "yes" if row.given else "no",
            "wording": row.wording,
            "version": row.version,
            "language": row.language,
            "given_through": row.source,
            "at": _moment(row.at),
        }
        for row in rows
    ]


def _suppressions(person: Person) -> Rows:
    forms = [form for key in sorted(person.names.address_keys) for form in forms_of(key)]
    return [
        {
            "channel": row.get_channel_display(),
            "reason": row.get_reason_display(),
            "at": _moment(row.at),
        }
        for row in Suppression.objects.filter(address_key__in=forms).order_by("at", "pk")
    ]


def _carts(person: Person) -> Rows:
    rows = Cart.objects.filter(pk__in=person.carts).order_by("started_at", "pk")
    return [
        {
            "id": cart.cart_id,
            "checkout": cart.alias,
            "visitor": cart.visitor_id,
            "state": cart.get_state_display(),
            "stage": cart.get_stage_display(),
            "country": cart.country,
            "language": cart.locale,
            "total": _money(cart.total),
            "started_at": _moment(cart.started_at),
            "changed_at": _moment(cart.changed_at),
            "abandoned_at": _moment(cart.abandoned_at),
            "lines": [_cart_line(line) for line in cart.lines.all()],
            "timeline": [_entry(entry) for entry in cart.entries.order_by("at", "pk")],
        }
        for cart in rows.prefetch_related("lines")
    ]


def _cart_line(line: Any) -> dict[str, Any]:
    return {
        "product": line.name,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "attributes": line.attributes,
        "quantity": line.quantity,
    }


def _entry(entry: Any) -> dict[str, Any]:
    told = tell(entry, reason_of=sentence)
    return {"at": _moment(entry.at), "what": told.title, "why": told.why}


def _orders(person: Person) -> Rows:
    rows = Order.objects.filter(pk__in=person.orders).order_by("placed_at", "pk")
    return [
        {
            "id": order.platform_id,
            "number": order.number,
            "meant_by_the_request": order.platform_id in person.names.order_ids,
            "status": order.status,
            "placed_at": _moment(order.placed_at),
            "paid_at": _moment(order.paid_at),
            "total": _money(order.total),
            "refunded": _money(Money(order.refunded_minor, order.currency, order.decimals)),
            "email": order.email,
            "phone": order.phone,
            "first_name": order.first_name,
            "last_name": order.last_name,
            "country": order.country,
            "customer_id": order.customer_id,
            "payment_method": order.payment_method,
            "lines": order.lines,
        }
        for order in rows
    ]


def _messages(person: Person) -> Rows:
    rows = Message.objects.filter(pk__in=person.messages).order_by("created_at", "pk")
    return [
        {
            "to": message.address,
            "kind": message.get_kind_display(),
            "state": message.get_state_display(),
            "why": sentence(message.reason) if message.reason else "",
            "subject": filled(message.subject, {}),
            "text": filled(message.text, {}),
            "queued_at": _moment(message.created_at),
            "sent_at": _moment(message.sent_at),
        }
        for message in rows
    ]


def _clicks(person: Person) -> Rows:
    theirs = Q(link__message_id__in=person.messages) | Q(link__contact_id__in=person.contacts)
    rows = Click.objects.filter(theirs).select_related("link").order_by("followed_at", "pk")
    return [
        {
            "link": click.link.get_purpose_display(),
            "followed_at": _moment(click.followed_at),
            "counted_at": _moment(click.counted_at),
        }
        for click in rows
    ]


def _runs(person: Person) -> Rows:
    rows = FlowRun.objects.filter(pk__in=person.runs).select_related("flow")
    return [
        {
            "flow": run.flow.name,
            "state": run.get_state_display(),
            "entered_at": _moment(run.entered_at),
            "ended_at": _moment(run.finished_at),
            "outcome": sentence(run.outcome) if run.outcome else "",
        }
        for run in rows.order_by("entered_at", "pk")
    ]


def _credits(person: Person) -> Rows:
    theirs = Q(order_id__in=person.orders) | Q(message_id__in=person.messages)
    rows = Credit.objects.filter(theirs).select_related("order").order_by("ordered_at", "pk")
    return [
        {
            "order": credit.order.number,
            "amount": _money(credit.amount),
            "clicked_at": _moment(credit.clicked_at),
            "ordered_at": _moment(credit.ordered_at),
        }
        for credit in rows
    ]


def _looks(person: Person) -> Rows:
    carts, messages = ([str(pk) for pk in sorted(ids)] for ids in (person.carts, person.messages))
    theirs = Q(what="cart", subject__in=carts) | Q(what="message", subject__in=messages)
    return [
        {"what": row.what, "by": "somebody who works for the shop", "at": _moment(row.at)}
        for row in AccessRecord.objects.filter(theirs).order_by("at", "pk")
    ]


_SECTIONS: tuple[tuple[str, str, Callable[[Person], Rows]], ...] = (
    ("contact", "The person's address, and what the shop said of them.", _contacts),
    ("consents", "Each answer to “may we write to you?”, with its evidence.", _consents),
    ("opt_outs", "Why no more mail is written to the person's mailbox.", _suppressions),
    ("carts", "Carts, what was in them, and everything that was decided about them.", _carts),
    ("orders", "Orders, as the shop's platform told us of them.", _orders),
    ("messages", "Mails that were written to the person, sent or not.", _messages),
    ("clicks", "Links in those mails that were followed.", _clicks),
    ("flows", "Series of mails that the person went through.", _runs),
    ("credits", "Orders that the shop counts as brought about by a mail.", _credits),
    ("looks", "When people of the shop opened a page that shows this data.", _looks),
)


def sizes(document: dict[str, Any]) -> Iterable[tuple[str, int]]:
    """Return how many rows each section of the document has."""
    return ((section["name"], len(section["rows"])) for section in document["sections"])


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _money(money: Money | None) -> str | None:
    return None if money is None else f"{money.amount} {money.currency}"
