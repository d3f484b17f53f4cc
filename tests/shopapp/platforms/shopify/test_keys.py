"""A shop's keys as they are kept, and when they have to be renewed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shopapp.platforms.answers import KeysRefused
from shopapp.platforms.shopify.keys import Keys, keys_due, read_keys, renew_at
from tests.shopapp.platforms.shopify.signing import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEYS = Keys("shpat_1", "shprt_1", NOW + HOUR, NOW + 90 * DAY, "read_orders, write_customers")
TEXT = KEYS.to_text()


def test_keys_are_kept_as_one_text() -> None:
    assert json.loads(TEXT) == {
        "access_token": "shpat_1",
        "refresh_token": "shprt_1",
        "expires_at": "2026-11-22T13:00:00+00:00",
        "refresh_expires_at": "2027-02-20T12:00:00+00:00",
        "scope": "read_orders, write_customers",
    }
    assert read_keys(TEXT) == KEYS
    assert KEYS.granted == ("read_orders", "write_customers")


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "ck_1:cs_2", TEXT.replace("shpat_1", "")])
def test_a_text_without_keys_is_as_good_as_refused_keys(text: str) -> None:
    with pytest.raises(KeysRefused):
        read_keys(text)


@pytest.mark.parametrize(
    ("minutes", "due"), [(0, False), (54, False), (55, True), (60, True), (600, True)]
)
def test_keys_are_renewed_some_minutes_early(minutes: int, due: bool) -> None:
    assert keys_due(TEXT, at=NOW + timedelta(minutes=minutes)) is due


def test_keys_that_nobody_uses_are_renewed_long_before_they_end() -> None:
    assert renew_at(TEXT) == NOW + 60 * DAY


def test_keys_with_a_short_life_are_not_renewed_over_and_over() -> None:
    short = Keys("a", "r", NOW + HOUR, NOW + 2 * HOUR, "")
    assert renew_at(short.to_text()) == NOW + HOUR
