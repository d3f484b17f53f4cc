"""Ask the store about rows that are in doubt, and let its answer stand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from recovery.catalog import mirror
from recovery.catalog.models import Mirrored, Product, Variant
from recovery.catalog.services import settle_product, variant_news
from recovery.ingest import accounts, reach
from recovery.ingest.connection import believe_gone, facts_of, open_client
from recovery.ingest.models import Reach
from recovery.ingest.services import apply_settled
from recovery.orders import services as orders
from recovery.orders.models import Order
from recovery.privacy.gate import admit
from shopapp.kit import clock
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import NotFound, StoreError, StoreSaidNo
from shopapp.platforms.base import Event, OrderChanged, ProductChanged, Unreadable, VariantChanged
from shopapp.platforms.connector import Client, Item, Kind
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=180)
_UNREADABLE_WAIT = timedelta(hours=1)
_KINDS: tuple[type[Mirrored], ...] = (Order, Product, Variant)


def settle(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Ask the store about the shop's doubtful rows; return how many were settled.

    No transaction is open while it is asked; a row that moved on meanwhile is asked about again.
    """
    with access.scope(shop):
        asked = _questions(at=at, limit=limit)
        people = accounts.questions(at=at, limit=limit)
        if not (asked or people) or not reach.may_ask(shop, at=at) or not _leased(shop, at=at):
            return 0
    settled = 0
    try:
        client = open_client(shop)
        for model, question in asked:
            settled += _settle_one(shop, client, model, question, at=at)
        for customer_id in people:
            settled += _settle_account(shop, client, customer_id, at=at)
        answered = True
    except StoreError as error:
        answered = False
        reach.failed(shop, error, at=at)
    with access.scope(shop):
        Reach.objects.update(doubts_lease_until=None)
        if answered:
            reach.answered(shop)
    return settled


def _questions(*, at: datetime, limit: int) -> list[tuple[type[Mirrored], mirror.Question]]:
    return [
        (model, question)
        for model in _KINDS
        for question in mirror.questions(model, at=at, limit=limit)
    ]


def _leased(shop: Shop, *, at: datetime) -> bool:
    mine = Reach.objects.filter(pk=reach.of(shop).pk)
    free = Q(doubts_lease_until=None) | Q(doubts_lease_until__lte=at)
    return mine.filter(free).update(doubts_lease_until=at + clock.lasting(LEASE)) == 1


def _settle_one(
    shop: Shop, client: Client, model: type[Mirrored], question: mirror.Question, *, at: datetime
) -> bool:
    try:
        answer = _asked(shop, client, model, question.platform_id)
    except (Unreadable, StoreSaidNo) as error:
        logger.warning(
            "an answer could not be read", extra={"shop": shop.pk, "reason": str(error)[:100]}
        )
        with access.scope(shop):
            mirror.doubt(model, question.platform_id, at=at + clock.lasting(_UNREADABLE_WAIT))
        return False
    with access.scope(shop):
        if model is Order:
            admitted = None if answer is None else admit(answer)
            told = admitted if isinstance(admitted, OrderChanged) else None
            recorded = orders.settle(shop, question, told, at=at)
            if recorded is not None:
                apply_settled(shop, recorded, at=at)
            return recorded is not None
        if model is Product:
            product = answer if isinstance(answer, ProductChanged) else None
            return settle_product(shop, question, product, at=at)
        variant = variant_news(answer) if isinstance(answer, VariantChanged) else None
        return mirror.settle(model, question, variant, at=at) is not None


def _settle_account(shop: Shop, client: Client, customer_id: str, *, at: datetime) -> bool:
    try:
        accounts.settle(shop, client, customer_id, at=at)
    except StoreSaidNo as error:
        logger.warning(
            "an answer could not be read", extra={"shop": shop.pk, "reason": str(error)[:100]}
        )
        with access.scope(shop):
            accounts.doubt(shop, [customer_id], at=at + clock.lasting(_UNREADABLE_WAIT))
        return False
    return True


def _asked(shop: Shop, client: Client, model: type[Mirrored], platform_id: str) -> Event | None:
    """Return the thing as the store has it now, None when it is gone for good."""
    connector, facts = connector_for(shop.platform), facts_of(shop)
    kind, ask = _way_to_ask(client, model)
    try:
        item = Item(ask(platform_id), platform_id)
    except NotFound as error:
        believe_gone(shop, error)
        return None
    return next(iter(connector.parse_item(kind, item, facts)), None)


def _way_to_ask(client: Client, model: type[Mirrored]) -> tuple[Kind, Callable[[str], JsonObject]]:
    if model is Order:
        return "orders", client.order
    return ("products", client.product) if model is Product else ("variations", client.variant)
