"""Customer accounts that a full list did not show: noted in its page, asked about in slices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from recovery.contacts.models import Contact
from recovery.ingest.connection import believe_gone
from recovery.ingest.models import Account
from recovery.ingest.services import apply
from shopapp.platforms.answers import NotFound
from shopapp.platforms.base import ContactErased
from shopapp.platforms.connector import Client
from shopapp.shops import access
from shopapp.shops.models import Shop


def see(shop: Shop, customer_ids: Iterable[str], *, at: datetime) -> None:
    """Note that the full list of this moment shows these accounts. Needs the scope."""
    Account.objects.bulk_create(
        [Account(shop=shop, customer_id=one, seen_at=at) for one in customer_ids],
        update_conflicts=True,
        unique_fields=["shop", "customer_id"],
        update_fields=["seen_at"],
    )


def doubt(shop: Shop, customer_ids: Iterable[str], *, at: datetime) -> None:
    """Have the store asked about these accounts. Needs the scope."""
    Account.objects.bulk_create(
        [Account(shop=shop, customer_id=one, doubtful_since=at) for one in customer_ids],
        update_conflicts=True,
        unique_fields=["shop", "customer_id"],
        update_fields=["doubtful_since"],
        batch_size=1000,
    )


def doubt_unseen(shop: Shop, *, since: datetime, at: datetime) -> None:
    """Have the store asked about the accounts that the list of this moment did not show. Needs the
    scope."""
    seen = Account.objects.filter(seen_at__gte=since).values("customer_id")
    known = Contact.objects.exclude(customer_id="").exclude(customer_id__in=seen)
    doubt(shop, sorted(set(known.values_list("customer_id", flat=True))), at=at)


def questions(*, at: datetime, limit: int) -> list[str]:
    """Return the accounts to ask about, the longest doubted first. Needs the scope."""
    rows = Account.objects.filter(doubtful_since__lte=at).order_by("doubtful_since", "pk")
    return list(rows.values_list("customer_id", flat=True)[:limit])


def settle(shop: Shop, client: Client, customer_id: str, *, at: datetime) -> None:
    """Ask the store about one account, and forget it where the store did. Raises StoreError."""
    try:
        client.customer(customer_id)
    except NotFound as error:
        believe_gone(shop, error)
        with access.scope(shop):
            apply(shop, ContactErased(customer_id), at=at, read=True)
            Account.objects.filter(customer_id=customer_id).delete()
        return
    with access.scope(shop):
        Account.objects.filter(customer_id=customer_id).update(doubtful_since=None)
