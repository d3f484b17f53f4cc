"""Draw the console's charts as SVG on the server, with their figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django import template

register = template.Library()

# The drawing's own units; the page stretches it, so no text stands inside.
WIDTH = 720
HEIGHT = 140


class Day(TypedDict):
    """How many carts of one day were abandoned, and how many of those came back."""

    day: date
    abandoned: int
    recovered: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's pair of bars, in the drawing's own units."""

    day: date
    abandoned: int
    recovered: int
    x: float
    width: float
    abandoned_y: float
    abandoned_height: float
    recovered_y: float
    recovered_height: float


@register.inclusion_tag("parts/day_chart.html")
def day_chart(days: Sequence[Day]) -> dict[str, object]:
    """Return the drawing of abandoned and recovered carts by day, oldest first."""
    peak = _round_up(max((day["abandoned"] for day in days), default=0))
    bars = [_bar(day, place, len(days), peak) for place, day in enumerate(days)]
    return {
        "bars": bars,
        "peak": peak,
        "half": peak / 2 if peak % 2 else peak // 2,
        "middle": HEIGHT / 2,
        "width": WIDTH,
        "height": HEIGHT,
        "labels": bars[:: max(1, len(bars) // 2)] if len(bars) % 2 else bars[:1] + bars[-1:],
    }


def _bar(day: Day, place: int, places: int, peak: int) -> Bar:
    step = WIDTH / places
    gap = min(6.0, step * 0.3)
    abandoned = _height(day["abandoned"], peak)
    recovered = _height(day["recovered"], peak)
    return Bar(
        day=day["day"],
        abandoned=day["abandoned"],
        recovered=day["recovered"],
        x=round(place * step + gap / 2, 2),
        width=round(min(step - gap, 40), 2),
        abandoned_y=HEIGHT - abandoned,
        abandoned_height=abandoned,
        recovered_y=HEIGHT - recovered,
        recovered_height=recovered,
    )


def _height(value: int, peak: int) -> float:
    return round(HEIGHT * value / peak, 2)


def _round_up(value: int) -> int:
    """Return the next number that reads well on an axis: 4, 6, 10, 20, 40, 60, 100 ..."""
    size = 1
    while True:
        for lead in (4, 6, 10):
            if value <= lead * size:
                return lead * size
        size *= 10
