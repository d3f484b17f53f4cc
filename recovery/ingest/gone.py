"""What the store's full lists no longer show: permanent deletion sends no news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from recovery.catalog.models import Category, Product, Variant
from recovery.contacts.models import Contact
from recovery.ingest.connection import believe_gone
from recovery.ingest.models import Reading
from recovery.ingest.pages import ORDERS_BACK_TO, Told
from recovery.ingest.places import Place
from recovery.orders.models import Order
from shopapp.platforms.base import ContactErased
from shopapp.platforms.registry import Client, NotFound
from shopapp.shops.models import Shop

Kind = Reading.Kind
# At the edge of the window our second and the store's may differ.
_EDGE = timedelta(minutes=1)


def note_missing(kind: str, place: Place, told: Told, *, at: datetime) -> None:
    """Doubt our rows that stand between the last page and this one's end but not in it.

    The list is in the order of ids. What slipped over a page's edge is doubted in vain: the store
    is asked about each before anything is called gone.
    """
    if place.mode != "full":
        return
    match kind:
        case Kind.ORDERS:
            since = place.started_at - ORDERS_BACK_TO + _EDGE
            orders = Order.objects.filter(placed_at__gte=since, vanished_at=None)
            _between(orders, "platform_id", place, told).update(doubtful_since=at)
        case Kind.PRODUCTS:
            products = Product.objects.filter(vanished_at=None)
            _between(products, "platform_id", place, told).update(doubtful_since=at)
        case Kind.VARIATIONS:
            known = Variant.objects.filter(product_id_there__in=told.parents, vanished_at=None)
            known.exclude(platform_id__in=told.ids).update(doubtful_since=at)
        case Kind.CATEGORIES:
            categories = Category.objects.filter(vanished_at=None)
            _between(categories, "platform_id", place, told).update(vanished_at=at)
        case _:
            return


def missing_customers(place: Place, told: Told) -> list[str]:
    """Return the accounts that we know and this page should have shown."""
    if place.mode != "full":
        return []
    known = Contact.objects.exclude(customer_id="")
    rows = _between(known, "customer_id", place, told)
    return sorted(set(rows.values_list("customer_id", flat=True)))


def erased(shop: Shop, client: Client, customer_ids: list[str]) -> list[ContactErased]:
    """Ask the store about each account and return those that it no longer has."""
    return [ContactErased(one) for one in customer_ids if not _exists(shop, client, one)]


def _exists(shop: Shop, client: Client, customer_id: str) -> bool:
    try:
        client.customer(customer_id)
    except NotFound as error:
        believe_gone(shop, error)
        return False
    return True


def _between(rows: QuerySet[Any], name: str, place: Place, told: Told) -> QuerySet[Any]:
    numbered = rows.annotate(as_number=Cast(name, BigIntegerField()))
    found = numbered.filter(as_number__gt=place.last_id).exclude(**{f"{name}__in": told.ids})
    if not told.last:
        found = found.filter(as_number__lte=max(int(one) for one in told.ids))
    missing: QuerySet[Any] = found
    return missing
