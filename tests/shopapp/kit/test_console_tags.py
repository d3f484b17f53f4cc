"""The console's filters: how money, moments, counts and rates are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from shopapp.kit.money import Money
from shopapp.kit.templatetags import console

# A Sunday, 15:00 in Stockholm (UTC+1 in November).
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=50), "1 min ago"),
        (timedelta(minutes=40), "40 min ago"),
        (timedelta(hours=2, minutes=50), "2 h ago"),
        (timedelta(hours=26), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=9), "13 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
        (-timedelta(seconds=30), "in a moment"),
        (-timedelta(minutes=12), "in 12 min"),
        (-timedelta(hours=3), "today 18:00"),
        (-timedelta(hours=17), "tomorrow 08:00"),
        (-timedelta(days=3), "25 Nov 15:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(passed: timedelta, said: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Stockholm"):
        assert f">{said}</time>" in console.ago(NOW - passed)


def test_the_exact_moment_is_shown_on_hover_in_the_shops_zone() -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Stockholm"):
        shown = console.stamp(NOW - timedelta(days=1))
    assert 'title="Sat 21 Nov 2026, 15:00:00 CET"' in shown
    assert ">yesterday 15:00</time>" in shown


def test_late_yesterday_evening_is_hours_ago_and_not_yesterday() -> None:
    morning = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    with time_machine.travel(morning, tick=False), timezone.override("Europe/Stockholm"):
        assert ">8 h ago</time>" in console.ago(morning - timedelta(hours=8))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(12900, "EUR", 2), "€129.00"),
        (Money(148000, "SEK", 2), "SEK\u00a01,480.00"),
        (Money(1480, "JPY", 0), "¥1,480"),
        (None, "–"),
    ],
)
def test_money_is_written_with_its_sign_or_its_code_apart(amount: Money | None, shown: str) -> None:
    assert console.money(amount) == shown


def test_counts_stand_in_groups_of_three() -> None:
    assert console.count(1204567) == "1\u202f204\u202f567"
    assert console.count(None) == "–"


def test_a_share_of_nothing_is_a_dash() -> None:
    assert console.share(0, 0) == "–"
    assert console.share(None, 5) == "–"
    assert console.share(49, 1204) == "4.1\u202f%"
    assert console.percent(None) == "–"


def test_what_is_overdue_goes_any_moment_now() -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Stockholm"):
        assert ">any moment now</time>" in console.due(NOW - timedelta(hours=3))
        assert ">in 12 min</time>" in console.due(NOW + timedelta(minutes=12))


def test_nothing_is_a_dash_for_moments_too() -> None:
    assert console.due(None) == "–"
    assert console.ago(None) == "–"
    assert console.stamp(None) == "–"
