"""One page of each kind of the store's things: where it stands, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from recovery.carts.services import GENERATION_ENDS_AFTER
from recovery.catalog.models import Product, Variant
from recovery.ingest.models import Reading
from recovery.ingest.places import Place
from shopapp.platforms import connector as platform
from shopapp.platforms.connector import Client, Told, Where
from shopapp.shops import access
from shopapp.shops.models import Shop

Kind = Reading.Kind
ORDERS_BACK_TO = timedelta(days=90)
# A checkout that was left longer ago is given up already.
CHECKOUTS_BACK_TO = GENERATION_ENDS_AFTER
_BACK_TO = {Kind.ORDERS: ORDERS_BACK_TO, Kind.CHECKOUTS: CHECKOUTS_BACK_TO}
_PRODUCTS_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the store told it. ``parents``: the products whose variations were asked for."""

    told: Told
    parents: tuple[str, ...] = ()

    @property
    def up_to(self) -> int:
        """Return the greatest id of the page, of the products where it is their variations'."""
        numbers = (int(one) for one in self.parents or self.told.ids if one.isdigit())
        return max(numbers, default=0)


def ask(shop: Shop, client: Client, kind: str, place: Place) -> Page:
    """Return the page at this place; raises StoreError. No transaction may be open."""
    if kind == Kind.VARIATIONS:
        return _variations(shop, client, place)
    return Page(client.read(where(kind, place)))


def where(kind: str, place: Place, *, parents: tuple[str, ...] = ()) -> Where:
    """Return the place in the words of the connectors."""
    bound = _BACK_TO.get(Kind(kind))
    return Where(
        kind=cast(platform.Kind, kind),
        mode=place.mode,
        started_at=place.started_at,
        since=place.since,
        back_to=place.started_at - bound if bound else None,
        page=place.page,
        last_id=place.last_id,
        token=place.token,
        parents=parents,
    )


def _variations(shop: Shop, client: Client, place: Place) -> Page:
    """Return all variations of the next few products (a place's ``last_id`` is a product's)."""
    with access.scope(shop):
        parents = [str(parent) for parent in _parents(place)[: _PRODUCTS_AT_ONCE + 1]]
    now = tuple(parents[:_PRODUCTS_AT_ONCE])
    if not now:
        return Page(Told((), last=True))
    told = client.read(where(Kind.VARIATIONS, place, parents=now))
    return Page(replace(told, last=len(parents) <= _PRODUCTS_AT_ONCE), now)


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
