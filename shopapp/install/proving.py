"""Prove handed-over keys against the very store that was asked, and make the shop of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shopapp.install.models import Installation
from shopapp.install.services import keys_context
from shopapp.kit import later
from shopapp.kit.sealed import CannotUnseal, unseal
from shopapp.platforms.registry import (
    Client,
    KeysRefused,
    NotFound,
    StoreError,
    StoreFacts,
    StoreSaidNo,
    StoreUnavailable,
    connector_for,
)
from shopapp.shops import access, accounts, credentials
from shopapp.shops.models import Credential, Member, Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Proven:
    """What the store itself told, asked with its keys. ``email``: the merchant's, from the plugin,
    empty without it."""

    facts: StoreFacts
    version: str
    email: str
    plugin_version: str


def prove(installation_id: int, *, at: datetime) -> Installation | None:
    """Take one granted install to its end; None when another worker has it or it is over.

    A store that is away is tried again by the sweep, up to five times.
    """
    installation = _claim(installation_id, at=at)
    if installation is None:
        return None
    try:
        keys = unseal(installation.sealed_keys, context=keys_context(installation))
        proven = _ask(installation, keys)
    except KeysRefused:
        return _fail(
            installation,
            "The keys do not open this store. Was the consent given in another store?",
            at=at,
        )
    except CannotUnseal:
        return _fail(installation, "The keys could not be kept. Please connect again.", at=at)
    except StoreError as error:
        return _retry(installation, error, at=at)
    return _connect(installation, keys, proven, at=at)


def _claim(installation_id: int, *, at: datetime) -> Installation | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    rows = Installation.objects.filter(
        free, pk=installation_id, status=Installation.State.GRANTED
    )
    if not rows.update(lease_until=at + LEASE):
        return None
    return Installation.objects.get(pk=installation_id)


def _ask(installation: Installation, keys: str) -> Proven:
    client = connector_for(Shop.Platform.WOOCOMMERCE).open_client(
        installation.store_url, keys, plain_permalinks=installation.plain_permalinks
    )
    facts = client.store_facts()
    told = _plugin_tells(client)
    return Proven(
        facts=facts,
        version=client.version() or installation.platform_version,
        email=str(told.get("merchant_email") or ""),
        plugin_version=str(told.get("plugin") or "")[:32],
    )


def _plugin_tells(client: Client) -> dict[str, object]:
    """Return what the companion plugin says of itself; nothing when it is not installed."""
    try:
        return dict(client.plugin_connection_get())
    except (NotFound, StoreSaidNo):
        return {}


def _fail(installation: Installation, problem: str, *, at: datetime) -> Installation:
    installation.status = Installation.State.FAILED
    installation.problem, installation.ended_at = problem[:300], at
    installation.sealed_keys, installation.lease_until = "", None
    installation.save()
    logger.warning("an install failed", extra={"installation": installation.pk})
    return installation


def _retry(installation: Installation, error: StoreError, *, at: datetime) -> Installation:
    installation.attempts += 1
    temporary = isinstance(error, StoreUnavailable) and error.temporary
    if not temporary or installation.attempts >= MAX_ATTEMPTS:
        return _fail(installation, str(error), at=at)
    installation.problem = str(error)[:300]
    installation.lease_until = at + timedelta(seconds=2**installation.attempts)
    installation.save()
    return installation


@transaction.atomic
def _connect(
    installation: Installation, keys: str, proven: Proven, *, at: datetime
) -> Installation:
    """Make (or take up again) the shop of this store, with its keys and its owner."""
    shop = _shop(installation, proven, at=at)
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, keys, at=at)
    user = installation.user
    if user is None:
        user, _ = accounts.find_or_make(proven.email or installation.email)
    Member.objects.get_or_create(user=user, shop=shop, defaults={"role": Member.Role.OWNER})
    installation.shop, installation.user = shop, user
    installation.status = Installation.State.CONNECTED
    installation.ended_at, installation.problem = at, ""
    installation.sealed_keys, installation.lease_until = "", None
    installation.save()
    later.enqueue("ingest.welcome", shop.pk)
    return installation


def _shop(installation: Installation, proven: Proven, *, at: datetime) -> Shop:
    facts = proven.facts
    told = {
        "url": installation.store_url,
        "name": (facts.name or installation.host)[:200],
        "state": Shop.State.CONNECTED,
        "currency": facts.currency,
        "decimals": facts.decimals,
        "prices_include_tax": facts.prices_include_tax,
        "timezone": facts.timezone,
        "country": facts.country,
        "plain_permalinks": installation.plain_permalinks,
        "platform_version": proven.version[:32],
        "plugin_version": proven.plugin_version,
        "uninstalled_at": None,
        "sending_paused_at": None,
        "sending_paused_reason": "",
    }
    shop, _ = Shop.objects.update_or_create(
        platform=Shop.Platform.WOOCOMMERCE,
        host=installation.host,
        defaults=told,
        create_defaults=told | {"installed_at": at},
    )
    return shop


def left_waiting(*, at: datetime) -> list[int]:
    """Return the granted installs that no worker holds: lost wake-ups and due retries."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    rows = Installation.objects.filter(free, status=Installation.State.GRANTED)
    return list(rows.values_list("pk", flat=True)[:100])
