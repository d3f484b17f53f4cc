from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from recovery.messaging.quiet import quiet_ends_at, zone_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = (time(21), time(8))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "hours", "ends"),
    [
        ("2026-11-23T12:00", NIGHT, None),
        ("2026-11-23T19:59", NIGHT, None),
        ("2026-11-23T20:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T02:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T06:59", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T07:00", NIGHT, None),
        ("2026-11-24T12:30", (time(13), time(14)), "2026-11-24T13:00"),
        ("2026-11-24T13:00", (time(13), time(14)), None),
        ("2026-11-24T02:00", (time(9), time(9)), None),
        # Clocks go forward in the night of 29 March: the night is an hour shorter.
        ("2026-03-28T20:30", NIGHT, "2026-03-29T06:00"),
        # Clocks go back in the night of 25 October: an hour longer.
        ("2026-10-24T19:30", NIGHT, "2026-10-25T07:00"),
        # The quiet hours end at a time that this night does not have: as soon as it is passed.
        ("2026-03-29T00:30", (time(21), time(2, 30)), "2026-03-29T01:30"),
        # The quiet hours end at a time that comes twice: seen from before and from between.
        ("2026-10-24T23:50", (time(21), time(2, 30)), "2026-10-25T00:30"),
        ("2026-10-25T01:10", (time(21), time(2, 30)), "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_are_wall_time(at: str, hours: tuple[time, time], ends: str | None) -> None:
    found = quiet_ends_at(utc(at), zone=AMSTERDAM, start=hours[0], end=hours[1])
    assert found == (None if ends is None else utc(ends))


def test_the_end_of_quiet_hours_is_never_quiet_itself_in_any_hour_of_a_year() -> None:
    at = utc("2026-01-01T00:00")
    while at < utc("2027-01-01T00:00"):
        end = quiet_ends_at(at, zone=AMSTERDAM, start=NIGHT[0], end=NIGHT[1])
        if end is not None:
            assert at < end <= at + timedelta(hours=12)
            assert quiet_ends_at(end, zone=AMSTERDAM, start=NIGHT[0], end=NIGHT[1]) is None
        at += timedelta(minutes=47)


@pytest.mark.parametrize(
    ("country", "shop_country", "shop_timezone", "name"),
    [
        ("SE", "NL", "Europe/Amsterdam", "Europe/Stockholm"),
        # One clock, two names.
        ("DE", "NL", "Europe/Amsterdam", "Europe/Berlin"),
        # Several clocks: the shop's own is the better guess.
        ("US", "NL", "Europe/Amsterdam", "Europe/Amsterdam"),
        # The shop knows its own country best.
        ("US", "US", "America/Denver", "America/Denver"),
        ("", "NL", "Europe/Amsterdam", "Europe/Amsterdam"),
        ("XX", "NL", "Europe/Amsterdam", "Europe/Amsterdam"),
    ],
)
def test_the_zone_is_the_countrys_when_it_has_one_clock(
    country: str, shop_country: str, shop_timezone: str, name: str
) -> None:
    zone = zone_of(
        country=country,
        shop_country=shop_country,
        shop_timezone=shop_timezone,
        at=utc("2026-11-23T12:00"),
    )
    assert str(zone) == name


@pytest.mark.parametrize(
    ("text", "hours"),
    [("+05:30", 5.5), ("-3", -3), ("UTC+2", 2), ("../../etc/passwd", 0), ("+99:00", 0), ("", 0)],
)
def test_a_store_may_name_an_offset_instead_of_a_zone(text: str, hours: float) -> None:
    zone = zone_of(country="", shop_country="", shop_timezone=text, at=utc("2026-11-23T12:00"))
    assert zone.utcoffset(None) == timezone(timedelta(hours=hours)).utcoffset(None)
