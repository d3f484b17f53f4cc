"""Whether a shop's store may be asked now, and what its answers mean for the shop.

A store that fails is left alone for a while that grows; sending pauses until its orders can be
read again; refused keys are tried again now and then, so that everything recovers by itself.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from recovery.ingest.models import Reach
from shopapp.kit import clock
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(minutes=10)
_MAX_DOUBLINGS = 8


def may_ask(shop: Shop, *, at: datetime) -> bool:
    """Say whether the shop is connected and its store has not just failed; needs the scope."""
    if shop.state == Shop.State.UNINSTALLED:
        return False
    return not Reach.objects.filter(resume_at__gt=at).exists()


def of(shop: Shop) -> Reach:
    """Return the shop's reach, made when it has none; the shop must be in scope."""
    reach: Reach = Reach.objects.get_or_create(shop=shop)[0]
    return reach


def answered(shop: Shop) -> None:
    """Note that the store answered: whatever it refused before, it is reachable again. Needs the
    scope."""
    Reach.objects.exclude(failures=0).update(failures=0, resume_at=None, problem="")
    if shop.state == Shop.State.REFUSED:
        back = Shop.objects.filter(pk=shop.pk, state=Shop.State.REFUSED)
        if back.update(state=Shop.State.CONNECTED):
            logger.info("the store accepts our keys again", extra={"shop": shop.pk})
        shop.state = Shop.State.CONNECTED


def orders_read(shop: Shop, *, through: datetime) -> None:
    """Note that all orders up to this moment were read: sending may go on."""
    rows = Shop.objects.filter(pk=shop.pk)
    rows.exclude(orders_read_at__gt=through).update(orders_read_at=through)
    rows.exclude(sending_paused_at=None).update(sending_paused_at=None, sending_paused_reason="")


def failed(shop: Shop, error: StoreError, *, at: datetime) -> datetime:
    """Note that the store did not answer as it should, and pause sending; return when to ask
    again."""
    reason = problem_of(shop, error)
    with access.scope(shop):
        reach = of(shop)
        reach.failures = min(reach.failures + 1, 1000)
        reach.resume_at = at + _wait(reach.failures, error)
        reach.problem = reason
        reach.save(update_fields=["failures", "resume_at", "problem"])
    rows = Shop.objects.filter(pk=shop.pk)
    rows.filter(sending_paused_at=None).update(sending_paused_at=at)
    rows.update(sending_paused_reason=reason)
    if isinstance(error, KeysRefused):
        rows.filter(state=Shop.State.CONNECTED).update(state=Shop.State.REFUSED)
    logger.warning(
        "the store could not be read", extra={"shop": shop.pk, "error": type(error).__name__}
    )
    resume_at: datetime = reach.resume_at
    return resume_at


def problem_of(shop: Shop, error: StoreError) -> str:
    """Return one sentence that the merchant can read."""
    if isinstance(error, KeysRefused):
        return connector_for(shop.platform).words.connect_again
    if isinstance(error, StoreUnavailable):
        return error.reason[:300]
    return "The store refused to answer."


def _wait(failures: int, error: StoreError) -> timedelta:
    """Return how long to leave the store alone: doubling, with jitter, or as long as it asks."""
    asked = getattr(error, "retry_after", None)
    if asked is not None:
        return clock.lasting(min(timedelta(seconds=asked), _LONGEST_WAIT * 6))
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, _MAX_DOUBLINGS), _LONGEST_WAIT)
    # Jitter: stores on one host that fell together are not asked together.
    return clock.lasting(wait * random.uniform(0.8, 1.2))  # noqa: S311  # nosec B311
