"""What the pages of one shop remember apart from what the shop sells."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(slots=True)
class FrontState:
    """Switches of the admin and of the theme, and who is signed in to the admin.

    ``embeds``: handles of the app embeds that the merchant has switched on. ``stale_tokens``: hand
    out ID tokens that have expired, as a sleeping laptop presents them. ``sessions``: the admin's
    cookie to its user's id.
    """

    embeds: set[str] = field(default_factory=set)
    stale_tokens: bool = False
    sessions: dict[str, int] = field(default_factory=dict)
    issued: int = 0
    """How many ID tokens were handed out."""

    def sign_in(self, user_id: int) -> str:
        """Return the cookie of a new session of this user."""
        cookie = secrets.token_hex(16)
        self.sessions[cookie] = user_id
        return cookie
