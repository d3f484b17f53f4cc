"""When a shopper's clock says that it is night: quiet hours as local wall time. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_OFFSET = re.compile(r"(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?")


def zone_of(*, country: str, shop_country: str, shop_timezone: str, at: datetime) -> tzinfo:
    """Return the shopper's zone: the country's when it has one clock only, else the shop's.

    ``country`` is the shopper's, two letters or empty. Zones of a territory come from the CLDR.
    """
    country = country.upper()
    if country and country != shop_country.upper():
        names = get_global("territory_zones").get(country, [])
        zones = [zone for name in names if (zone := _zone(name)) is not None]
        if zones and len({at.astimezone(zone).utcoffset() for zone in zones}) == 1:
            return zones[0]
    return _zone(shop_timezone) or _fixed_offset(shop_timezone)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _fixed_offset(text: str) -> tzinfo:
    """Return the zone of a bare offset ("+05:30"), which stores may be set to; UTC otherwise."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        return UTC
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset >= timedelta(hours=24):
        return UTC
    return timezone(-offset if sign == "-" else offset)


def quiet_ends_at(at: datetime, *, zone: tzinfo, start: time, end: time) -> datetime | None:
    """Return when the quiet hours around ``at`` end (UTC), or None when it is not quiet.

    Equal ``start`` and ``end`` mean: never quiet. The end of a night in which the clocks change is
    the first moment at which the wall shows that time or has passed over it.
    """
    if start == end:
        return None
    local = at.astimezone(zone)
    if not _within(local.time(), start, end):
        return None
    for day in (local.date(), local.date() + timedelta(days=1)):
        for fold in (0, 1):
            wall = datetime.combine(day, end.replace(fold=fold), tzinfo=zone)
            moment = wall.astimezone(UTC)
            if moment > at:
                return moment
    raise AssertionError("a time of day comes again within two days")


def _within(wall: time, start: time, end: time) -> bool:
    if start < end:
        return start <= wall < end
    return wall >= start or wall < end
