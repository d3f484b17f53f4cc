"""A shop's keys, renewed in time: one process renews them, whoever else needs them waits for it.

Keys that expire come with what renews them, and both change with every renewal: two renewals at
once would leave the shop with the pair that lost. So whoever renews holds the row's lease, and
never a transaction: the network may be slow. All moments here are real time.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.connector import StoreAddress
from shopapp.platforms.registry import connector_for
from shopapp.shops import access, credentials, tenancy
from shopapp.shops.models import Credential, Shop

logger = logging.getLogger(__name__)

# Longer than a renewal can take with its second try; a process that died holds it no longer.
LEASE = timedelta(seconds=60)
WAIT_FOR_OTHERS = timedelta(seconds=15)
POLL_SECONDS = 0.1
TRY_IDLE_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The keys as they stand in their row, and the sealed text that they were read from."""

    keys: str = field(repr=False)
    sealed: str


def address_of(shop: Shop) -> StoreAddress:
    """Return where the shop's store answers."""
    return StoreAddress(host=shop.host, url=shop.url, plain_permalinks=shop.plain_permalinks)


def keep_keys(shop: Shop, keys: str, *, at: datetime) -> None:
    """Keep keys that the merchant just gave; the shop is welcomed anew. Needs the shop's scope."""
    renew_at = connector_for(shop.platform).renew_at(keys)
    credentials.keep(shop, Credential.Kind.API_KEYS, keys, at=at, renew_at=renew_at)


def fresh_keys(shop: Shop, *, at: datetime) -> str:
    """Return keys that the store takes now, renewed where they are due; '' when we hold none.

    Uses the network, so no scope may be open. Raises KeysRefused when the merchant has to open the
    app again. While the store does not answer, or another process takes long to renew, the present
    keys come back: they are renewed some minutes early.
    """
    keys = _kept(shop).keys
    if not keys or not connector_for(shop.platform).keys_due(keys, at=at):
        return keys
    try:
        return _renewed(shop, keys, at=at)
    except StoreUnavailable:
        return keys


def renewed_keys(shop: Shop, refused: str, *, at: datetime) -> str:
    """Return newer keys than those that the store refused.

    Uses the network. Raises KeysRefused when there are none to be had, StoreUnavailable while the
    store does not answer.
    """
    return _renewed(shop, refused, at=at)


def renew_idle(shop: Shop, *, at: datetime) -> bool:
    """Renew the keys of a shop that nobody used for long, before they can be renewed no more.

    Uses the network. A refusal is noted at the shop; a store that is away is asked again later.
    """
    keys = _kept(shop).keys
    if not keys:
        return False
    try:
        return _renewed(shop, keys, at=at) != keys
    except StoreError as error:
        logger.warning(
            "idle keys were not renewed", extra={"shop": shop.pk, "error": type(error).__name__}
        )
        refused = isinstance(error, KeysRefused)
        with access.scope(shop):
            rows = Credential.objects.filter(kind=Credential.Kind.API_KEYS)
            rows.update(renew_at=None if refused else at + TRY_IDLE_AGAIN)
        if refused:
            connected = Shop.objects.filter(pk=shop.pk, state=Shop.State.CONNECTED)
            connected.update(state=Shop.State.REFUSED)
        return False


def _renewed(shop: Shop, old: str, *, at: datetime) -> str:
    """Return the keys that replaced the old ones: by this process, or by another meanwhile."""
    if tenancy.is_open():
        raise RuntimeError("keys are renewed over the network: close the shop's scope first")
    started = time.monotonic()
    while True:
        waited = timedelta(seconds=time.monotonic() - started)
        kept = _kept(shop)
        if kept.keys != old:
            return _or_refused(kept.keys)
        lease = _take_lease(shop, kept, at=at + waited)
        if lease is not None:
            return _renew_under(shop, old, lease, at=at + waited)
        if waited >= WAIT_FOR_OTHERS:
            raise StoreUnavailable("The store takes long to renew our access.", temporary=True)
        time.sleep(POLL_SECONDS)


def _kept(shop: Shop) -> _Kept:
    with access.scope(shop):
        row: Credential | None = Credential.objects.filter(kind=Credential.Kind.API_KEYS).first()
        keys = credentials.reveal(shop, Credential.Kind.API_KEYS) if row else ""
        return _Kept(keys, row.sealed if row else "")


def _take_lease(shop: Shop, kept: _Kept, *, at: datetime) -> datetime | None:
    """Return until when renewing is this process's alone; None when it is another's, or when the
    row is not as it was read any more."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    with access.scope(shop):
        rows = Credential.objects.filter(free, kind=Credential.Kind.API_KEYS, sealed=kept.sealed)
        return at + LEASE if rows.update(lease_until=at + LEASE) else None


def _renew_under(shop: Shop, old: str, lease: datetime, *, at: datetime) -> str:
    try:
        new = _ask(shop, old, at=at)
    except StoreError:
        with access.scope(shop):
            _held(lease).update(lease_until=None)
        kept = _kept(shop).keys
        if kept != old:  # given anew by the merchant while we asked
            return _or_refused(kept)
        raise
    return _write(shop, new, lease)


def _ask(shop: Shop, old: str, *, at: datetime) -> str:
    """Return new keys. An answer that was lost is asked for once more at once: the store takes the
    old keys again until the new ones were used."""
    connector, address = connector_for(shop.platform), address_of(shop)
    try:
        return connector.renew_keys(address, old, at=at)
    except StoreUnavailable as error:
        if not error.temporary or error.retry_after:
            raise
        logger.warning("renewed keys did not arrive", extra={"shop": shop.pk})
    return connector.renew_keys(address, old, at=at)


def _write(shop: Shop, new: str, lease: datetime) -> str:
    """Write the new pair at once. Without the lease any more, what stands in the row counts."""
    sealed = credentials.sealed(shop, Credential.Kind.API_KEYS, new)
    renew_at = connector_for(shop.platform).renew_at(new)
    with access.scope(shop):
        mine = _held(lease).update(sealed=sealed, renew_at=renew_at, lease_until=None)
    if mine:
        logger.info("keys were renewed", extra={"shop": shop.pk})
        return new
    return _or_refused(_kept(shop).keys)


def _held(lease: datetime) -> QuerySet[Credential]:
    rows: QuerySet[Credential] = Credential.objects.filter(
        kind=Credential.Kind.API_KEYS, lease_until=lease
    )
    return rows


def _or_refused(keys: str) -> str:
    if not keys:
        raise KeysRefused("we hold no keys of this store")
    return keys
