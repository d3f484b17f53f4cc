"""Handle what waits in the inbox: each piece once, the poisonous ones parked."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from recovery.ingest import redaction
from recovery.ingest.connection import facts_of
from recovery.ingest.models import Delivery
from recovery.ingest.services import apply
from shopapp.kit import clock
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

TRIES = 3
LEASE = timedelta(seconds=60)
RETRY_AFTER = timedelta(seconds=10)
_CUT_OFF = "Its handling was cut off three times."


def handle_waiting(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Handle the shop's waiting deliveries, oldest first; return how many were handled.

    A bug in one does not keep the others: it is tried again, and parked after the third time.
    """
    handled = 0
    for delivery_id in waiting(shop, at=at, limit=limit):
        try:
            handled += handle(shop, delivery_id, at=at)
        except Exception as error:
            logger.exception("a delivery could not be handled", extra={"delivery": delivery_id})
            _try_again(shop, delivery_id, error, at=at)
    return handled


def waiting(shop: Shop, *, at: datetime, limit: int) -> list[int]:
    """Return the ids of deliveries that nobody has begun, or whose handling was lost."""
    with access.scope(shop):
        rows = Delivery.objects.filter(_free(at)).order_by("received_at", "pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def handle(shop: Shop, delivery_id: int, *, at: datetime) -> bool:
    """Apply one delivery's events and stamp it, in one transaction; False when there is nothing
    to do. Whatever goes wrong but unreadable news is raised; the attempt is counted already.
    """
    if not _claim(shop, delivery_id, at=at):
        return False
    with access.scope(shop):
        # Claimed: who else looks at it holds it for a moment only, and is waited for.
        rows = Delivery.objects.select_for_update()
        delivery = rows.filter(pk=delivery_id, state=Delivery.State.NEW).first()
        if delivery is None:
            return False
        try:
            # Some news only shows that it cannot be read while it is applied: none of it counts.
            with transaction.atomic():
                events = _events(shop, delivery)
                for event in events:
                    apply(shop, event, at=at)
        except Unreadable as error:
            _stamp(delivery, Delivery.State.QUARANTINED, at=at, problem=str(error))
            return False
        _stamp(delivery, Delivery.State.HANDLED, at=at)
        redaction.forget_late(delivery, events, at=at)
    return True


def redrive(shop: Shop, delivery: Delivery, *, at: datetime) -> bool:
    """Put a quarantined or parked delivery back among the waiting; False when it was neither."""
    stuck = (Delivery.State.QUARANTINED, Delivery.State.PARKED)
    moved = Delivery.objects.filter(shop=shop, pk=delivery.pk, state__in=stuck).update(
        state=Delivery.State.NEW, attempts=0, due_at=at, problem="", handled_at=None
    )
    return moved == 1


def _free(at: datetime) -> Q:
    return Q(state=Delivery.State.NEW) & (Q(attempts=0) | Q(due_at__lte=at))


def _claim(shop: Shop, delivery_id: int, *, at: datetime) -> bool:
    """Count the attempt before it is made: a worker that dies of it must not forget it."""
    with access.scope(shop):
        rows = Delivery.objects.select_for_update(skip_locked=True)
        delivery = rows.filter(_free(at), pk=delivery_id).first()
        if delivery is None:
            return False
        if delivery.attempts >= TRIES:
            _stamp(delivery, Delivery.State.PARKED, at=at, problem=_CUT_OFF)
            return False
        delivery.attempts += 1
        delivery.due_at = at + clock.lasting(LEASE)
        delivery.save(update_fields=["attempts", "due_at"])
        return True


def _events(shop: Shop, delivery: Delivery) -> tuple[Event, ...]:
    body = bytes(delivery.body)
    connector = connector_for(shop.platform)
    if delivery.source == Delivery.Source.PLUGIN:
        return connector.parse_plugin(body, facts_of(shop))
    return connector.parse_delivery(
        delivery.topic, body, facts_of(shop), said_at=delivery.said_at or delivery.received_at
    )


def _stamp(delivery: Delivery, state: Delivery.State, *, at: datetime, problem: str = "") -> None:
    # The row may be gone: what it asked for may have been the erasure of its shop.
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, handled_at=at, problem=problem[:300]
    )


def _try_again(shop: Shop, delivery_id: int, error: Exception, *, at: datetime) -> None:
    with access.scope(shop):
        delivery = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.NEW).first()
        if delivery is None:
            return
        # The kind of mistake only: its text may hold a shopper's data.
        problem = f"A mistake of ours ({type(error).__name__})."
        if delivery.attempts >= TRIES:
            _stamp(delivery, Delivery.State.PARKED, at=at, problem=problem)
            return
        delivery.due_at = at + clock.lasting(RETRY_AFTER) * delivery.attempts
        delivery.problem = problem
        delivery.save(update_fields=["due_at", "problem"])
