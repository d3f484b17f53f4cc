"""Let nothing that was said of somebody before their erasure bring them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from recovery.contacts import erasure
from recovery.contacts.erasure import Names
from shopapp.kit.addresses import address_key, phone_e164
from shopapp.platforms.base import (
    CartChanged,
    ConsentChanged,
    ContactChanged,
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
    match event:
        case OrderChanged():
            names = _names(event.shopper, order_id=event.order_id)
            # An order is the person's of the day it was placed, whatever becomes of it later.
            old = _is_old(names, event.placed_at)
            return replace(event, shopper=_NOBODY) if old else event
        case CartChanged():
            old = _is_old(_names(event.shopper), event.changed_at)
            return replace(event, shopper=_NOBODY, recovery_url="") if old else event
        case ContactChanged():
            return (
                None
                if _is_old(_names(event.shopper, event.customer_id), event.changed_at)
                else event
            )
        case ConsentChanged():
            return None if _is_old(_names(event.shopper), event.at) else event
        case _:
            return event


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
