"""Connect a store: ask its consent, take the keys it hands over, wait for the browser to return.

Nothing of WooCommerce's hand-over is signed. What binds it: a state that only the asking browser's
session and the store know, the return of that very browser, and keys that open the very store that
was asked (``install.proving``). Installs run on real time: a person waits before the screen.
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
from shopapp.platforms.answers import StoreError
from shopapp.platforms.base import Unreadable
from shopapp.platforms.woocommerce.oauth import (
    BadStoreAddress,
    authorize_url,
    normalise_store_url,
    parse_callback,
)
from shopapp.platforms.woocommerce.probe import Found, probe
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
    """Look at the store and prepare its consent; raises BadStore in words. Uses the network.

    ``email`` and ``user`` only as our own form gave them: a link that anybody may write says
    nothing about who is to own the shop.
    """
    if not settings.APP_HTTPS_URL.startswith("https://"):
        raise _bad("WooCommerce hands keys to https addresses only: APP_HTTPS_URL must be one.")
    try:
        found = probe(normalise_store_url(store))
    except (BadStoreAddress, StoreError) as error:
        raise _bad(str(error)) from error
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
        locale=found.language,
        asked_at=at,
        expires_at=at + STATE_LIVES,
    )
    return Asked(installation, state, _consent_url(found, state))


def _consent_url(found: Found, state: str) -> str:
    return authorize_url(
        found.address,
        app_name=APP_NAME,
        state=state,
        return_url=f"{settings.APP_URL}/install/woocommerce/return/",
        callback_url=f"{settings.APP_HTTPS_URL}/install/woocommerce/callback/",
        plain_permalinks=found.plain_permalinks,
    )


def _bad(message: str) -> BadStore:
    return BadStore(message, fields={"store_url": message})


def _check_version(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".")[:2]) if version else ()
    if numbers and numbers < OLDEST_VERSION:
        wanted = ".".join(map(str, OLDEST_VERSION))
        raise _bad(f"This store runs WooCommerce {version}. Rebasket needs {wanted} or newer.")


def hash_of(state: str) -> str:
    """Return the form in which a state is kept."""
    return hashlib.sha256(state.encode()).hexdigest()


def find(state: str) -> Installation | None:
    """Return the install of this state."""
    return Installation.objects.filter(state_hash=hash_of(state)).first()


@transaction.atomic
def take_keys(body: bytes, *, at: datetime) -> Installation:
    """Keep the keys that a store hands over, once per state; raises AppError for anything else.

    They are not used before the browser that asked comes back.
    """
    try:
        handed = parse_callback(body)
    except Unreadable as error:
        raise AppError("This is not a hand-over of WooCommerce's.") from error
    row = find(handed.state)
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
    return row


def keys_context(installation: Installation) -> str:
    """Return what binds sealed keys to their install."""
    return f"install:{installation.pk}:{installation.state_hash}"


@transaction.atomic
def come_back(installation: Installation, *, at: datetime) -> bool:
    """Note that the browser that asked is back with the store's yes; the keys are proven now."""
    moved = Installation.objects.filter(
        pk=installation.pk, status=Installation.State.GRANTED, returned_at__isnull=True
    ).update(returned_at=at)
    if moved:
        later.enqueue("install.prove", installation.pk)
    return moved == 1


def refuse(installation: Installation, *, at: datetime) -> bool:
    """Note that the store's owner said no; False when the install has gone on."""
    return _end(
        installation,
        (Installation.State.ASKED,),
        Installation.State.REFUSED,
        "You chose not to let Rebasket in. Nothing was changed in your store.",
        at=at,
    )


def stop_strange(installation: Installation, *, at: datetime) -> bool:
    """End an install whose consent was given in another browser than the one that asked: somebody
    may have been sent there by somebody else. Its keys are forgotten."""
    return _end(
        installation,
        (Installation.State.ASKED, Installation.State.GRANTED),
        Installation.State.FAILED,
        "The consent was given in another browser than the one that asked for it.",
        at=at,
    )


def _end(
    installation: Installation,
    among: tuple[Installation.State, ...],
    status: Installation.State,
    problem: str,
    *,
    at: datetime,
) -> bool:
    rows = Installation.objects.filter(pk=installation.pk, status__in=among)
    moved = rows.update(
        status=status, problem=problem, ended_at=at, sealed_keys="", lease_until=None
    )
    return moved == 1
