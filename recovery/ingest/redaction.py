"""Erase people from the store's own news, as it was delivered: bodies that name them are blanked.

Which bodies do is read as the news itself is read, by the platform's parser; whatever that leaves
out (an address in a note, a number in a field that nobody needs) is looked for in the bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower

from recovery.contacts import erasure
from recovery.ingest.connection import facts_of
from recovery.ingest.models import Account, Delivery
from recovery.privacy import services as privacy
from recovery.privacy.finding import Person
from recovery.privacy.gate import admit, names_in
from shopapp.platforms.base import ContactRedacted, Event, Unreadable
from shopapp.platforms.registry import connector_for
from shopapp.shops.models import Shop

TOLD = "What it said was erased, as a shopper asked."
# Shorter ids are found in many a price: only the parser may say that they name somebody.
_TELLING_ID = 9
_TELLING_TOKEN = 16
_ESCAPES = (("/", "\\/"), ("+", "\\u002b"), ("&", "\\u0026"), ("'", "\\u0027"), ("@", "\\u0040"))


def redact(shop: Shop, event: ContactRedacted, *, at: datetime) -> Person:
    """Erase a person from the shop's rows and from what its store told of them. Shop in scope."""
    person = privacy.redact_contact(shop, event, at=at)
    blank_deliveries(shop, person, at=at)
    Account.objects.filter(customer_id__in=person.names.customer_ids).delete()
    return person


def blank_deliveries(shop: Shop, person: Person, *, at: datetime) -> int:
    """Blank the bodies of the shop's news that name this person; return how many.

    What still waits keeps its body until it has been applied (`forget_late` blanks it then).
    """
    blanked = 0
    for delivery in _suspects(person).iterator(chunk_size=100):
        if _names(shop, delivery, person):
            blanked += _blank(delivery, at=at)
    return blanked


def forget_late(delivery: Delivery, events: Iterable[Event], *, at: datetime) -> bool:
    """Blank news that has just been applied, when it asked for an erasure, or spoke of somebody
    from before theirs; say whether it was. Shop in scope."""
    told = list(events)
    asks = any(isinstance(event, ContactRedacted) for event in told)
    late = erasure.any_in_shop() and any(admit(event) is not event for event in told)
    return bool(asks or late) and _blank(delivery, at=at)


def _blank(delivery: Delivery, *, at: datetime) -> bool:
    rows = Delivery.objects.filter(pk=delivery.pk)
    moved = rows.update(body=b"", problem=TOLD, state=Delivery.State.HANDLED)
    rows.filter(handled_at=None).update(handled_at=at)
    return moved == 1


def _suspects(person: Person) -> QuerySet[Delivery]:
    """Return the deliveries in whose bytes something of the person's occurs."""
    escaped = Func(F("body"), Value("escape"), function="encode", output_field=TextField())
    told = Delivery.objects.exclude(state=Delivery.State.NEW).annotate(told=Lower(escaped))
    conditions = [Q(told__contains=_as_bytea(needle)) for needle in sorted(_needles(person))]
    conditions += [Q(told__regex=pattern) for pattern in _phone_patterns(person)]
    found: QuerySet[Delivery] = told.filter(reduce(or_, conditions, Q(pk__in=[])))
    return found.order_by("pk")


def _needles(person: Person) -> set[str]:
    ids = person.names.customer_ids | person.names.order_ids | person.tokens
    return {text.lower() for text in ids} | set(_written(person))


def _written(person: Person) -> Iterable[str]:
    """Yield the person's addresses as JSON may write them, in lower case."""
    for address in person.spellings | person.names.address_keys:
        ascii_only = json.dumps(address)[1:-1]
        yield from (address.lower(), ascii_only.lower())
        yield reduce(lambda text, pair: text.replace(*pair), _ESCAPES, ascii_only).lower()
        yield reduce(lambda text, pair: text.replace(*pair), _ESCAPES[:-1], ascii_only).lower()


def _as_bytea(text: str) -> str:
    """Return the text as PostgreSQL's "escape" format writes its bytes."""
    return "".join(
        f"\\{byte:03o}" if byte >= 128 or byte == 0 else "\\\\" if byte == 92 else chr(byte)
        for byte in text.encode()
    )


def _phone_patterns(person: Person) -> list[str]:
    """Return a pattern of the last eight digits of each number, however they are set apart.

    Fewer than seven digits (an extension, a short code) name nobody.
    """
    numbers = {re.sub(r"\D", "", phone)[-8:] for phone in person.names.phones}
    return ["[^0-9]{0,3}".join(number) for number in sorted(numbers) if len(number) >= 7]


def _names(shop: Shop, delivery: Delivery, person: Person) -> bool:
    text = bytes(delivery.body).decode("utf-8", "replace").lower()
    if any(address in text for address in _written(person)):
        return True
    if any(re.search(pattern, text) for pattern in _phone_patterns(person)):
        return True
    ids = person.names.customer_ids | person.names.order_ids
    telling = [one.lower() for one in ids if len(one) >= _TELLING_ID]
    telling += [one.lower() for one in person.tokens if len(one) >= _TELLING_TOKEN]
    if any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text) for one in telling):
        return True
    return any(_is_theirs(event, person) for event in _events(shop, delivery))


def _events(shop: Shop, delivery: Delivery) -> tuple[Event, ...]:
    connector, body = connector_for(shop.platform), bytes(delivery.body)
    try:
        if delivery.source == Delivery.Source.PLUGIN:
            return connector.parse_plugin(body, facts_of(shop))
        return connector.parse_delivery(delivery.topic, body, facts_of(shop))
    except Unreadable:
        return ()


def _is_theirs(event: Event, person: Person) -> bool:
    told = names_in(event)
    return bool(
        told.customer_ids & person.names.customer_ids
        or told.address_keys & person.names.address_keys
        or told.order_ids & person.names.order_ids
    )
