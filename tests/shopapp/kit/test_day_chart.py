"""The chart of carts by day: true heights, and the same figures as a table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from shopapp.kit.templatetags.charts import HEIGHT, Day, day_chart


def some_days(*pairs: tuple[int, int]) -> list[Day]:
    first = date(2026, 11, 1)
    return [
        {"day": first + timedelta(days=place), "abandoned": abandoned, "recovered": recovered}
        for place, (abandoned, recovered) in enumerate(pairs)
    ]


def draw(days: list[Day]) -> str:
    page = Template("{% load charts %}{% day_chart days %}")
    return page.render(Context({"days": days}))


@pytest.mark.parametrize(
    ("highest", "peak"), [(0, 4), (4, 4), (5, 6), (7, 10), (38, 40), (41, 60), (999, 1000)]
)
def test_the_axis_ends_at_a_number_that_reads_well(highest: int, peak: int) -> None:
    assert day_chart(some_days((highest, 0)))["peak"] == peak


def test_a_day_at_the_peak_fills_the_drawing() -> None:
    assert f'height="{float(HEIGHT)}"' in draw(some_days((40, 20)))
    assert f'height="{HEIGHT / 2}"' in draw(some_days((40, 20)))


def test_the_figures_are_there_as_a_table() -> None:
    shown = draw(some_days((12, 3), (0, 0)))
    assert '<td>Sun 1 Nov</td><td class="num">12</td><td class="num">3</td>' in shown
    assert '<td>Mon 2 Nov</td><td class="num">0</td><td class="num">0</td>' in shown


def test_no_days_draw_an_empty_chart() -> None:
    assert "<rect" not in draw([])


def test_the_drawing_keeps_its_decimal_points_in_every_language() -> None:
    with translation.override("ar"):
        assert 'height="94.5"' in draw(some_days((27, 1), (38, 0)))


def test_the_days_below_are_the_first_the_middle_and_the_last() -> None:
    labels = day_chart(some_days(*[(1, 0)] * 7))["labels"]
    assert [bar.day.day for bar in labels] == [1, 4, 7]  # type: ignore[attr-defined]
    assert len(day_chart(some_days((1, 0)))["labels"]) == 1  # type: ignore[arg-type]
