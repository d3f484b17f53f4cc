"""Make discounts and their codes in the store: one discount, batches of codes, asked after until
they are there.

Every errand starts from rows and may be begun again at any point: a code whose answer was lost is
asked for under the same name, which the store knows then; nothing is doubled.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from recovery.ingest import errands, reach
from recovery.ingest.connection import open_client
from recovery.offers.models import Code, Discount
from recovery.offers.services import top_up
from shopapp.kit import clock
from shopapp.platforms import connector
from shopapp.platforms.answers import KeysRefused, NotFound, StoreError
from shopapp.platforms.connector import Client, MakesCodes
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

BATCH = 250
_ASK_AGAIN = timedelta(seconds=15)
_MAX_DOUBLINGS = 8
_CANNOT = "This platform makes no single-use codes."
_ALL_REFUSED = "The store refuses every new code."


def make_codes(shop: Shop, *, at: datetime, limit: int = 10) -> int:
    """Do what the shop's due discounts need at the store; return how many codes became ready.

    Opens its own scopes.
    """
    with access.scope(shop):
        if not reach.may_ask(shop, at=at):
            return 0
        due = _claimed(at=at, limit=limit)
    if not due:
        return 0
    ready = 0
    try:
        client = open_client(shop)
        for discount in due:
            ready += _look_after(shop, client, discount, at=at)
    except KeysRefused as error:
        reach.failed(shop, error, at=at)
    return ready


def _claimed(*, at: datetime, limit: int) -> list[Discount]:
    rows = Discount.objects.select_for_update(skip_locked=True).filter(due_at__lte=at)
    due = list(rows.order_by("due_at", "pk")[:limit])
    for discount in due:
        discount.due_at = errands.leased(at)
        discount.attempts += 1
        discount.save(update_fields=["due_at", "attempts"])
    return due


def _look_after(shop: Shop, client: Client, discount: Discount, *, at: datetime) -> int:
    if not isinstance(client, MakesCodes):
        _refuse(shop, discount, _CANNOT)
        return 0
    try:
        if discount.state == Discount.State.ENDED:
            _end(shop, client, discount)
            return 0
        _make_discount(shop, client, discount)
        ready = _ask_after(shop, client, discount)
        if discount.barren >= errands.TRIES:
            _refuse(shop, discount, _ALL_REFUSED)
            return ready
        with access.scope(shop):
            top_up(shop, discount, at=at)
        _ask_for(shop, client, discount)
    except KeysRefused:
        raise
    except StoreError as error:
        _failed(shop, discount, error, at=at)
        return 0
    _done(shop, discount, at=at)
    return ready


def _make_discount(shop: Shop, client: MakesCodes, discount: Discount) -> None:
    """Make the discount in the store, once."""
    if discount.platform_id:
        return
    platform_id = client.create_discount(_told(discount))
    with access.scope(shop):
        Discount.objects.filter(pk=discount.pk).update(platform_id=platform_id)
        making = Discount.objects.filter(pk=discount.pk, state=Discount.State.WANTED)
        making.update(state=Discount.State.READY)
    discount.platform_id = platform_id


def _told(discount: Discount) -> connector.Discount:
    minor = discount.amount_minor
    amount = "" if minor is None else f"{Decimal(minor).scaleb(-discount.decimals):f}"
    return connector.Discount(
        title=discount.title,
        percent=discount.percent,
        amount=amount,
        currency=discount.currency,
        starts_at=discount.starts_at,
        ends_at=discount.ends_at,
    )


def _ask_after(shop: Shop, client: MakesCodes, discount: Discount) -> int:
    """Take over what became of the batches under way; return how many codes became ready."""
    with access.scope(shop):
        asked = Code.objects.filter(discount=discount, state=Code.State.ASKED)
        batches = sorted(set(asked.values_list("batch_id", flat=True)))
    return sum(_ask_after_one(shop, client, discount, batch_id) for batch_id in batches)


def _ask_after_one(shop: Shop, client: MakesCodes, discount: Discount, batch_id: str) -> int:
    try:
        made = client.codes_made(batch_id)
    except NotFound:
        with access.scope(shop):
            # The store forgot the batch: the same codes are asked for again.
            _batch(discount, batch_id).update(state=Code.State.WANTED, batch_id="")
        return 0
    if not made.done:
        return 0
    with access.scope(shop):
        # Stores do not tell capitals apart; ours are written in capitals.
        failed = {text.upper(): why[:200] for text, why in made.failed.items()}
        for code in _batch(discount, batch_id).filter(code__in=list(failed)):
            why = failed[code.code]
            Code.objects.filter(pk=code.pk).update(state=Code.State.FAILED, problem=why)
        ready = _batch(discount, batch_id).update(state=Code.State.READY)
        discount.barren = 0 if ready else discount.barren + 1
        Discount.objects.filter(pk=discount.pk).update(barren=discount.barren)
    return ready


def _batch(discount: Discount, batch_id: str) -> QuerySet[Code]:
    asked = Code.objects.filter(discount=discount, state=Code.State.ASKED)
    found: QuerySet[Code] = asked.filter(batch_id=batch_id)
    return found


def _ask_for(shop: Shop, client: MakesCodes, discount: Discount) -> None:
    """Ask for the codes that are wanted, batch by batch."""
    while True:
        with access.scope(shop):
            wanted = Code.objects.filter(discount=discount, state=Code.State.WANTED)
            rows = dict(wanted.order_by("pk").values_list("pk", "code")[:BATCH])
        if not rows:
            return
        batch_id = client.add_codes(discount.platform_id, tuple(rows.values()))
        with access.scope(shop):
            mine = Code.objects.filter(pk__in=list(rows), state=Code.State.WANTED)
            mine.update(state=Code.State.ASKED, batch_id=batch_id)


def _done(shop: Shop, discount: Discount, *, at: datetime) -> None:
    """Say when to look again: soon, while the store works; else when a code has been given."""
    with access.scope(shop):
        under_way = (Code.State.WANTED, Code.State.ASKED)
        working = Code.objects.filter(discount=discount, state__in=under_way).exists()
        soon = at + clock.lasting(_ASK_AGAIN) * 2 ** min(discount.barren, _MAX_DOUBLINGS)
        # Woken meanwhile, it stays due.
        mine = Discount.objects.filter(pk=discount.pk, due_at=discount.due_at)
        mine.update(due_at=soon if working else None)
        Discount.objects.filter(pk=discount.pk).update(attempts=0, problem="")


def _end(shop: Shop, client: MakesCodes, discount: Discount) -> None:
    if discount.platform_id:
        try:
            client.end_discount(discount.platform_id)
        except NotFound:
            logger.info("a discount was gone before it ended", extra={"shop": shop.pk})
    with access.scope(shop):
        Discount.objects.filter(pk=discount.pk).update(due_at=None, attempts=0, problem="")


def _failed(shop: Shop, discount: Discount, error: StoreError, *, at: datetime) -> None:
    logger.warning("a store made no codes", extra={"shop": shop.pk, "error": type(error).__name__})
    if errands.is_final(error):
        _refuse(shop, discount, errands.reason_of(error))
        return
    with access.scope(shop):
        Discount.objects.filter(pk=discount.pk).update(
            due_at=errands.next_try(discount.attempts, at=at, error=error),
            problem=errands.reason_of(error),
        )


def _refuse(shop: Shop, discount: Discount, problem: str) -> None:
    """Give the discount up: mails that offer it are not sent."""
    with access.scope(shop):
        rows = Discount.objects.filter(pk=discount.pk)
        rows.update(due_at=None, attempts=0, problem=problem[:200])
        rows.exclude(state=Discount.State.ENDED).update(state=Discount.State.REFUSED)
