"""A shop's secrets: sealed when they are kept, opened only where they are used."""

from __future__ import annotations

from datetime import datetime

from shopapp.kit.sealed import CannotUnseal, reseal, seal, unseal
from shopapp.shops.models import Credential, Shop


def keep(
    shop: Shop,
    kind: Credential.Kind,
    secret: str,
    *,
    at: datetime,
    renew_at: datetime | None = None,
) -> None:
    """Seal this secret as the shop's only one of its kind, whoever is renewing the old one.

    API keys are as the connector reads them. ``renew_at``: when idle ones must be renewed.
    """
    Credential.objects.update_or_create(
        shop=shop,
        kind=kind,
        defaults={
            "sealed": sealed(shop, kind, secret),
            "changed_at": at,
            "renew_at": renew_at,
            "lease_until": None,
        },
    )


def sealed(shop: Shop, kind: Credential.Kind, secret: str) -> str:
    """Return the secret as its row keeps it: no other shop's row opens it, nor another kind's."""
    return seal(secret, context=_context(shop, kind))


def reveal(shop: Shop, kind: Credential.Kind) -> str:
    """Return the secret; '' when there is none or it was sealed with keys that are gone."""
    row: Credential | None = Credential.objects.filter(kind=kind).first()
    if row is None:
        return ""
    try:
        return unseal(row.sealed, context=_context(shop, kind))
    except CannotUnseal:
        return ""


def forget(shop: Shop, *kinds: Credential.Kind) -> int:
    """Delete the shop's secrets of these kinds; return how many there were."""
    return int(Credential.objects.filter(shop=shop, kind__in=kinds).delete()[0])


def seal_anew(shop: Shop) -> tuple[int, int]:
    """Seal the shop's secrets under the current key; return how many, and how many no key opens."""
    done = lost = 0
    for row in Credential.objects.select_for_update().filter(shop=shop):
        try:
            row.sealed = reseal(row.sealed, context=_context(shop, Credential.Kind(row.kind)))
        except CannotUnseal:
            lost += 1
            continue
        row.save(update_fields=["sealed"])
        done += 1
    return done, lost


def _context(shop: Shop, kind: Credential.Kind) -> str:
    return f"shop:{shop.pk}:{kind}"
