"""Measure on a machine that others use too: in turns, by medians, with probes beside.

What is compared runs A B A B in one process, each round gives a ratio, and the median ratio counts:
the machine's ups and downs reach both sides alike.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_PROBE_SECONDS = 0.2
_LOOP = 200_000
_BLOCK = b"\0" * 8192


@dataclass(slots=True)
class Rounds:
    """What each way reached in each round, and what the machine could do just then."""

    values: dict[str, list[float]] = field(default_factory=dict)
    syncs_per_second: list[float] = field(default_factory=list)
    loops_per_second: list[float] = field(default_factory=list)

    def median(self, way: str) -> float:
        """Return the way's median value."""
        return statistics.median(self.values[way])

    def ratio(self, way: str, other: str) -> float:
        """Return the median of the rounds' ratios of one way to the other."""
        pairs = zip(self.values[way], self.values[other], strict=True)
        return statistics.median(one / two for one, two in pairs)


def alternate(ways: Mapping[str, Callable[[], float]], *, rounds: int) -> Rounds:
    """Run every way once per round, in turn, and return what each of them returned."""
    found = Rounds({name: [] for name in ways})
    for _ in range(rounds):
        found.syncs_per_second.append(syncs_per_second())
        found.loops_per_second.append(loops_per_second())
        for name, way in ways.items():
            found.values[name].append(way())
    return found


def per_cpu_second(work: Callable[[], object], *, times: int) -> float:
    """Return how often per second of this process's CPU time the work can be done."""
    started = time.process_time()
    for _ in range(times):
        work()
    return times / (time.process_time() - started)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below or at which this share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def syncs_per_second() -> float:
    """Return how often per second the disk makes 8 kB durable just now."""
    with tempfile.TemporaryFile() as file:
        handle, done, started = file.fileno(), 0, time.perf_counter()
        while time.perf_counter() - started < _PROBE_SECONDS:
            os.pwrite(handle, _BLOCK, 0)
            os.fdatasync(handle)
            done += 1
        return done / (time.perf_counter() - started)


def loops_per_second() -> float:
    """Return how often per second a fixed loop runs just now, waiting for a core included."""
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < _PROBE_SECONDS:
        sum(range(_LOOP))
        done += 1
    return done / (time.perf_counter() - started)
