"""Errands at a store that wait for their turn in rows: how long to wait, and what a no means."""

from __future__ import annotations

from datetime import datetime, timedelta

from shopapp.kit import clock
from shopapp.platforms.answers import NotFound, StoreError, StoreSaidNo, StoreUnavailable

TRIES = 8
# Longer than a task may live: nobody else begins while a worker is at it.
LEASE = timedelta(minutes=5)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720, 1440))


def leased(at: datetime) -> datetime:
    """Return until when an errand that begins now is somebody's."""
    return at + clock.lasting(LEASE)


def next_try(attempts: int, *, at: datetime, error: StoreError | None = None) -> datetime:
    """Return when to try again after so many tries; the store may ask for a longer wait."""
    wait = _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
    asked = error.retry_after if isinstance(error, StoreUnavailable) else None
    longer = max(wait, timedelta(seconds=asked or 0))
    return at + clock.lasting(min(longer, _WAITS[-1]))


def is_final(error: StoreError) -> bool:
    """Say whether the store understood, and refused this errand for good."""
    return isinstance(error, StoreSaidNo | NotFound)


def reason_of(error: StoreError) -> str:
    """Return why an errand failed, in a sentence that the merchant can read."""
    if isinstance(error, StoreSaidNo):
        return f"The store refused: {error.message or error.code}"[:200]
    if isinstance(error, NotFound):
        return "The store does not know this any more."
    if isinstance(error, StoreUnavailable):
        return error.reason[:200]
    return "The store does not accept our keys."
