"""One page of each kind of the store's things: how it is asked for, and what it tells."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from recovery.catalog.models import Product, Variant
from recovery.ingest.connection import believe_gone
from recovery.ingest.models import Reading
from recovery.ingest.places import Place
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.registry import Client, Connector, NotFound, Page, StoreFacts
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

Kind = Reading.Kind
ORDERS_BACK_TO = timedelta(days=90)
_PRODUCTS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A page as the store told it. ``ids``: in the order of the list. ``total``: of all pages, None
    where the list does not say. ``parents``: the products whose variations were listed."""

    items: tuple[tuple[JsonObject, str], ...]
    ids: tuple[str, ...]
    last: bool
    total: int | None
    parents: tuple[str, ...] = ()


def ask(shop: Shop, client: Client, kind: str, place: Place) -> Told:
    """Return the page at this place; raises StoreError. No transaction may be open."""
    since = place.since if place.mode == "since" else None
    match kind:
        case Kind.ORDERS:
            created = None if since else place.started_at - ORDERS_BACK_TO
            pages = client.orders(modified_after=since, created_after=created, page=place.page)
        case Kind.PRODUCTS:
            pages = client.products(modified_after=since, page=place.page)
        case Kind.CATEGORIES:
            pages = client.categories(page=place.page)
        case Kind.CUSTOMERS:
            pages = client.customers(page=place.page)
        case Kind.VARIATIONS:
            return _variations(shop, client, place)
        case _:
            raise ValueError(kind)
    return as_told(next(pages))


def parse(
    connector: Connector, kind: str, item: JsonObject, parent: str, facts: StoreFacts
) -> Event:
    """Return what one item of a page tells, or raise Unreadable."""
    match kind:
        case Kind.ORDERS:
            return _order(connector, item, facts)
        case Kind.CATEGORIES:
            return connector.parse_category(item)
        case Kind.CUSTOMERS:
            return connector.parse_customer(item)
        case _:
            return connector.parse_sellable(item, facts, product_id=parent)


def _order(connector: Connector, item: JsonObject, facts: StoreFacts) -> Event:
    """Return the order; who ordered is not lost over a figure that cannot be read."""
    try:
        return connector.parse_order(item, facts)
    except Unreadable as error:
        logger.warning("an order's figures could not be read", extra={"reason": str(error)[:100]})
        return connector.parse_bare_order(item, facts)


def as_told(page: Page) -> Told:
    """Return a page of a list as what was told."""
    return Told(
        items=tuple((item, "") for item in page.items),
        ids=_ids(page.items),
        last=page.number >= page.pages or not page.items,
        total=page.total,
    )


def _ids(items: Iterable[JsonObject]) -> tuple[str, ...]:
    """Return the ids of what was told; an item without one is read, and found wanting, later."""
    return tuple(str(item["id"]) for item in items if isinstance(item.get("id"), int))


def _variations(shop: Shop, client: Client, place: Place) -> Told:
    """Return all variations of the next few products (a place's ``last_id`` is a product's)."""
    with access.scope(shop):
        parents = [str(parent) for parent in _parents(place)[: _PRODUCTS_AT_ONCE + 1]]
    now = parents[:_PRODUCTS_AT_ONCE]
    items = [(item, parent) for parent in now for item in _of_product(shop, client, parent)]
    return Told(
        items=tuple(items),
        ids=_ids(item for item, _ in items),
        last=len(parents) <= _PRODUCTS_AT_ONCE,
        total=None,
        parents=tuple(now),
    )


def _parents(place: Place) -> QuerySet[Any, int]:
    """Return the next products that have variations, in the order of ids: in a full reading also
    those of which we only know variations."""
    number = {"number": Cast("platform_id", BigIntegerField())}
    products = Product.objects.filter(kind="variable", vanished_at=None).annotate(**number)
    if place.since is not None:
        products = products.filter(changed_at__gt=place.since)
    found = products.filter(number__gt=place.last_id).values_list("number", flat=True)
    if place.mode == "full":
        number = {"number": Cast("product_id_there", BigIntegerField())}
        known = Variant.objects.filter(vanished_at=None).annotate(**number)
        found = found.union(known.filter(number__gt=place.last_id).values_list("number", flat=True))
    ordered: QuerySet[Any, int] = found.order_by("number")
    return ordered


def _of_product(shop: Shop, client: Client, product_id: str) -> Iterator[JsonObject]:
    try:
        for page in client.variations(product_id):
            yield from page.items
    except NotFound as error:
        # The product is gone; what we know of its variations will be asked about one by one.
        believe_gone(shop, error)
