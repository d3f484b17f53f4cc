"""A store whose keys end: it gives a new pair for an old one, as docs of rotating tokens say."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.platforms.connector import StoreAddress

EARLY = timedelta(minutes=5)
IDLE = timedelta(days=60)


def pair(number: int, *, ends: datetime) -> str:
    """Return the keys of this generation."""
    return json.dumps({"access": f"a{number}", "refresh": f"r{number}", "ends": ends.isoformat()})


@dataclass
class TokenStore:
    """One store. The pair before may be presented again until its replacement was used; older ones
    are refused. ``lose_next``: so many answers are lost on the way after they took effect."""

    number: int = 0
    used: bool = True
    refreshes: int = 0
    lose_next: int = 0
    slow: float = 0.0
    gone: bool = False
    away: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)

    def call(self, keys: str) -> bool:
        """Say whether a call with these keys went through."""
        with self.guard:
            if json.loads(keys)["access"] != f"a{self.number}":
                return False
            self.used = True
            return True

    def renew(self, keys: str, *, at: datetime) -> str:
        """Return the next pair; an old pair, presented again, gives the same one."""
        if self.away:
            raise StoreUnavailable("away", temporary=True)
        time.sleep(self.slow)
        presented = json.loads(keys)["refresh"]
        with self.guard:
            if self.gone:
                raise KeysRefused("invalid_grant")
            if presented == f"r{self.number}":
                self.number += 1
                self.used = False
                self.refreshes += 1
            elif presented != f"r{self.number - 1}" or self.used:
                raise KeysRefused("invalid_grant")
            if self.lose_next:
                self.lose_next -= 1
                raise StoreUnavailable("connection lost", temporary=True)
            return pair(self.number, ends=at + timedelta(hours=1))


class Connector:
    """The part of a connector that keeps keys alive, for several stores by their host."""

    def __init__(self, stores: dict[str, TokenStore]) -> None:
        self.stores = stores

    def keys_due(self, keys: str, *, at: datetime) -> bool:
        """Say whether less than five minutes are left."""
        return self._ends(keys) - EARLY <= at

    def renew_at(self, keys: str) -> datetime:
        """Return when idle keys are renewed."""
        return self._ends(keys) + IDLE

    def renew_keys(self, store: StoreAddress, keys: str, *, at: datetime) -> str:
        """Return what the store gives."""
        return self.stores[store.host].renew(keys, at=at)

    @staticmethod
    def _ends(keys: str) -> datetime:
        return datetime.fromisoformat(json.loads(keys)["ends"]).astimezone(UTC)
