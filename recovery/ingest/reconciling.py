"""Go on reading a shop's store, and put right what a finished reading brought to light."""

from __future__ import annotations

import logging
from datetime import datetime

from recovery.ingest import doubts, reach, readings
from recovery.ingest.connection import open_client
from recovery.ingest.models import Reading
from recovery.ingest.webhooks import register_webhooks
from shopapp.platforms.base import Unreadable
from shopapp.platforms.registry import KeysRefused, StoreError, StoreUnavailable
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)


def read_next(shop: Shop, *, at: datetime) -> bool:
    """Read the shop's next due page; say whether more is due.

    When a kind has been read to the end, doubtful rows are asked about; with the orders, the
    store's webhooks are looked after as well.
    """
    reading = readings.read_due(shop, at=at)
    if reading is None:
        return False
    if not reading.cursor:
        doubts.settle(shop, at=at)
        if reading.kind == Reading.Kind.ORDERS:
            keep_webhooks(shop, at=at)
    with access.scope(shop):
        return bool(Reading.objects.filter(due_at__lte=at).exists())


def keep_webhooks(shop: Shop, *, at: datetime) -> bool:
    """Make the store send all topics again where it stopped; False when it could not be asked."""
    if not reach.may_ask(shop, at=at):
        return False
    try:
        register_webhooks(shop, open_client(shop), at=at)
    except (KeysRefused, StoreUnavailable) as error:
        reach.failed(shop, error, at=at)
        return False
    except (StoreError, Unreadable) as error:
        # Reading goes on without webhooks; their page shows which are missing.
        logger.warning(
            "webhooks could not be made", extra={"shop": shop.pk, "error": type(error).__name__}
        )
        return False
    return True
