"""Hold measures to what they must reach and to their goals; print the table and store it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Rounds

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``must`` fails the run when it is missed; ``goal`` is where to get to."""

    name: str
    value: float
    unit: str
    must: float | None = None
    goal: float | None = None
    at_most: bool = False

    def reaches(self, bound: float | None) -> bool:
        """Say whether the value keeps this bound."""
        if bound is None:
            return True
        return self.value <= bound if self.at_most else self.value >= bound


@dataclass(frozen=True, slots=True)
class Report:
    """What a benchmark found. ``facts``: sizes and settings that the figures depend on."""

    measures: Sequence[Measure]
    facts: dict[str, str | int | float] = field(default_factory=dict)
    rounds: Sequence[Rounds] = ()


def conclude(name: str, report: Report, *, quick: bool) -> int:
    """Print and store the report; return 1 when a must is missed.

    A quick run is stored beside the full one, so that a glance never replaces a measurement.
    """
    print(_table(name, report, quick=quick), flush=True)
    file = RESULTS / (f"{name}.quick.json" if quick else f"{name}.json")
    file.write_text(json.dumps(_stored(name, report, quick=quick), indent=2) + "\n")
    return 0 if all(measure.reaches(measure.must) for measure in report.measures) else 1


def _table(name: str, report: Report, *, quick: bool) -> str:
    lines = [f"\n{name}{' (quick)' if quick else ''}"]
    lines.append(f"  {'measure':<52}{'value':>12} {'':<6}{'must':>9}{'goal':>9}")
    for measure in report.measures:
        sign = "<=" if measure.at_most else ">="
        bounds = "".join(
            f"{sign + _figure(bound):>9}" if bound is not None else f"{'':>9}"
            for bound in (measure.must, measure.goal)
        )
        lines.append(
            f"  {measure.name:<52}{_figure(measure.value):>12} {measure.unit:<6}{bounds}"
            f"  {_verdict(measure)}".rstrip()
        )
    lines += [f"  {key}: {value}" for key, value in report.facts.items()]
    return "\n".join([*lines, *(f"  {key}: {value}" for key, value in _probes(report).items())])


def _verdict(measure: Measure) -> str:
    if not measure.reaches(measure.must):
        return "MISSED"
    if measure.goal is None:
        return "" if measure.must is None else "ok"
    return "goal" if measure.reaches(measure.goal) else "ok, goal not reached"


def _figure(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _probes(report: Report) -> dict[str, str]:
    probes = {
        "probe, 8 kB fdatasync per second": [
            value for rounds in report.rounds for value in rounds.syncs_per_second
        ],
        "probe, fixed CPU loop per second": [
            value for rounds in report.rounds for value in rounds.loops_per_second
        ],
    }
    return {
        name: f"{_figure(min(values))} to {_figure(max(values))}"
        for name, values in probes.items()
        if values
    }


def _stored(name: str, report: Report, *, quick: bool) -> dict[str, object]:
    return {
        "name": name,
        "quick": quick,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
        },
        "measures": [
            {**asdict(measure), "reached": measure.reaches(measure.must)}
            for measure in report.measures
        ],
        "facts": report.facts,
        "rounds": [asdict(rounds) for rounds in report.rounds],
    }
