"""A table of routes: which handler answers which method and path."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Target = TypeVar("Target", bound=Callable[..., object])


@dataclass(slots=True)
class Routes(Generic[Target]):
    """Routes in the order in which they were added; ``<id>`` stands for digits, ``<name>`` for
    one part of the path."""

    _table: list[tuple[str, re.Pattern[str], Target]] = field(default_factory=list)

    def add(self, method: str, pattern: str, target: Target) -> None:
        """Let this target answer this method (or ``*``) at this path."""
        regex = re.sub(r"<(\w*id)>", r"(?P<\1>\\d+)", pattern)
        regex = re.sub(r"(?<!\?P)<(\w+)>", r"(?P<\1>[^/]+)", regex)
        self._table.append((method, re.compile(regex), target))

    def find(self, method: str, path: str) -> tuple[Target, dict[str, str]] | None:
        """Return the target and what its path holds, or None."""
        for wanted, regex, target in self._table:
            if wanted in ("*", method) and (match := regex.fullmatch(path)):
                return target, match.groupdict()
        return None

    def methods(self, path: str) -> list[str]:
        """Return the methods which are answered at this path, in the order they were added."""
        found = [method for method, regex, _ in self._table if regex.fullmatch(path)]
        return list(dict.fromkeys(found))
