"""Answer what the law gives people: to see their data, and to be erased. Shop in scope."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from recovery.contacts import erasure
from recovery.orders.models import Order
from recovery.privacy import emptying, erasing
from recovery.privacy.finding import Person, find, names_of
from recovery.privacy.models import DataRequest, Erasure
from shopapp.platforms.base import ContactRedacted, DataRequested
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(days=30)
"""Shopify's own limit, and that of Art. 12 (3) GDPR (one month):
https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance"""


def take_request(shop: Shop, event: DataRequested, *, at: datetime) -> DataRequest:
    """Keep that a shopper asked for their data; the same request again is the same row.

    The owners are told by the sweep; the file is made when they download it.
    """
    request: DataRequest
    request, made = DataRequest.objects.get_or_create(
        shop=shop,
        request_id=(event.request_id or _digest(event))[:64],
        defaults={
            "customer_id": event.customer_id[:64],
            "email": event.email[:254],
            "phone": event.phone[:32],
            "order_ids": list(event.order_ids),
            "asked_at": at,
            "due_at": at + ANSWER_WITHIN,
            "tell_due_at": at,
        },
    )
    if made:
        logger.info("a shopper asked for their data", extra={"shop": shop.pk, "row": request.pk})
    return request


def _digest(event: DataRequested) -> str:
    # Without an id of its own, a request is the same when it says the same.
    return hashlib.sha256(repr(event).encode()).hexdigest()


def hand_over(request: DataRequest, user_id: int | None, *, at: datetime) -> bool:
    """Note that the merchant gave the shopper the file; False when that was noted before."""
    moved = DataRequest.objects.filter(pk=request.pk, handed_over_at=None, erased_at=None).update(
        handed_over_at=at, handed_over_by_id=user_id, tell_due_at=None
    )
    return moved == 1


@transaction.atomic
def redact_contact(shop: Shop, event: ContactRedacted, *, at: datetime) -> Person:
    """Erase a person so that only counts remain; return what was found of them.

    Whatever the shop says later of a time before this brings nothing back (`privacy.gate`). An
    opt-out goes on stopping mail, in a form that tells nobody who opted out. The store's own news,
    as it was delivered, is blanked by its owner (`ingest.redaction`), with what is returned here.
    """
    asked = names_of(
        customer_id=event.customer_id,
        email=event.email,
        phone=event.phone,
        order_ids=event.order_ids,
    )
    person = find(asked, email=event.email)
    orders = Order.objects.filter(pk__in=person.orders)
    order_ids = frozenset(orders.values_list("platform_id", flat=True))
    names = replace(person.names, order_ids=person.names.order_ids | order_ids)
    counts = erasing.erase(shop, person, at=at)
    erasure.keep_suppressions(shop, names.address_keys)
    erasure.remember(shop, names, at=at)
    Erasure.objects.create(shop=shop, kind=Erasure.Kind.CONTACT, counts=counts, at=at)
    logger.info("a shopper was erased", extra={"shop": shop.pk, **counts})
    return replace(person, names=names)


@transaction.atomic
def redact_shop(shop: Shop, *, at: datetime) -> bool:
    """Erase everything of a shop that has left; False when there is nothing to erase, or when it
    is installed again: then the platform means the installation before.

    What stays is that there was a shop, and how many rows of what it had.
    """
    if not emptying.has_left(shop, at=at):
        logger.info("an erasure is about an older installation", extra={"shop": shop.pk})
        return False
    counts = emptying.empty(shop, at=at)
    if not emptying.is_blank(shop):
        emptying.blank(shop, at=at)
    elif not any(counts.values()):
        return False
    Erasure.objects.create(shop=shop, kind=Erasure.Kind.SHOP, counts=counts, at=at)
    logger.info("a shop was erased", extra={"shop": shop.pk})
    return True
