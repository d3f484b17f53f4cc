"""Connect a store: ask its consent, take the keys it hands over, prove them, make the shop.

Installs run on real time: a person waits before the screen.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from shopapp.install.models import Installation
from shopapp.kit import later
from shopapp.kit.errors import AppError, Unreachable
from shopapp.kit.sealed import seal
from shopapp.platforms.base import Unreadable
from shopapp.platforms.registry import StoreError
from shopapp.platforms.woocommerce.oauth import (
    BadStoreAddress,
    authorize_url,
    normalise_store_url,
    parse_callback,
)
from shopapp.platforms.woocommerce.probe import probe
from shopapp.shops.models import User

STATE_LIVES = timedelta(minutes=60)
OLDEST_VERSION = (9, 0)
APP_NAME = "Rebasket"


class BadStore(AppError):
    """The address leads to no store that can be connected; the message says why."""

    code = "bad_store"


@dataclass(frozen=True, slots=True)
class Asked:
    """An install that waits for the store's consent. ``state`` is only in the browser's session
    and in the store's hands; ``consent_url`` is the store's own page."""

    installation: Installation
    state: str
    consent_url: str


def ask(
    store: str, *, email: str, user: User | None, plugin_return_url: str, at: datetime
) -> Asked:
    """Look at the store and prepare its consent; raises BadStore in words. Uses the network."""
    try:
        found = probe(normalise_store_url(store))
    except (BadStoreAddress, StoreError) as error:
        raise BadStore(str(error), fields={"store_url": str(error)}) from error
    _check_version(found.version)
    state = secrets.token_urlsafe(32)
    installation = Installation.objects.create(
        state_hash=hash_of(state),
        host=found.address.key,
        store_url=found.address.url,
        email=email.strip().lower(),
        user=user,
        plugin_return_url=plugin_return_url,
        plain_permalinks=found.plain_permalinks,
        platform_version=found.version,
        asked_at=at,
        expires_at=at + STATE_LIVES,
    )
    url = authorize_url(
        found.address,
        app_name=APP_NAME,
        state=state,
        return_url=f"{settings.APP_URL}/install/woocommerce/return/",
        callback_url=f"{settings.APP_HTTPS_URL}/install/woocommerce/callback/",
        plain_permalinks=found.plain_permalinks,
    )
    return Asked(installation, state, url)


def _check_version(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".")[:2]) if version else ()
    if numbers and numbers < OLDEST_VERSION:
        wanted = ".".join(map(str, OLDEST_VERSION))
        message = f"This store runs WooCommerce {version}. Rebasket needs {wanted} or newer."
        raise BadStore(message, fields={"store_url": message})


def hash_of(state: str) -> str:
    """Return the form in which a state is kept."""
    return hashlib.sha256(state.encode()).hexdigest()


@transaction.atomic
def take_keys(body: bytes, *, at: datetime) -> Installation:
    """Keep the keys that a store hands over, once per state; raises AppError for anything else.

    Nothing in the hand-over is signed: the keys mean nothing until they open the very store that
    this install asked.
    """
    try:
        handed = parse_callback(body)
    except Unreadable as error:
        raise AppError("This is not a hand-over of WooCommerce's.") from error
    row = Installation.objects.filter(state_hash=hash_of(handed.state)).first()
    if row is None:
        raise Unreachable("Nobody asked for these keys.")
    if handed.permissions != "read_write":
        raise AppError("Rebasket needs to read and write.")
    keys = f"{handed.consumer_key}:{handed.consumer_secret}"
    moved = Installation.objects.filter(
        pk=row.pk, status=Installation.State.ASKED, expires_at__gt=at
    ).update(
        status=Installation.State.GRANTED,
        granted_at=at,
        sealed_keys=seal(keys, context=keys_context(row)),
    )
    if not moved:
        raise AppError("This request for keys was used before or has expired.")
    row.refresh_from_db()
    later.enqueue("install.prove", row.pk)
    return row


def keys_context(installation: Installation) -> str:
    """Return what binds sealed keys to their install."""
    return f"install:{installation.pk}:{installation.state_hash}"


def refuse(installation: Installation, *, at: datetime) -> bool:
    """Note that the store's owner said no; False when the install has gone on."""
    moved = Installation.objects.filter(
        pk=installation.pk, status=Installation.State.ASKED
    ).update(
        status=Installation.State.REFUSED,
        ended_at=at,
        problem="You chose not to let Rebasket in. Nothing was changed in your store.",
    )
    return moved == 1
