"""Which click earns an order: a pure rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class CountedClick:
    """A click that a person's browser (or the order itself) has reported."""

    click_id: int
    followed_at: datetime


def last_touch(
    clicks: list[CountedClick], *, ordered_at: datetime, window: timedelta = WINDOW
) -> CountedClick | None:
    """Return the last counted click before the order and within the window, or None."""
    near = [click for click in clicks if timedelta(0) <= ordered_at - click.followed_at <= window]
    return max(near, key=lambda click: (click.followed_at, click.click_id), default=None)
