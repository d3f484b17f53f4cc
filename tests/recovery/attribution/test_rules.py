"""The last counted click within five days, by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recovery.attribution.rules import CountedClick, last_touch

ORDERED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_before", "winner"),
    [
        ([], None),
        ([1], 0),
        ([30, 2, 50], 1),
        ([24 * 5], 0),
        ([24 * 5 + 1], None),
        ([-1], None),
        ([-1, 3], 1),
        ([2, 2], 1),
    ],
)
def test_the_last_click_within_the_window_wins(hours_before: list[int], winner: int | None) -> None:
    clicks = [
        CountedClick(number, ORDERED - timedelta(hours=hours))
        for number, hours in enumerate(hours_before)
    ]
    expected = None if winner is None else clicks[winner]
    assert last_touch(clicks, ordered_at=ORDERED) == expected
