"""What the store's full lists no longer show: permanent deletion sends no news.

A list in the order of ids shows at each page what is missing between its rows. Where it has no
order, each row it shows is marked as seen, and what bears no mark at the end is missing. What
slipped over a page's edge is doubted in vain: the store is asked about each before anything but a
category is called gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast

from recovery.catalog.models import Category, Product, Variant
from recovery.catalog.services import doubt_variants
from recovery.contacts.models import Contact
from recovery.ingest import accounts
from recovery.ingest.models import Reading
from recovery.ingest.pages import ORDERS_BACK_TO, Page
from recovery.ingest.places import Place
from recovery.orders.models import Order
from shopapp.shops.models import Shop

Kind = Reading.Kind
# At the edge of the window our second and the store's may differ.
_EDGE = timedelta(minutes=1)


def note_missing(shop: Shop, kind: str, place: Place, page: Page, *, at: datetime) -> None:
    """Doubt the rows that we know and a full reading does not show. Needs the scope."""
    if place.mode != "full":
        return
    if kind == Kind.CUSTOMERS:
        _note_missing_customers(shop, place, page, at=at)
        return
    if kind == Kind.VARIATIONS:
        known = Variant.objects.filter(product_id_there__in=page.parents, vanished_at=None)
        known.exclude(platform_id__in=page.told.ids).update(doubtful_since=at)
        return
    found = _known(kind, place)
    if found is None:
        return
    if page.told.ordered:
        _call_missing(kind, _between(found, "platform_id", place, page), at=at)
        return
    found.filter(platform_id__in=page.told.ids).update(seen_at=place.started_at)
    if page.told.last:
        unseen = Q(seen_at=None) | Q(seen_at__lt=place.started_at)
        _call_missing(kind, found.filter(unseen), at=at)


def _note_missing_customers(shop: Shop, place: Place, page: Page, *, at: datetime) -> None:
    if not page.told.ordered:
        accounts.see(shop, page.told.ids, at=place.started_at)
        if page.told.last:
            accounts.doubt_unseen(shop, since=place.started_at, at=at)
        return
    known = Contact.objects.exclude(customer_id="")
    rows = _between(known, "customer_id", place, page)
    accounts.doubt(shop, sorted(set(rows.values_list("customer_id", flat=True))), at=at)


def _known(kind: str, place: Place) -> QuerySet[Any] | None:
    """Return the rows that a full reading of this kind should show."""
    match kind:
        case Kind.ORDERS:
            since = place.started_at - ORDERS_BACK_TO + _EDGE
            return Order.objects.filter(placed_at__gte=since, vanished_at=None)
        case Kind.PRODUCTS:
            return Product.objects.filter(vanished_at=None)
        case Kind.CATEGORIES:
            return Category.objects.filter(vanished_at=None)
        case _:
            return None


def _call_missing(kind: str, rows: QuerySet[Any], *, at: datetime) -> None:
    if kind == Kind.CATEGORIES:
        rows.update(vanished_at=at)
        return
    if kind == Kind.PRODUCTS:
        doubt_variants(list(rows.values_list("platform_id", flat=True)), at=at)
    rows.update(doubtful_since=at)


def _between(rows: QuerySet[Any], name: str, place: Place, page: Page) -> QuerySet[Any]:
    """Return our rows that stand between the last page and this one's end but not in it."""
    numbered = rows.annotate(as_number=Cast(name, BigIntegerField()))
    found = numbered.filter(as_number__gt=place.last_id).exclude(**{f"{name}__in": page.told.ids})
    if not page.told.last:
        found = found.filter(as_number__lte=page.up_to)
    missing: QuerySet[Any] = found
    return missing
