"""Prove handed-over keys against the very store that was asked, and make the shop of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from shopapp.install import owning
from shopapp.install.models import Installation
from shopapp.install.services import keys_context
from shopapp.install.taking_up import take_up
from shopapp.kit import later
from shopapp.kit.sealed import CannotUnseal, unseal
from shopapp.platforms.answers import KeysRefused, StoreError, StoreUnavailable
from shopapp.platforms.connector import Client, HasCompanion, StoreAddress
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.registry import connector_for
from shopapp.shops import access
from shopapp.shops.keys import keep_keys
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=180)
MAX_ATTEMPTS = 5
NEWS_IS_OLD_AFTER = timedelta(minutes=2)
FORGET_ASKED_AFTER = timedelta(days=1)
_WRONG_KEYS = "The keys do not open this store. Was the consent given in another store?"
_NO_OWNER = (
    "The plugin in this store does not answer, so nobody knows whose it is. Type the store's"
    " address and yours instead."
)


@dataclass(frozen=True, slots=True)
class Proven:
    """What the store itself told, asked with its keys. ``email``: the merchant's, from the plugin;
    empty without it, and where the owner is known already."""

    facts: StoreFacts
    version: str
    email: str


def prove(installation_id: int, *, at: datetime, shown_at: datetime) -> Installation | None:
    """Take one granted install to its end; None when another worker has it or it is over.

    ``at`` is real time; ``shown_at`` is what the shop's rows are stamped with. A store that is away
    is tried again by the sweep, up to five times.
    """
    installation = _claim(installation_id, at=at)
    if installation is None:
        return None
    try:
        keys = unseal(installation.sealed_keys, context=keys_context(installation))
        proven = _ask(installation, keys)
    except KeysRefused:
        return _fail(installation, _WRONG_KEYS, at=at)
    except CannotUnseal:
        return _fail(installation, "The keys could not be kept. Please connect again.", at=at)
    except StoreError as error:
        return _retry(installation, error, at=at)
    if not owning.owner_address(installation, told=proven.email):
        return _fail(installation, _NO_OWNER, at=at)
    return _connect(installation, keys, proven, at=at, shown_at=shown_at)


def _claim(installation_id: int, *, at: datetime) -> Installation | None:
    """Take the install and count the attempt before it is made."""
    with transaction.atomic():
        rows = _waiting(at).select_for_update(skip_locked=True, of=("self",))
        installation = rows.filter(pk=installation_id).first()
        if installation is None:
            return None
        installation.attempts += 1
        installation.lease_until = at + LEASE
        installation.save(update_fields=["attempts", "lease_until"])
    if installation.attempts > MAX_ATTEMPTS:
        _fail(installation, installation.problem or "The store could not be asked.", at=at)
        return None
    return installation


def _waiting(at: datetime) -> QuerySet[Installation]:
    """Return the installs whose browser is back and that no worker holds."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    return Installation.objects.filter(
        free, status=Installation.State.GRANTED, returned_at__isnull=False
    )


def _ask(installation: Installation, keys: str) -> Proven:
    store = StoreAddress(
        installation.host, installation.store_url, plain_permalinks=installation.plain_permalinks
    )
    client = connector_for(Shop.Platform.WOOCOMMERCE).open_client(store, keys)
    facts = client.store_facts()
    return Proven(
        facts=facts,
        version=client.version() or installation.platform_version,
        email="" if owning.owner_address(installation, told="") else _merchant_email(client),
    )


def _merchant_email(client: Client) -> str:
    """Return whom the companion plugin names as the merchant; '' when it does not answer.

    Only a store that is away as a whole is waited for.
    """
    if not isinstance(client, HasCompanion):
        return ""
    try:
        return str(client.plugin_connection_get().get("merchant_email") or "")
    except StoreError:
        return ""


def _fail(installation: Installation, problem: str, *, at: datetime) -> Installation:
    """End the install and forget its keys, unless something else ended it meanwhile."""
    Installation.objects.filter(
        pk=installation.pk, status=Installation.State.GRANTED, lease_until=installation.lease_until
    ).update(
        status=Installation.State.FAILED,
        problem=problem[:300],
        ended_at=at,
        sealed_keys="",
        lease_until=None,
    )
    logger.warning("an install failed", extra={"installation": installation.pk})
    installation.refresh_from_db()
    return installation


def _retry(installation: Installation, error: StoreError, *, at: datetime) -> Installation:
    temporary = isinstance(error, StoreUnavailable) and error.temporary
    if not temporary or installation.attempts >= MAX_ATTEMPTS:
        return _fail(installation, str(error), at=at)
    Installation.objects.filter(
        pk=installation.pk, status=Installation.State.GRANTED, lease_until=installation.lease_until
    ).update(problem=str(error)[:300], lease_until=at + timedelta(seconds=2**installation.attempts))
    installation.refresh_from_db()
    return installation


@transaction.atomic
def _connect(
    installation: Installation, keys: str, proven: Proven, *, at: datetime, shown_at: datetime
) -> Installation:
    """Make (or take up again) the shop of this store, with its keys and its owner."""
    row = Installation.objects.select_for_update(of=("self",)).get(pk=installation.pk)
    if row.status != Installation.State.GRANTED or row.lease_until != installation.lease_until:
        return row
    shop = _shop(row, proven, at=shown_at)
    owning.take_ownership(row, shop, told=proven.email)
    with access.scope(shop):
        keep_keys(shop, keys, at=shown_at)
    row.shop = shop
    row.status = Installation.State.CONNECTED
    row.ended_at, row.problem = at, ""
    row.sealed_keys, row.lease_until = "", None
    row.save()
    later.enqueue("ingest.welcome", shop.pk)
    return row


def _shop(installation: Installation, proven: Proven, *, at: datetime) -> Shop:
    more: dict[str, object] = {
        "url": installation.store_url,
        "plain_permalinks": installation.plain_permalinks,
    }
    if installation.locale:
        more["locale"] = installation.locale
    return take_up(
        Shop.Platform.WOOCOMMERCE,
        installation.host,
        proven.facts,
        version=proven.version,
        at=at,
        **more,
    )


def left_waiting(*, at: datetime) -> list[int]:
    """Return the granted installs that no worker holds: lost wake-ups and due retries."""
    return list(_waiting(at).values_list("pk", flat=True)[:100])


def with_newcomers(*, at: datetime) -> list[int]:
    """Return the installs whose shop's members were not told of a newcomer in time."""
    rows = Installation.objects.filter(newcomer__isnull=False, ended_at__lte=at - NEWS_IS_OLD_AFTER)
    return list(rows.values_list("pk", flat=True)[:100])


def end_left(*, at: datetime) -> int:
    """End the installs whose browser never came back, with their keys, and delete those that the
    store never answered; return how many were ended."""
    left = Installation.objects.filter(
        status=Installation.State.GRANTED, returned_at__isnull=True, expires_at__lte=at
    )
    Installation.objects.filter(
        status=Installation.State.ASKED, expires_at__lte=at - FORGET_ASKED_AFTER
    ).delete()
    return left.update(
        status=Installation.State.FAILED,
        problem="You did not come back from the store in time. Please start again.",
        ended_at=at,
        sealed_keys="",
    )
