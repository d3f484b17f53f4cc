"""What a store says of itself, and what its numbers and times mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A store's settings that give its figures their meaning.

    ``decimals``: the shop's own setting, whatever its currency usually has. ``timezone``: an
    IANA name, or an offset like ``+05:45`` where the merchant set only that; see `zone`. ``url``:
    where shoppers find the store, '' where that is the address it was connected by. ``email``: the
    merchant's, as the store itself tells it.
    """

    currency: str
    decimals: int
    timezone: str
    prices_include_tax: bool
    country: str = ""
    name: str = ""
    url: str = ""
    locale: str = ""
    email: str = ""


def zone(timezone_name: str) -> tzinfo:
    """Return the zone that `StoreFacts.timezone` names; UTC for a name nobody knows."""
    offset = _OFFSET.fullmatch(timezone_name)
    if offset is None:
        try:
            return ZoneInfo(timezone_name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return timezone(timedelta(0))
    sign = -1 if offset[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
