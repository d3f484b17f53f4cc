"""The operations that we ask of Shopify's Admin API, as they stand in ``queries/``.

Fragments are written into the operations when they are loaded, so that what is sent is one plain
operation (a bulk query has to be).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"
_SPREAD = re.compile(r"\.\.\.([A-Z][A-Za-z]*)")
_FRAGMENT = re.compile(r"fragment ([A-Z][A-Za-z]*) on [A-Za-z]+ \{(.*)\}", re.DOTALL)
_COMMENT = re.compile(r"^# .*$", re.MULTILINE)
_COST = re.compile(r"^# Worst cost: ([0-9]+)", re.MULTILINE)
_ONCE = "# Not to be sent twice"
_FILTER = "($query: String!)"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``cost``: what it may cost at worst, in points (0: its text runs in bulk).
    ``repeatable``: whether sending it twice is as good as once."""

    name: str
    text: str
    cost: int
    repeatable: bool

    @property
    def writes(self) -> bool:
        """Say whether it changes the shop."""
        return self.text.startswith("mutation")


@cache
def operation(name: str) -> Operation:
    """Return the operation of the file ``queries/<name>.graphql``."""
    source = (_FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    cost = _COST.search(source)
    return Operation(
        name=name,
        text=_dense(_SPREAD.sub(_written_out, _COMMENT.sub("", source))),
        cost=int(cost[1]) if cost else 0,
        repeatable=_ONCE not in source,
    )


def names() -> tuple[str, ...]:
    """Return the names of all operations."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.graphql")))


def bulk_text(name: str, query: str) -> str:
    """Return the text of a bulk query with its filter written into it: it may have no variables."""
    text = operation(name).text
    return text.replace(_FILTER, "").replace("$query", json.dumps(query))


@cache
def _fragments() -> dict[str, str]:
    found = {}
    for path in (_FOLDER / "fragments").glob("*.graphql"):
        matched = _FRAGMENT.fullmatch(path.read_text(encoding="utf-8").strip())
        if matched is None:
            raise ValueError(f"{path.name} is not one fragment")
        found[matched[1]] = matched[2]
    return found


def _written_out(spread: re.Match[str]) -> str:
    return _fragments()[spread[1]]


def _dense(text: str) -> str:
    return " ".join(text.split())
