"""Compare an answer with a recorded one: status, headers, and every key with its JSON type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures" / "woocommerce"

_TRANSPORT = {
    "server", "date", "transfer-encoding", "connection", "x-powered-by", "content-length",
    "keep-alive",
}  # fmt: skip
_SAME = {
    "content-type", "x-robots-tag", "x-content-type-options", "access-control-expose-headers",
    "access-control-allow-headers", "access-control-allow-methods", "allow", "vary",
    "cache-control", "x-wp-total", "x-wp-totalpages", "x-redirect-by",
    "access-control-allow-credentials", "access-control-allow-origin", "user-id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Departure:
    """A difference that is meant: where (patterns of recording and place) and why."""

    recording: str
    place: str
    reason: str

    def covers(self, recording: str, place: str) -> bool:
        """Tell whether this is the difference at that place."""
        return fnmatchcase(recording, self.recording) and fnmatchcase(place, self.place)


def recording(name: str) -> dict[str, Any]:
    """Return a recorded exchange by its path below the fixtures."""
    read: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return read


def recorded_headers(headers: list[list[str]]) -> list[tuple[str, str]]:
    """Return recorded headers without those of the transport, names in lower case."""
    pairs = [(name.lower(), value) for name, value in headers]
    return [pair for pair in pairs if pair[0] not in _TRANSPORT]


def kind_of(value: Any) -> str:
    """Return the JSON type of a value; whole and broken numbers are told apart from texts only."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def places(value: Any, at: str = "$") -> set[str]:
    """Return every place of a document with its type; the rows of a list share one place."""
    found = {f"{at}: {kind_of(value)}"}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= places(inner, f"{at}.{key}")
    if isinstance(value, list):
        for inner in value:
            found |= places(inner, f"{at}.*")
    return found


def body_differences(recorded: Any, ours: Any) -> list[str]:
    """Return where the two documents have other keys or types."""
    theirs, own = places(recorded), places(ours)
    return sorted([f"-{one}" for one in theirs - own] + [f"+{one}" for one in own - theirs])


def header_differences(recorded: list[tuple[str, str]], ours: list[tuple[str, str]]) -> list[str]:
    """Return headers that one side lacks, and those whose value should be the same and is not."""
    own = [(name.lower(), value) for name, value in ours if name.lower() not in _TRANSPORT]
    their_names, own_names = {name for name, _ in recorded}, {name for name, _ in own}
    found = [f"-header {name}" for name in their_names - own_names]
    found += [f"+header {name}" for name in own_names - their_names]
    values = dict(own)
    found += [
        f"~header {name}"
        for name, value in recorded
        if name in _SAME and name in values and values[name] != value
    ]
    return sorted(found)
