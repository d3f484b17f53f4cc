"""Whom a limit counts: the caller's own network, not what anybody may write into a header."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from shopapp.kit import limits
from shopapp.kit.errors import TooMany

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "caller"),
    [
        (False, "", "203.0.113.9"),
        (False, "198.51.100.7", "203.0.113.9"),
        (True, "198.51.100.7", "198.51.100.7"),
        (True, "10.9.8.7, 198.51.100.7", "198.51.100.7"),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (True, "", "203.0.113.9"),
        (True, "nonsense", "unknown"),
    ],
)
def test_behind_a_proxy_its_last_word_counts_and_else_none(
    settings: Settings, behind_proxy: bool, forwarded: str, caller: str
) -> None:
    settings.BEHIND_TLS_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="203.0.113.9")
    assert limits.caller(request) == caller


def test_a_use_too_many_is_refused_for_its_key_only(db: None) -> None:
    for _ in range(3):
        limits.take("test", "anna", allowed=3, per=HOUR)
    with pytest.raises(TooMany):
        limits.take("test", "anna", allowed=3, per=HOUR)
    limits.take("test", "bo", allowed=3, per=HOUR)
