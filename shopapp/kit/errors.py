"""Mistakes of a person or a platform: a status, a code and one plain sentence."""

from __future__ import annotations


class AppError(Exception):
    """Something that the caller did wrong or may not do; middleware answers it.

    ``fields`` maps a field's name to what is wrong with it, in words.
    """

    status = 400
    code = "bad_request"

    def __init__(self, message: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}


class Unreachable(AppError):
    """There is no such thing here, or it belongs to somebody else: the answer is the same."""

    status = 404
    code = "not_found"


class Forbidden(AppError):
    """The person is known and may not do this."""

    status = 403
    code = "forbidden"


class Unsigned(AppError):
    """The signature is missing or wrong."""

    status = 401
    code = "unsigned"


class TooMany(AppError):
    """A limit was reached; it may be tried again later."""

    status = 429
    code = "too_many"
