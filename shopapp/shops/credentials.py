"""A shop's secrets: sealed when they are kept, opened only where they are used."""

from __future__ import annotations

from datetime import datetime

from shopapp.kit.sealed import CannotUnseal, seal, unseal
from shopapp.shops.models import Credential, Shop


def keep(shop: Shop, kind: Credential.Kind, secret: str, *, at: datetime) -> None:
    """Seal this secret as the shop's only one of its kind. API keys: ``key:secret``."""
    Credential.objects.update_or_create(
        shop=shop,
        kind=kind,
        defaults={"sealed": seal(secret, context=_context(shop, kind)), "changed_at": at},
    )


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


def _context(shop: Shop, kind: Credential.Kind) -> str:
    return f"shop:{shop.pk}:{kind}"
