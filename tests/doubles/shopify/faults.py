"""What goes wrong when the app asks a shop, by request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outage = Literal["", "500", "502", "503", "429", "html", "hang", "drop", "slow", "lost"]


@dataclass(slots=True)
class ApiFaults:
    """``outage``: how requests to the Admin API and the token endpoint are answered. ``hang``:
    nothing comes for ``seconds``, then the connection is dropped. ``slow``: the answer comes after
    ``seconds``. ``lost``: the work is done and the connection dropped. ``times``: how many requests
    meet it, None all. ``only``: '' for both doors, ``token`` or ``graphql`` for one.

    ``redacted``: ``Type.field`` of protected data that the app was not approved for.
    """

    outage: Outage = ""
    times: int | None = None
    seconds: float = 30.0
    only: Literal["", "token", "graphql"] = ""
    redacted: set[str] = field(default_factory=set)

    def take(self, door: Literal["token", "graphql"]) -> Outage:
        """Return what the next request at this door meets, and use it up."""
        if not self.outage or (self.only and self.only != door):
            return ""
        if self.times is None:
            return self.outage
        if self.times <= 0:
            return ""
        self.times -= 1
        return self.outage

    def clear(self) -> None:
        """Let everything work again."""
        self.outage, self.times, self.only = "", None, ""
        self.redacted.clear()
