"""Law 12: time is a value: nothing reads a clock but the doors, and then the one clock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Real time on purpose: the clock itself, limits, signatures given and taken.
REAL_TIME = {
    "shopapp/kit/clock.py",
    "shopapp/kit/limits.py",
    "shopapp/kit/logs.py",
    "recovery/ingest/hooks.py",
    "shopapp/platforms/woocommerce/routes.py",
}
READS = re.compile(
    r"(?:^|\.)(?:timezone\.now|datetime\.(?:now|utcnow|today)|date\.today|time\.time|time\.time_ns)$"
)
# Who may ask the clock what time it is: those who answer a request, draw a page or
# begin a task.
DOORS = re.compile(
    r"(?:^|/)(?:views(?:/\w+)?|\w*views|tasks|hooks|arriving|granting|owning|proving|frame"
    r"|(?:commands|templatetags)/\w+)\.py$"
)
SQL_NOW = re.compile(
    r"\bnow\(\)|current_timestamp|current_date|clock_timestamp|transaction_timestamp|localtimestamp",
    re.IGNORECASE,
)
MODELS_NOW = {"Now", "auto_now", "auto_now_add", "TransactionNow"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("shopapp", "recovery", "widgets"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text())


def called(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_only_the_clock_reads_real_time() -> None:
    found = [
        f"{name}:{line} {call}"
        for name, tree in sources()
        if name not in REAL_TIME and "shopapp/embedded" not in name
        for call, line in called(tree)
        if READS.search(call)
    ]
    assert found == []


def test_only_doors_ask_the_clock() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in sources()
        if not DOORS.search(name) and name != "shopapp/kit/clock.py"
        for call, line in called(tree)
        if call in {"clock.now", "now"}
    ]
    assert found == []


def test_the_databases_clock_decides_nothing() -> None:
    found = []
    for name, tree in sources():
        for node in ast.walk(tree):
            written = node.value if isinstance(node, ast.Constant) else None
            if isinstance(written, str) and SQL_NOW.search(written):
                found.append(f"{name}:{getattr(node, 'lineno', 0)} {written[:60]}")
            if isinstance(node, ast.keyword) and node.arg in MODELS_NOW and "migr" not in name:
                found.append(f"{name}:{node.value.lineno} {node.arg}")
            if isinstance(node, ast.Name) and node.id in MODELS_NOW:
                found.append(f"{name}:{node.lineno} {node.id}")
    assert [one for one in found if not one.startswith("shopapp/shops/models.py")] == []


def test_services_take_their_moment_from_their_caller() -> None:
    """A default of ``at`` would be a clock in disguise."""
    found = []
    for name, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            given = dict(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
            found += [
                f"{name}:{node.lineno} {node.name}"
                for argument, default in given.items()
                if argument.arg == "at" and default is not None
            ]
    assert found == []
