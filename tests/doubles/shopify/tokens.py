"""The tokens of the app in one shop. They live and die by real time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shopapp.kit.clock import real_now

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=90)
ONLINE_LIFE = timedelta(seconds=86_399)
OLD_REFRESH_LIFE = timedelta(days=30)
"""How long a refresh token may be presented again after its first use, at most."""


@dataclass(slots=True)
class Access:
    """An access token. ``user_id``: whose online token it is, 0 for the shop's own."""

    token: str
    expires_at: datetime
    user_id: int = 0
    lasting: bool = False
    """A non-expiring token: handed out on request, refused by the Admin API."""


@dataclass(slots=True)
class Pair:
    """An offline access token with the refresh token that was handed out beside it."""

    access: Access
    refresh_token: str
    refresh_expires_at: datetime
    replaced_by: Pair | None = None
    first_presented_at: datetime | None = None


@dataclass(slots=True)
class Tokens:
    """All tokens of the app in a shop. Hold the shop's lock.

    ``refreshes`` counts the pairs made by refreshing; an answer that was lost and asked for again
    gives the same pair and counts once.
    """

    access_life: timedelta = ACCESS_LIFE
    pairs: dict[str, Pair] = field(default_factory=dict)
    """By refresh token."""
    living: dict[str, Access] = field(default_factory=dict)
    refreshes: int = 0
    refuses_with_401: bool = False
    """Refuse dead refresh tokens as developers have seen it instead of as it is documented."""
    codes: set[str] = field(default_factory=set)
    """Authorization codes that were not used yet."""

    def new_pair(self) -> Pair:
        """Return a new offline pair; the one before it ends, as an app and a shop have but one."""
        for pair in self.pairs.values():
            self.living.pop(pair.access.token, None)
        self.pairs.clear()
        return self._make()

    def new_online(self, user_id: int) -> Access:
        """Return a new online token for this user."""
        access = Access("shpua_" + secrets.token_hex(16), real_now() + ONLINE_LIFE, user_id)
        self.living[access.token] = access
        return access

    def new_lasting(self) -> Access:
        """Return a new token that does not expire, as an exchange without ``expiring=1`` gives."""
        access = Access(
            "shpat_" + secrets.token_hex(16), datetime.max.replace(tzinfo=UTC), lasting=True
        )
        self.living[access.token] = access
        return access

    def refresh(self, refresh_token: str) -> Pair | None:
        """Return the pair that follows this refresh token, None when it is good no more.

        The same refresh token gives the same pair again until that pair's refresh token was used,
        for 30 days at most: https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens
        """
        at = real_now()
        pair = self.pairs.get(refresh_token)
        if pair is None or pair.refresh_expires_at <= at:
            return None
        following = pair.replaced_by
        if following is None:
            following = pair.replaced_by = self._make()
            pair.first_presented_at = at
            self.refreshes += 1
            self.living.pop(pair.access.token, None)
            self._forget_before(pair)
            return following
        too_old = (pair.first_presented_at or at) + OLD_REFRESH_LIFE <= at
        if following.replaced_by or too_old:
            return None
        following.access.expires_at = max(following.access.expires_at, at + self.access_life)
        return following

    def find(self, token: str) -> Access | None:
        """Return the access behind this token, None when it is good no more."""
        access = self.living.get(token)
        return None if access is None or access.expires_at <= real_now() else access

    def expire_access(self) -> None:
        """Let every access token have expired; refresh tokens stay good."""
        for access in self.living.values():
            if access.lasting:
                continue
            access.expires_at = real_now() - timedelta(seconds=1)

    def end_all(self) -> None:
        """End every token, as an uninstall does."""
        self.pairs.clear()
        self.living.clear()

    def _make(self) -> Pair:
        at = real_now()
        access = Access("shpat_" + secrets.token_hex(16), at + self.access_life)
        pair = Pair(access, "shprt_" + secrets.token_hex(16), at + REFRESH_LIFE)
        self.living[access.token] = access
        self.pairs[pair.refresh_token] = pair
        return pair

    def _forget_before(self, pair: Pair) -> None:
        """Forget the pair that this one replaced: its replacement's refresh token was now used."""
        stale = [key for key, one in self.pairs.items() if one.replaced_by is pair]
        for key in stale:
            del self.pairs[key]
