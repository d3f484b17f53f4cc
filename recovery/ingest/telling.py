"""Tell the store what we learnt of its shoppers: an address, an agreement, an opt-out.

Contacts that are owed (`contacts.services.owe`) wait in their rows; whoever learns something writes
it down there, and this sweep tells it. What the platform itself told us is never told back, and
what a shopper answered on the platform later stands.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import F

from recovery.contacts.models import Contact
from recovery.contacts.selectors import answer_for_store
from recovery.ingest import errands, reach
from recovery.ingest.connection import open_client
from shopapp.platforms.answers import KeysRefused, StoreError
from shopapp.platforms.connector import Client, CustomerToWrite, TakesCustomers
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)


def tell_store(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Tell the store of the shop's owed contacts; return how many debts are settled.

    Opens its own scopes. A store that takes no customers settles them all. Safe to kill: what was
    told twice is told once.
    """
    with access.scope(shop):
        if not reach.may_ask(shop, at=at):
            return 0
        owed = _claimed(at=at, limit=limit)
    if not owed:
        return 0
    settled = 0
    try:
        client = open_client(shop)
        for contact in owed:
            settled += _tell(shop, client, contact, at=at)
    except KeysRefused as error:
        reach.failed(shop, error, at=at)
    except StoreError as error:
        # The others wait for their next try: they were claimed with it.
        logger.warning(
            "a store took no news", extra={"shop": shop.pk, "error": type(error).__name__}
        )
    return settled


def _claimed(*, at: datetime, limit: int) -> list[Contact]:
    """Return the contacts to tell of, each leased and its try counted before it is made."""
    rows = Contact.objects.select_for_update(skip_locked=True).filter(owed_since__lte=at)
    contacts = list(rows.order_by("owed_since", "pk")[:limit])
    for contact in contacts:
        contact.owed_since = errands.leased(at)
        contact.owed_attempts += 1
        contact.save(update_fields=["owed_since", "owed_attempts"])
    return contacts


def _tell(shop: Shop, client: Client, contact: Contact, *, at: datetime) -> bool:
    if not isinstance(client, TakesCustomers):
        return _settle(shop, contact, customer_id="")
    with access.scope(shop):
        # Erased meanwhile, or learnt more of: then it is not this debt any more.
        fresh = Contact.objects.filter(pk=contact.pk, owed_since=contact.owed_since).first()
        told = None if fresh is None else _customer(fresh)
    if told is None:
        return False
    try:
        customer_id = client.write_customer(told)
    except StoreError as error:
        return _failed(shop, contact, error, at=at)
    return _settle(shop, contact, customer_id=customer_id)


def _customer(contact: Contact) -> CustomerToWrite:
    return CustomerToWrite(
        email=contact.email,
        first_name=contact.first_name,
        last_name=contact.last_name,
        phone=contact.phone,
        locale=contact.locale,
        consent=answer_for_store(contact),
    )


def _settle(shop: Shop, contact: Contact, *, customer_id: str) -> bool:
    """Note that the store knows; False when something new was learnt while it was told."""
    with access.scope(shop):
        rows = Contact.objects.filter(pk=contact.pk)
        if customer_id:
            rows.filter(customer_id="", email=contact.email).update(
                customer_id=customer_id, vanished_at=None
            )
        mine = rows.filter(owed_since=contact.owed_since)
        return mine.update(owed_since=None, owed_attempts=0, owed_problem="") == 1


def _failed(shop: Shop, contact: Contact, error: StoreError, *, at: datetime) -> bool:
    """Park what the store refuses, or what failed too often; put off the rest and raise on."""
    over = errands.is_final(error) or contact.owed_attempts >= errands.TRIES
    due_at = None if over else errands.next_try(contact.owed_attempts, at=at, error=error)
    with access.scope(shop):
        mine = Contact.objects.filter(pk=contact.pk, owed_since=contact.owed_since)
        mine.update(owed_since=due_at, owed_problem=errands.reason_of(error))
    if isinstance(error, KeysRefused):
        with access.scope(shop):
            # Not this shopper's fault: it counts as no try.
            Contact.objects.filter(pk=contact.pk).update(owed_attempts=F("owed_attempts") - 1)
    if not errands.is_final(error):
        raise error
    return False
