"""Let nothing that was said of somebody before their erasure bring them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from recovery.contacts import erasure
from recovery.contacts.erasure import Names
from recovery.privacy.finding import names_of
from shopapp.kit.addresses import address_key, phone_e164
from shopapp.platforms.base import (
    CartChanged,
    ConsentChanged,
    ContactChanged,
    ContactErased,
    ContactRedacted,
    DataRequested,
    Event,
    OrderChanged,
    Shopper,
)

_NOBODY = Shopper()


def admit(event: Event) -> Event | None:
    """Return the event as it may be applied: without the person, where it tells of a time before
    their erasure; None when then nothing is left of it. Needs the shop in scope.

    A new order, cart or change of somebody who was erased is new data.
    """
    moment = _moment_of(event)
    if moment is None or not _is_old(names_in(event), moment):
        return event
    match event:
        case OrderChanged():
            return replace(event, shopper=_NOBODY)
        case CartChanged():
            return replace(event, shopper=_NOBODY, recovery_url="")
        case _:
            return None


def names_in(event: Event) -> Names:
    """Return the names of the person whom the event speaks of, none where it speaks of nobody."""
    match event:
        case OrderChanged():
            return _names(event.shopper, order_id=event.order_id)
        case ContactChanged():
            return _names(event.shopper, event.customer_id)
        case CartChanged() | ConsentChanged():
            return _names(event.shopper)
        case DataRequested() | ContactRedacted():
            return names_of(
                customer_id=event.customer_id,
                email=event.email,
                phone=event.phone,
                order_ids=event.order_ids,
            )
        case ContactErased():
            return Names(customer_ids=frozenset({event.customer_id}))
        case _:
            return Names()


def _moment_of(event: Event) -> datetime | None:
    """Return when the person was as the event tells; None for events that bring nobody back."""
    match event:
        case OrderChanged():
            # An order is the person's of the day it was placed, whatever becomes of it later.
            return event.placed_at
        case CartChanged() | ContactChanged():
            return event.changed_at
        case ConsentChanged():
            return event.at
        case _:
            return None


def _is_old(names: Names, moment: datetime) -> bool:
    erased_at = erasure.erased_at(names)
    return erased_at is not None and moment <= erased_at


def _names(shopper: Shopper, customer_id: str = "", *, order_id: str = "") -> Names:
    customers = frozenset({shopper.customer_id, customer_id} - {""})
    addresses = frozenset({address_key(shopper.email)} - {""})
    phones: frozenset[str] = frozenset()
    if not customers and not addresses:
        # Families share numbers: one names somebody only where nothing else does.
        phones = frozenset({shopper.phone, phone_e164(shopper.phone, shopper.country)} - {""})
    return Names(customers, addresses, phones, frozenset({order_id} - {""}))
