"""Questions about senders, messages and clicks, in the scope of one shop."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from recovery.messaging.models import Click, Message, Sender
from shopapp.shops.models import Shop


def sender_of(shop: Shop) -> Sender:
    """Return the shop's sender, an unsaved one with the defaults when it has not chosen."""
    sender: Sender | None = Sender.objects.filter(shop=shop).first()
    return sender or Sender(shop=shop, name=shop.name[:100])


def confirmations_since(address_key: str, since: datetime) -> int:
    """Return how many "my cart" mails this mailbox was promised since then, over all shops.

    Holds the mailbox until the transaction ends, so that two askers cannot both be the last one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging_asked_for(%s, %s)", [address_key, since])
        (count,) = cursor.fetchone()
    return int(count)


def last_counted_click(message: Message) -> Click | None:
    """Return the last click of a person on this message's links."""
    rows = Click.objects.filter(link__message=message, counted_at__isnull=False)
    found: Click | None = rows.order_by("-counted_at").first()
    return found
