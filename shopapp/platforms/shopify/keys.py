"""The keys of a shop: an access token for an hour and a refresh token for ninety days.

Kept sealed as one JSON text. All moments are real time, whatever a demonstration's clock shows.
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopapp.kit.safe_json import BadJson, JsonObject, loads_object
from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.shopify import fields

EARLY = timedelta(minutes=5)
"""How long before its end an access token is renewed."""

IDLE = timedelta(days=30)
"""How long before its refresh token's end an idle shop's keys are renewed."""

_MAX_BYTES = 20_000
_TOKEN = re.compile(r"[\x21-\x7e]{1,2000}")
_MAX_SECONDS = 20 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Keys:
    """An offline pair. ``scope``: what was granted, comma-separated, as Shopify told it."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    refresh_expires_at: datetime
    scope: str

    def to_text(self) -> str:
        """Return the keys as they are kept."""
        return json.dumps(
            {
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "expires_at": self.expires_at.isoformat(),
                "refresh_expires_at": self.refresh_expires_at.isoformat(),
                "scope": self.scope,
            }
        )

    @property
    def granted(self) -> tuple[str, ...]:
        """Return the scopes."""
        return tuple(filter(None, (scope.strip() for scope in self.scope.split(","))))


def read_keys(text: str) -> Keys:
    """Return the keys of a kept text; KeysRefused where it holds none (the merchant opens the app
    again, and all is well)."""
    try:
        source = loads_object(text.encode(), max_bytes=_MAX_BYTES)
        return Keys(
            access_token=token_of(source, "access_token"),
            refresh_token=token_of(source, "refresh_token"),
            expires_at=fields.instant(source, "expires_at"),
            refresh_expires_at=fields.instant(source, "refresh_expires_at"),
            scope=fields.text(source, "scope"),
        )
    except (BadJson, Unreadable) as error:
        raise KeysRefused("There are no keys for this shop.") from error


def granted_keys(answer: JsonObject, *, at: datetime) -> Keys:
    """Return the keys that Shopify granted. ``at``: when we asked (their lives count from then).

    Raises StoreUnavailable where the answer has another shape, a token without an end above all.
    """
    try:
        return Keys(
            access_token=token_of(answer, "access_token"),
            refresh_token=token_of(answer, "refresh_token"),
            expires_at=at + seconds_of(answer, "expires_in"),
            refresh_expires_at=at + seconds_of(answer, "refresh_token_expires_in"),
            scope=fields.text(answer, "scope"),
        )
    except Unreadable as error:
        raise StoreUnavailable(f"Shopify granted no keys: {error}.", temporary=True) from error


def keys_due(text: str, *, at: datetime) -> bool:
    """Say whether these keys have to be renewed before they are used."""
    return read_keys(text).expires_at - EARLY <= at


def renew_at(text: str) -> datetime:
    """Return when keys that nobody uses have to be renewed, or the shop would lock us out."""
    keys = read_keys(text)
    return max(keys.expires_at, keys.refresh_expires_at - IDLE)


def token_of(source: JsonObject, key: str) -> str:
    """Return the token under this key, or raise Unreadable: it goes into a header."""
    token = fields.text(source, key)
    if not _TOKEN.fullmatch(token):
        raise Unreadable(f"{key} is not a token")
    return token


def seconds_of(source: JsonObject, key: str) -> timedelta:
    """Return the life under this key, or raise Unreadable."""
    seconds = fields.as_whole(source.get(key), key)
    if not 0 < seconds <= _MAX_SECONDS:
        raise Unreadable(f"{key} is not a life")
    return timedelta(seconds=seconds)
