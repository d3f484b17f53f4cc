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

    ``full`` reads everything, and so sees what is gone; ``since`` reads what changed after a
    moment. ``page``: the next one, from 1. ``last_id``: the greatest id read. ``seen``: how many
    were read. ``token``: the connector's own mark of the place.
    """

    mode: Mode
    started_at: datetime
    since: datetime | None = None
    page: int = 1
    last_id: int = 0
    seen: int = 0
    token: str = ""

    def after(self, *, count: int, last_id: int, token: str = "") -> Place:
        """Return the place behind a page of so many, which went up to this id."""
        return replace(
            self,
            page=self.page + 1,
            last_id=max(self.last_id, last_id),
            seen=self.seen + count,
            token=token,
        )

    def waiting(self, *, token: str) -> Place:
        """Return the same place, where the store is still preparing."""
        return replace(self, token=token)

    def written(self) -> str:
        """Return the place as a cursor's text."""
        since = self.since.isoformat() if self.since else ""
        moments = [self.mode, self.started_at.isoformat(), since]
        return json.dumps([*moments, self.page, self.last_id, self.seen, self.token])


def read(cursor: str) -> Place:
    """Return the place that a cursor's text names."""
    # Places that were written before there were tokens end without one.
    mode, started, since, page, last_id, seen, *token = json.loads(cursor)
    return Place(
        mode,
        datetime.fromisoformat(started),
        datetime.fromisoformat(since) if since else None,
        page,
        last_id,
        seen,
        *token,
    )
