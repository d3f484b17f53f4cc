"""Erase one person's rows so that only counts remain. Needs the shop in scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from recovery.carts.models import Cart, Entry
from recovery.catalog.mirror import News
from recovery.contacts.models import Consent, Contact
from recovery.flows.models import FlowRun
from recovery.flows.services import finish
from recovery.messaging.models import Link, Message
from recovery.messaging.services import withdraw
from recovery.orders.models import Order
from recovery.orders.services import FIELDS
from recovery.privacy.finding import Person
from recovery.privacy.models import DataRequest
from shopapp.kit.addresses import address_key
from shopapp.shops.models import Remark, Shop

REASON = "contact_erased"
_LETTER: dict[str, Any] = {"subject": "", "html": "", "text": "", "problem": ""}
_NOBODY = dict.fromkeys(
    ("email", "address_key", "phone", "first_name", "last_name", "country", "customer_id"), ""
)


def erase(shop: Shop, person: Person, *, at: datetime) -> dict[str, int]:
    """Blank whatever says who this is, and end what was still planned; return how many rows of
    each kind. Rows stay where figures are counted from them."""
    _end_recovery(shop, person, at=at)
    for order in Order.objects.select_for_update().filter(pk__in=person.orders):
        _blank_order(order)
    _blank_messages(person)
    _blank_carts(person, at=at)
    FlowRun.objects.filter(pk__in=person.runs).update(address_key="")
    _blank_contacts(person, at=at)
    _forget_remarks(shop, person)
    return {
        "contacts": len(person.contacts),
        "carts": len(person.carts),
        "orders": len(person.orders),
        "messages": len(person.messages | person.tests),
        "runs": len(person.runs),
        "requests": _blank_requests(person, at=at),
    }


def _end_recovery(shop: Shop, person: Person, *, at: datetime) -> None:
    runs = FlowRun.objects.filter(state=FlowRun.State.ACTIVE)
    theirs = runs.filter(Q(pk__in=person.runs) | Q(cart_id__in=person.carts))
    for run in theirs.select_related("flow__shop", "cart"):
        finish(run, REASON, at=at)
    withdraw(shop, message_ids=person.messages, reason=REASON, at=at)


def _blank_order(order: Order) -> None:
    for name, nothing in _NOBODY.items():
        setattr(order, name, nothing)
    # The same news without the person has this hash: telling it again changes nothing.
    values = {name: getattr(order, name) for name in FIELDS}
    order.content_hash = News(order.platform_id, order.changed_at, values).digest
    order.save(update_fields=[*_NOBODY, "content_hash"])


def _blank_messages(person: Person) -> None:
    Message.objects.filter(pk__in=person.tests).update(**_LETTER)
    mine = Message.objects.filter(pk__in=person.messages)
    mine.update(
        **_LETTER, contact=None, address="", address_key="", locale="", provider_id="", content={}
    )
    # This kind's key is made of a hash of the mailbox.
    for message in mine.filter(kind=Message.Kind.MY_CART):
        Message.objects.filter(pk=message.pk).update(dedup_key=f"erased:{message.pk}")


def _blank_carts(person: Person, *, at: datetime) -> None:
    """Cut the carts from the person. Their ids stay: late news must find that it is late."""
    carts = Cart.objects.filter(pk__in=person.carts)
    carts.update(
        contact=None,
        customer_id="",
        visitor_id="",
        country="",
        locale="",
        recovery_url="",
        checkout_id="",
    )
    carts.filter(state__in=[Cart.State.OPEN, Cart.State.ABANDONED]).update(
        considered_at=at, blocked_reason=REASON
    )
    for entry in Entry.objects.filter(cart_id__in=person.carts, detail__has_key="subject"):
        # A subject may greet somebody by name.
        Entry.objects.filter(pk=entry.pk).update(detail={**entry.detail, "subject": "…"})


def _blank_contacts(person: Person, *, at: datetime) -> None:
    Link.objects.filter(
        Q(contact_id__in=person.contacts) | Q(message_id__in=person.messages)
    ).update(contact=None)
    links = Link.objects.filter(message_id__in=person.messages, expires_at__gt=at)
    links.update(expires_at=at)
    Consent.objects.filter(contact_id__in=person.contacts).update(
        wording="", version="", language=""
    )
    for contact_id in person.contacts:
        Contact.objects.filter(pk=contact_id).update(
            email=f"erased-{contact_id}",
            address_key="",
            phone="",
            first_name="",
            last_name="",
            country="",
            locale="",
            customer_id="",
            evidence=Contact.Evidence.BROWSER,
            confirmed_at=None,
            content_hash="",
            vanished_at=at,
            owed_since=None,
            owed_attempts=0,
            owed_problem="",
        )


def _blank_requests(person: Person, *, at: datetime) -> int:
    """Blank the requests for data that this person made."""
    erased = 0
    for request in DataRequest.objects.filter(erased_at=None):
        theirs = (
            request.customer_id in person.names.customer_ids
            or address_key(request.email) in person.names.address_keys
        )
        if theirs:
            erased += DataRequest.objects.filter(pk=request.pk).update(
                customer_id="", email="", phone="", order_ids=[], erased_at=at, tell_due_at=None
            )
    return erased


def _forget_remarks(shop: Shop, person: Person) -> None:
    """Delete the lines for a merchant's next page that name this person."""
    waiting = Remark.objects.filter(user__memberships__shop=shop)
    named = Q(pk__in=[])
    for spelling in person.spellings:
        named |= Q(text__icontains=spelling)
    Remark.objects.filter(pk__in=list(waiting.filter(named).values_list("pk", flat=True))).delete()
