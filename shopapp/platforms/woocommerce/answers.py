"""What a store's answer means: its JSON, or one of a few typed errors."""

from __future__ import annotations

import re
from collections.abc import Callable

from shopapp.kit.egress import EgressFailed, EgressRefused, Response
from shopapp.kit.safe_json import BadJson, Json, JsonObject, loads
from shopapp.platforms.answers import (
    KeysRefused,
    NotFound,
    StoreError,
    StoreSaidNo,
    StoreUnavailable,
)
from shopapp.platforms.woocommerce import fields

MAX_JSON_BYTES = 20 * 1024 * 1024
_OK = range(200, 300)
_MOVED = range(300, 400)
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TIMEOUT, _SLOW_DOWN = 401, 403, 404, 408, 429
_SERVER_ERROR = 500


class PageInsteadOfData(StoreUnavailable):
    """The store answered with a page: plain permalinks, a cache, a maintenance mode, a firewall
    or no shop at all. It is no news, and never an empty list."""


def read_answer(answer: Response) -> Json:
    """Return the JSON of a good answer, or raise a StoreError."""
    if answer.status in _MOVED:
        raise StoreUnavailable(
            "The store sends us to another address.",
            temporary=False,
            location=fields.url(answer.headers.get("Location")),
        )
    if answer.status in (_SLOW_DOWN, _TIMEOUT) or answer.status >= _SERVER_ERROR:
        raise StoreUnavailable(
            f"The store answered with an error ({answer.status}).",
            temporary=True,
            retry_after=_retry_after(answer),
        )
    body = _json(answer)
    if answer.status in _OK:
        return body
    raise _refusal(answer.status, body)


def names_missing_thing(error: NotFound) -> bool:
    """Say whether the store looked and has no such thing. A missing route (WooCommerce switched
    off, or an older one) is a 404 as well, and says nothing about any order or product."""
    return error.code.endswith("invalid_id")


def expected_object(value: Json) -> JsonObject:
    """Return this answer's object, or raise StoreUnavailable: something stands in between."""
    if not isinstance(value, dict):
        raise StoreUnavailable("The store's answer has an unknown shape.", temporary=True)
    return value


def expected_rows(value: Json) -> tuple[JsonObject, ...]:
    """Return this answer's list of objects, or raise StoreUnavailable."""
    if not isinstance(value, list):
        raise StoreUnavailable("The store's answer has an unknown shape.", temporary=True)
    return tuple(expected_object(row) for row in value)


def ask(request: Callable[[], Response]) -> Response:
    """Return what the store answered to this request, whatever its status; no answer at all is
    a StoreUnavailable."""
    try:
        return request()
    except EgressRefused as error:
        raise StoreUnavailable(str(error), temporary=False) from error
    except EgressFailed as error:
        raise StoreUnavailable(str(error), temporary=True) from error


def header_number(answer: Response, name: str) -> int:
    """Return the number in this header, 0 where there is none."""
    written = answer.headers.get(name, "")
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def _json(answer: Response) -> Json:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        if answer.status == _UNAUTHORISED:
            raise KeysRefused("The store refused our keys.")
        raise PageInsteadOfData(
            f"The store answered with a page instead of data ({answer.status}).",
            temporary=answer.status != _NOT_FOUND,
        )
    try:
        return loads(answer.content, max_bytes=MAX_JSON_BYTES, clean=True)
    except BadJson as error:
        raise StoreUnavailable(
            f"The store's answer cannot be read: {error.reason}.", temporary=True
        ) from error


def _refusal(status: int, body: Json) -> StoreError:
    told = body if isinstance(body, dict) else {}
    code = fields.plain(told.get("code"), 100)
    message = fields.plain(told.get("message"), 300)
    if status == _UNAUTHORISED:
        return KeysRefused(code or "The store refused our keys.")
    # A user who may no longer manage the shop is known, and therefore forbidden.
    if status == _FORBIDDEN and code.startswith("woocommerce_rest_cannot"):
        return KeysRefused(code)
    if status == _NOT_FOUND:
        return NotFound(code)
    return StoreSaidNo(code, message, status)


def _retry_after(answer: Response) -> float | None:
    written = answer.headers.get("Retry-After", "").strip()
    return float(written) if re.fullmatch(r"[0-9]{1,6}", written) else None
