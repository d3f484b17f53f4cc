"""Show money, moments, counts and rates in the merchant's pages, always in the same way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from shopapp.kit import clock
from shopapp.kit.money import Money

register = template.Library()

NOTHING = "–"
# A narrow no-break space: keeps "1 204" and "4.1 %" on one line.
THIN = "\u202f"
NO_BREAK = "\u00a0"
# Currencies without a sign of their own are written with their code: "SEK 129.00", not "SEK129.00".
CODE_BEFORE_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@register.filter
def money(value: Money | None) -> str:
    """Return the amount as the page's language writes it, or a dash when there is none."""
    if value is None:
        return NOTHING
    shown = value.shown(to_locale(get_language() or "en"))
    return CODE_BEFORE_DIGITS.sub(NO_BREAK, shown)


@register.filter
def count(value: int | None) -> str:
    """Return a whole number in groups of three, or a dash when it is not known."""
    return NOTHING if value is None else f"{value:,}".replace(",", THIN)


@register.filter
def percent(rate: float | None) -> str:
    """Return a rate between 0 and 1 as a percentage with one decimal, or a dash."""
    return NOTHING if rate is None else f"{rate * 100:.1f}{THIN}%"


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """Return what share ``part`` is of ``whole``, as a percentage, or a dash when there is none."""
    return percent(part / whole) if part is not None and whole else NOTHING


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """Return a moment as people say it ("2 h ago", "tomorrow 08:00"), the exact one on hover."""
    return NOTHING if at is None else _time_element(at, spoken(at, clock.now()))


@register.filter
def due(at: datetime | None) -> SafeString | str:
    """Return when something is to happen; what is over its time waits only for its turn."""
    if at is None:
        return NOTHING
    now = clock.now()
    return _time_element(at, "any moment now" if at <= now else spoken(at, now))


@register.filter
def stamp(at: datetime | None) -> SafeString | str:
    """Return a moment by the clock ("14:02", "yesterday 14:02", "12 Mar 14:02")."""
    return NOTHING if at is None else _time_element(at, _by_clock(at, clock.now()))


def _time_element(at: datetime, text: str) -> SafeString:
    exact = date_format(timezone.localtime(at), "D j M Y, H:i:s T")
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, text)


def spoken(at: datetime, now: datetime) -> str:
    """Return the moment in words relative to ``now``, without markup."""
    return _coming(at, now) if at > now else _gone(at, now)


def _gone(at: datetime, now: datetime) -> str:
    passed = now - at
    if passed < 45 * timedelta(seconds=1):
        return "just now"
    if passed < HOUR:
        return f"{max(1, round(passed / MINUTE))} min ago"
    days = _calendar_days(at, now)
    if days == 0 or passed < 12 * HOUR:
        return f"{passed // HOUR} h ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 7 else _date(at, now)


def _coming(at: datetime, now: datetime) -> str:
    left = at - now
    if left < MINUTE:
        return "in a moment"
    if left < HOUR:
        return f"in {round(left / MINUTE)} min"
    return _by_clock(at, now, today="today ")


def _by_clock(at: datetime, now: datetime, *, today: str = "") -> str:
    hour = date_format(timezone.localtime(at), "H:i")
    days = _calendar_days(now, at)
    near = {0: today, 1: "tomorrow ", -1: "yesterday "}
    return near[days] + hour if days in near else f"{_date(at, now)} {hour}"


def _date(at: datetime, now: datetime) -> str:
    day = timezone.localtime(at)
    same_year = day.year == timezone.localtime(now).year
    return date_format(day, "j M" if same_year else "j M Y")


def _calendar_days(start: datetime, end: datetime) -> int:
    """Return how many midnights of the shop's zone lie between the two (negative: end is first)."""
    return (timezone.localtime(end).date() - timezone.localtime(start).date()).days
