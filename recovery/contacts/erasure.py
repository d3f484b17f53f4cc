"""Remember that somebody was erased without remembering who: names as keyed hashes.

The key is the shop's own, random and sealed, so that nobody who reads the rows can try names
against them. Functions need the shop in scope.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from recovery.contacts.models import Contact, Erased, ErasureKey, Suppression
from shopapp.kit.sealed import CannotUnseal, reseal, seal, unseal
from shopapp.shops.models import Shop

_MARK = "erased:"


@dataclass(frozen=True, slots=True)
class Names:
    """What a person may be called by: accounts, mailboxes (their keys), phones (E.164), orders."""

    customer_ids: frozenset[str] = frozenset()
    address_keys: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    order_ids: frozenset[str] = frozenset()

    def listed(self) -> list[tuple[str, str]]:
        """Return every name with its kind; empty names are none."""
        told = (
            (Erased.Kind.CUSTOMER, self.customer_ids),
            (Erased.Kind.ADDRESS, self.address_keys),
            (Erased.Kind.PHONE, self.phones),
            (Erased.Kind.ORDER, self.order_ids),
        )
        return [(kind, name) for kind, names in told for name in sorted(names) if name]


def remember(shop: Shop, names: Names, *, at: datetime) -> int:
    """Keep that these names were erased at that moment; return how many there are."""
    key = _key_of(_made(shop))
    listed = names.listed()
    for kind, name in listed:
        row, made = Erased.objects.get_or_create(
            shop=shop, kind=kind, digest=_digest(key, kind, name), defaults={"at": at}
        )
        if not made:
            Erased.objects.filter(pk=row.pk, at__lt=at).update(at=at)
    return len(listed)


def erased_at(names: Names) -> datetime | None:
    """Return when the last of these names was erased, None when none ever was."""
    row = _row()
    listed = names.listed()
    if row is None or not listed:
        return None
    key = _key_of(row)
    asked = Q(pk__in=[])
    for kind, name in listed:
        asked |= Q(kind=kind, digest=_digest(key, kind, name))
    found: datetime | None = (
        Erased.objects.filter(asked).order_by("-at").values_list("at", flat=True).first()
    )
    return found


def any_in_shop() -> bool:
    """Say whether anybody was ever erased in the shop in scope."""
    return _row() is not None


def forms_of(address_key: str) -> list[str]:
    """Return the forms under which a mailbox's suppression may be kept: plain, and erased."""
    if not address_key:
        return []
    row = _row()
    return [address_key] if row is None else [address_key, _erased_form(row, address_key)]


def form_to_keep(address_key: str) -> str:
    """Return the form in which to write this mailbox down: the erased one for somebody who was
    erased and has not come back (an answer may arrive after the erasure)."""
    asked = Names(address_keys=frozenset({address_key}))
    back = Contact.objects.filter(address_key=address_key).exists()
    return address_key if back or erased_at(asked) is None else forms_of(address_key)[-1]


def keep_suppressions(shop: Shop, address_keys: frozenset[str]) -> int:
    """Write the suppressions of these mailboxes so that they still stop mail and tell nothing."""
    moved = 0
    for address_key in sorted(address_keys - {""}):
        plain = Suppression.objects.filter(shop=shop, address_key=address_key)
        form = _erased_form(_made(shop), address_key)
        kept = Suppression.objects.filter(shop=shop, address_key=form).values_list("channel")
        plain.filter(channel__in=kept).delete()
        moved += plain.update(address_key=form)
    return moved


def seal_anew(shop: Shop) -> tuple[int, int]:
    """Seal the shop's key under the current key of the operator; return how many were sealed, and
    how many no key opens."""
    row: ErasureKey | None = ErasureKey.objects.select_for_update().filter(shop=shop).first()
    if row is None:
        return 0, 0
    try:
        row.sealed = reseal(row.sealed, context=_context(row.shop_id))
    except CannotUnseal:
        return 0, 1
    row.save(update_fields=["sealed"])
    return 1, 0


def _row() -> ErasureKey | None:
    row: ErasureKey | None = ErasureKey.objects.first()
    return row


def _made(shop: Shop) -> ErasureKey:
    row: ErasureKey = ErasureKey.objects.get_or_create(
        shop=shop,
        defaults={"sealed": seal(secrets.token_hex(32), context=_context(shop.pk))},
    )[0]
    return row


def _key_of(row: ErasureKey) -> bytes:
    """Return the key. Raises CannotUnseal: without it nobody may be taken for not opted out."""
    return bytes.fromhex(unseal(row.sealed, context=_context(row.shop_id)))


def _erased_form(row: ErasureKey, address_key: str) -> str:
    return _MARK + _digest(_key_of(row), Erased.Kind.ADDRESS, address_key)


def _digest(key: bytes, kind: str, name: str) -> str:
    return hmac.new(key, f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()


def _context(shop_id: int) -> str:
    return f"erasure:{shop_id}"
