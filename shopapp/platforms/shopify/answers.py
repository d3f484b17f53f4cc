"""What an answer of Shopify's Admin API means: its data, or one of a few typed errors.

Statuses: https://shopify.dev/docs/api/usage/response-codes . Errors inside an answer of 200:
https://shopify.dev/docs/api/admin-graphql/latest#status_and_error_codes
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shopapp.kit.egress import Response
from shopapp.kit.safe_json import BadJson, Json, JsonObject, loads
from shopapp.platforms.answers import KeysRefused, StoreError, StoreSaidNo, StoreUnavailable
from shopapp.platforms.shopify import fields

MAX_JSON_BYTES = 20 * 1024 * 1024
UNAUTHORISED = 401
_HOUR = 3600.0
_NOT_APPROVED = "not approved"
_CLOSED = {
    402: "The shop is frozen: its subscription is unpaid.",
    423: "The shop is locked.",
}
_SLOW_DOWN = 429
_BUSY_CODES = {"INTERNAL_SERVER_ERROR", "TIMEOUT"}


class Throttled(StoreUnavailable):
    """Shopify asks us to wait. Nothing was done, so anything may be sent again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``data`` is what was asked for; ``withheld`` the fields that the app is not approved for
    (they are null in ``data``); ``cost`` what it told about points."""

    data: JsonObject
    withheld: tuple[str, ...]
    cost: Json


def read_answer(response: Response) -> Answer:
    """Return a good answer, or raise a StoreError. (A 401 is the caller's.)"""
    if response.status != 200:
        raise _of_status(response)
    body = _json(response)
    cost = cost_in(body)
    errors = _errors(body)
    data = body.get("data")
    withheld = tuple(_path(error) for error in errors if _is_withheld(error))
    refused = [error for error in errors if not _is_withheld(error)]
    if refused:
        raise _of_errors(refused)
    if not isinstance(data, dict) or (withheld and all(one is None for one in data.values())):
        if errors:
            raise StoreSaidNo("NOT_APPROVED", _message(errors[0]), response.status)
        raise StoreUnavailable("Shopify's answer has an unknown shape.", temporary=True)
    return Answer(data, withheld, cost)


def cost_of(response: Response) -> Json:
    """Return what an answer told about points, whatever else it says; None for nothing."""
    if response.status != 200:
        return None
    try:
        return cost_in(_json(response))
    except StoreUnavailable:
        return None


def cost_in(body: JsonObject) -> Json:
    """Return ``extensions.cost`` of an answer's body, None where there is none."""
    extensions = body.get("extensions")
    return extensions.get("cost") if isinstance(extensions, dict) else None


def check_user_errors(payload: JsonObject) -> None:
    """Raise StoreSaidNo where a mutation's payload says that the shop refused."""
    errors = payload.get("userErrors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            code = fields.plain(error.get("code"), 100) or "USER_ERROR"
            raise StoreSaidNo(code, fields.plain(error.get("message")), 200)


def _of_status(response: Response) -> StoreError:
    status, wait = response.status, _retry_after(response)
    if status == _SLOW_DOWN:
        return Throttled("Shopify asks us to wait.", temporary=True, retry_after=wait)
    if status >= 500 or status == 408:
        reason = f"Shopify answered with an error ({status})."
        return StoreUnavailable(reason, temporary=True, retry_after=wait)
    if status in _CLOSED:
        return StoreUnavailable(_CLOSED[status], temporary=True, retry_after=_HOUR)
    if status == 404:
        return StoreUnavailable("Shopify knows no shop of this name any more.", temporary=False)
    if status in range(300, 400):
        location = fields.url(response.headers.get("Location"))
        reason = "Shopify sends us to another address."
        return StoreUnavailable(reason, temporary=False, location=location)
    said = _said(response)
    if status == 403 and "access token" in said.lower():
        return KeysRefused(said)
    return StoreSaidNo(f"HTTP_{status}", said, status)


def _of_errors(errors: list[JsonObject]) -> StoreError:
    codes = [_code(error) for error in errors]
    message = _message(errors[0])
    if "THROTTLED" in codes:
        return Throttled("Shopify asks us to wait.", temporary=True)
    if "SHOP_INACTIVE" in codes:
        return StoreUnavailable("The shop is not active.", temporary=True, retry_after=_HOUR)
    if _BUSY_CODES.intersection(codes):
        return StoreUnavailable("Shopify had an error of its own.", temporary=True)
    return StoreSaidNo(codes[0] or "GRAPHQL_ERROR", message, 200)


def _json(response: Response) -> JsonObject:
    try:
        value = loads(response.content, max_bytes=MAX_JSON_BYTES, clean=True)
    except BadJson as error:
        reason = f"Shopify's answer cannot be read: {error.reason}."
        raise StoreUnavailable(reason, temporary=True) from error
    if not isinstance(value, dict):
        raise StoreUnavailable("Shopify's answer has an unknown shape.", temporary=True)
    return value


def _errors(body: JsonObject) -> list[JsonObject]:
    errors = body.get("errors")
    if isinstance(errors, str):
        return [{"message": errors}]
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []


def _is_withheld(error: JsonObject) -> bool:
    """Say whether this tells of a field that the app is not approved for: null, and no failure
    (https://shopify.dev/docs/apps/launch/protected-customer-data)."""
    return _NOT_APPROVED in _message(error) and isinstance(error.get("path"), list)


def _path(error: JsonObject) -> str:
    path = error.get("path")
    steps = path if isinstance(path, list) else []
    return ".".join(fields.plain(step, 60) for step in steps if isinstance(step, str))


def _code(error: JsonObject) -> str:
    extensions = error.get("extensions")
    return fields.plain(extensions.get("code"), 100) if isinstance(extensions, dict) else ""


def _message(error: JsonObject) -> str:
    return fields.plain(error.get("message"))


def _said(response: Response) -> str:
    try:
        errors = _errors(_json(response))
    except StoreUnavailable:
        errors = []
    return _message(errors[0]) if errors else f"Shopify refused ({response.status})."


def _retry_after(response: Response) -> float | None:
    written = response.headers.get("Retry-After", "").strip()
    return float(written) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", written) else None
