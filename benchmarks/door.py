"""Run one benchmark on a database of its own, tell what it measured, and leave nothing behind."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import signal
import sys
from typing import NoReturn, Protocol, cast

from benchmarks import database
from benchmarks.report import Report, conclude

_WITHOUT_DATABASE = frozenset({"script"})


class _Measures(Protocol):
    def measure(self, *, quick: bool) -> Report:
        """Return what was measured."""


def run(name: str) -> int:
    """Measure, print and store; return 1 when something that must be reached is missed.

    Product code is imported only once Django has its database: hence by name.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--quick", action="store_true", help="a minute at most, smaller sizes")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    with contextlib.ExitStack() as stack:
        if name not in _WITHOUT_DATABASE:
            stack.enter_context(database.own())
        measures = cast(_Measures, importlib.import_module(f"benchmarks.{name}.measures"))
        return conclude(name, measures.measure(quick=asked.quick), quick=asked.quick)


def _leave(number: int, frame: object) -> NoReturn:
    """Let the cleaning up happen that a plain death by signal would skip."""
    del frame
    sys.exit(128 + number)
