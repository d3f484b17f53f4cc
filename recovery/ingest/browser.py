"""What a storefront script reported, as events: ids and quantities, never text. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from shopapp.kit.safe_json import BadJson, Json, JsonObject, loads_object
from shopapp.platforms.base import (
    CartChanged,
    Event,
    Line,
    LinkFollowed,
    Shopper,
    Unreadable,
)

CARTS = "carts"
LANDINGS = "landings"
_MAX_BYTES = 64 * 1024
_MAX_LINES = 200
_CART_ID = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parse(topic: str, body: bytes, *, at: datetime) -> tuple[Event, ...]:
    """Return what this report tells (docs/wire.md, section 5), or raise Unreadable.

    ``at``: when it arrived; a browser's own clock is not believed about the future.
    """
    try:
        report = loads_object(body, max_bytes=_MAX_BYTES, max_depth=8)
    except BadJson as error:
        raise Unreadable(error.reason) from error
    match topic:
        case "carts":
            return (_cart(report, at),)
        case "landings":
            click_ref = _matching(_REFERENCE, report, "click_ref")
            return (LinkFollowed(click_ref, _matching(_CART_ID, report, "cart_id"), at),)
        case _:
            raise Unreadable("a kind of report that we do not know")


def _cart(report: JsonObject, at: datetime) -> CartChanged:
    lines = report.get("lines")
    if not isinstance(lines, list) or len(lines) > _MAX_LINES:
        raise Unreadable("lines is not a list of lines")
    visitor = report.get("visitor_id") or ""
    return CartChanged(
        cart_id=_matching(_CART_ID, report, "cart_id"),
        changed_at=min(_moment(report.get("changed_at")), at),
        revision=_number(report.get("revision"), "revision"),
        stage="checkout" if report.get("stage") == "checkout" else "cart",
        lines=tuple(_line(line) for line in lines),
        total=None,
        shopper=Shopper(),
        source="browser",
        visitor_id=visitor if isinstance(visitor, str) and _REFERENCE.fullmatch(visitor) else "",
    )


def _line(line: Json) -> Line:
    if not isinstance(line, list) or len(line) != 3:
        raise Unreadable("a line is not product, variation and quantity")
    product, variation, quantity = (_number(part, "a line") for part in line)
    if not product or not quantity:
        raise Unreadable("a line without product or quantity")
    return Line(str(product), str(variation or product), quantity)


def _number(value: Json, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Unreadable(f"{what} is not a number in range")
    return value


def _matching(pattern: re.Pattern[str], report: JsonObject, key: str) -> str:
    value = report.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Unreadable(f"{key} is not as it should be")
    return value


def _moment(value: Json) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise Unreadable("changed_at is not a time") from error
    if moment.tzinfo is None:
        raise Unreadable("changed_at has no offset")
    return moment
