"""What a store may answer instead of what was asked for: a few typed errors for all platforms."""

from __future__ import annotations


class StoreError(Exception):
    """A store did not do what was asked."""


class KeysRefused(StoreError):
    """The store does not accept our keys (any more): revoked, wrong, or their user demoted."""


class NotFound(StoreError):
    """What was asked for does not exist in the store; ``code`` is the platform's word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StoreSaidNo(StoreError):
    """The store understood and refused, with its own ``code`` and ``message``."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class StoreUnavailable(StoreError):
    """The store gave no usable answer.

    ``temporary``: whether trying again may help. ``retry_after``: seconds the store asked us to
    wait, None if it named none. ``location``: where it wants to send us, '' if nowhere.
    """

    def __init__(
        self,
        reason: str,
        *,
        temporary: bool,
        retry_after: float | None = None,
        location: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary
        self.retry_after = retry_after
        self.location = location
