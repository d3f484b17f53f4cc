"""Where a reading stands: a value that is written down after every page. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Mode = Literal["full", "since"]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reading has come.

    ``full`` reads everything, in the order of ids, and so sees what is gone; ``since`` reads what
    changed after a moment. ``page``: the next one, from 1. ``last_id``: the greatest id read.
    ``seen``: how many were read.
    """

    mode: Mode
    started_at: datetime
    since: datetime | None = None
    page: int = 1
    last_id: int = 0
    seen: int = 0

    def after(self, *, count: int, last_id: int) -> Place:
        """Return the place behind a page of so many, which went up to this id."""
        return replace(
            self,
            page=self.page + 1,
            last_id=max(self.last_id, last_id),
            seen=self.seen + count,
        )

    def written(self) -> str:
        """Return the place as a cursor's text."""
        since = self.since.isoformat() if self.since else ""
        return json.dumps(
            [self.mode, self.started_at.isoformat(), since, self.page, self.last_id, self.seen]
        )


def read(cursor: str) -> Place:
    """Return the place that a cursor's text names."""
    mode, started, since, page, last_id, seen = json.loads(cursor)
    return Place(
        mode,
        datetime.fromisoformat(started),
        datetime.fromisoformat(since) if since else None,
        page,
        last_id,
        seen,
    )
