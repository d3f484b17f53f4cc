"""Tell the store that a mail about one of its abandoned checkouts went out."""

from __future__ import annotations

import logging
from datetime import datetime

from recovery.ingest import errands, reach
from recovery.ingest.connection import open_client
from recovery.messaging.models import Message
from shopapp.platforms.answers import KeysRefused, StoreError
from shopapp.platforms.connector import Client, TakesReports
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)


def report_sent(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Report the shop's sent mails that the store does not know of; return how many are settled.

    Opens its own scopes. A store that takes no reports settles them all, and so does one that knows
    no such checkout. After eight tries a report is given up: the mail itself is sent in any case.
    """
    with access.scope(shop):
        if not reach.may_ask(shop, at=at):
            return 0
        due = _claimed(at=at, limit=limit)
    if not due:
        return 0
    settled = 0
    try:
        client = open_client(shop)
        for message in due:
            settled += _report(shop, client, message, at=at)
    except KeysRefused as error:
        reach.failed(shop, error, at=at)
    except StoreError as error:
        logger.warning(
            "a store took no reports", extra={"shop": shop.pk, "error": type(error).__name__}
        )
    return settled


def _claimed(*, at: datetime, limit: int) -> list[Message]:
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
    due = rows.select_related("cart").filter(report_due_at__lte=at)
    messages = list(due.order_by("report_due_at", "pk")[:limit])
    for message in messages:
        message.report_due_at = errands.leased(at)
        message.report_attempts += 1
        message.save(update_fields=["report_due_at", "report_attempts"])
    return messages


def _report(shop: Shop, client: Client, message: Message, *, at: datetime) -> bool:
    cart = message.cart
    if not isinstance(client, TakesReports) or cart is None or message.sent_at is None:
        return _settle(shop, message)
    if not cart.checkout_id:
        # The store's list of abandoned checkouts, which names it, is read now and then.
        return _put_off(shop, message, None, at=at)
    try:
        client.report_sent(
            checkout_id=cart.checkout_id,
            campaign=message.step_key or "cart",
            message=str(message.pk),
            at=message.sent_at,
        )
    except StoreError as error:
        if errands.is_final(error):
            return _settle(shop, message)
        _put_off(shop, message, error, at=at)
        raise
    return _settle(shop, message)


def _settle(shop: Shop, message: Message) -> bool:
    with access.scope(shop):
        return Message.objects.filter(pk=message.pk).update(report_due_at=None) == 1


def _put_off(shop: Shop, message: Message, error: StoreError | None, *, at: datetime) -> bool:
    """Let the report wait for its next try; True when that was the last."""
    if message.report_attempts >= errands.TRIES:
        return _settle(shop, message)
    due_at = errands.next_try(message.report_attempts, at=at, error=error)
    with access.scope(shop):
        Message.objects.filter(pk=message.pk).update(report_due_at=due_at)
    return False
