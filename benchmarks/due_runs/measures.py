"""Claim due runs beside few and beside many that wait, each in a database of its own.

After each claim its runs go to the end of the queue, as a step would send them into the future:
what waits stays as much, and exactly one claim's worth is due each time.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F

from benchmarks import database
from benchmarks.due_runs.filling import GAP, START, fill
from benchmarks.measure import alternate, percentile
from benchmarks.report import Measure, Report
from recovery.flows.models import FlowRun
from recovery.flows.services import _claim
from shopapp.shops import access
from shopapp.shops.models import Shop

FEW = 10_000
_MANY, _MANY_QUICK = 1_000_000, 200_000
_AT_ONCE = 100
_WARM_UP = 5


class Queue:
    """One database's waiting runs. ``claims``: milliseconds of each claim, commit left out;
    ``commits``: the same with scope and commit; ``sweeps``: of asking which shops have due runs."""

    def __init__(self, database_name: str, runs: int) -> None:
        self.claims: list[float] = []
        self.commits: list[float] = []
        self.sweeps: list[float] = []
        self._name, self._runs = database_name, runs
        self._turns = itertools.count(1)
        with database.use(database_name):
            self._shop: Shop = fill(runs)

    def round_of(self, claims: int) -> Callable[[], float]:
        """Return a round: its value is the median claim in milliseconds."""

        def one() -> float:
            with database.use(self._name):
                for _ in range(_WARM_UP):
                    self._take()
                found = [self._take() for _ in range(claims)]
            self.claims += [claim for claim, _, _ in found]
            self.commits += [commit for _, commit, _ in found]
            self.sweeps += [sweep for _, _, sweep in found]
            return percentile([claim for claim, _, _ in found], 0.5)

        return one

    def sweep_of_all(self) -> float:
        """Return the milliseconds of the sweep's question when everything is due at once."""
        with database.use(self._name):
            return _sweep(START + GAP * self._runs * 1_000)

    def _take(self) -> tuple[float, float, float]:
        at = START + GAP * (_AT_ONCE * next(self._turns) - 1)
        sweep = _sweep(at)
        opened = time.perf_counter()
        with access.scope(self._shop):
            started = time.perf_counter()
            claimed = _claim(at=at, limit=_AT_ONCE)
            claim = time.perf_counter() - started
        commit = time.perf_counter() - opened
        if len(claimed) != _AT_ONCE:
            raise AssertionError(f"{len(claimed)} were claimed instead of {_AT_ONCE}")
        self._put_off(claimed)
        return claim * 1000, commit * 1000, sweep

    def _put_off(self, claimed: list[int]) -> None:
        with access.scope(self._shop):
            later: timedelta = GAP * self._runs
            FlowRun.objects.filter(pk__in=claimed).update(
                due_at=F("due_at") + later, lease_until=None
            )


def measure(*, quick: bool) -> Report:
    """Return how much longer a claim takes beside many waiting runs than beside few."""
    many = _MANY_QUICK if quick else _MANY
    rounds, claims = (5, 30) if quick else (9, 60)
    with database.another() as other:
        few_waiting, many_waiting = Queue(database.name_in_use(), FEW), Queue(other, many)
        found = alternate(
            {"few": few_waiting.round_of(claims), "many": many_waiting.round_of(claims)},
            rounds=rounds,
        )
        all_due = many_waiting.sweep_of_all()
    few_p50, many_p50 = found.median("few"), found.median("many")
    many_label = f"{many // 1000} k"
    return Report(
        [
            Measure(
                f"claim of {_AT_ONCE}, p50, {many_label} waiting against 10 k",
                found.ratio("many", "few"),
                "x",
                must=1.5,
                goal=1.3,
                at_most=True,
            ),
            Measure("  p50 with 10 k", few_p50, "ms"),
            Measure(f"  p50 with {many_label}", many_p50, "ms"),
            Measure(f"  p99 with {many_label}", percentile(many_waiting.claims, 0.99), "ms"),
            Measure(
                f"  p50 with {many_label}, scope and commit too",
                percentile(many_waiting.commits, 0.5),
                "ms",
            ),
            Measure(f"  rows per second with {many_label}", _AT_ONCE / many_p50 * 1000, "/s"),
            Measure(
                f"which shops have due runs, p50, {many_label}",
                percentile(many_waiting.sweeps, 0.5),
                "ms",
            ),
            Measure(f"  the same with all {many_label} due at once", all_due, "ms"),
        ],
        {"rounds": rounds, "claims per round": claims, "waiting": many},
        [found],
    )


def _sweep(at: object) -> float:
    started = time.perf_counter()
    access.due_shops("flows_due_shops", at)
    return (time.perf_counter() - started) * 1000
