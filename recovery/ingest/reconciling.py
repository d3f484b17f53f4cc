"""Go on reading a shop's store, and put right what a finished reading brought to light."""

from __future__ import annotations

import logging
from datetime import datetime

from recovery.ingest import doubts, reach, readings
from recovery.ingest.connection import open_client
from recovery.ingest.models import Reading
from recovery.ingest.webhooks import register_webhooks
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import MakesWebhooks
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)


def read_next(shop: Shop, *, at: datetime) -> bool:
    """Read the shop's next due page; say whether there was one.

    When the orders have been read to the end, the store's webhooks are looked after as well; when
    nothing is left to read, the store is asked about what came into doubt.
    """
    reading = readings.read_due(shop, at=at)
    if reading is None:
        doubts.settle(shop, at=at)
        return False
    if reading.kind == Reading.Kind.ORDERS and not reading.cursor:
        keep_webhooks(shop, at=at)
    return True


def keep_webhooks(shop: Shop, *, at: datetime) -> bool:
    """Make the store send all topics again where it stopped; False when it could not be asked."""
    try:
        client = open_client(shop)
        if isinstance(client, MakesWebhooks):
            register_webhooks(shop, client, at=at)
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
