"""Strict reading of a platform's JSON: every field has the type we know, or it is Unreadable."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Unreadable

MAX_NAME = 300
MAX_URL = 2000
_MAX_QUANTITY = 2**31 - 1
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_HEX_ID = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def as_object(value: Json, what: str) -> JsonObject:
    """Return this object, or raise Unreadable. PHP writes an empty object as ``[]``."""
    if isinstance(value, dict):
        return value
    if value == []:
        return {}
    raise Unreadable(f"{what} is not an object")


def as_list(value: Json, what: str) -> list[Json]:
    """Return this list, or raise Unreadable."""
    if not isinstance(value, list):
        raise Unreadable(f"{what} is not a list")
    return value


def inner(source: Json, key: str) -> JsonObject:
    """Return the object under this key."""
    return as_object(_value(source, key), key)


def rows(source: Json, key: str) -> list[JsonObject]:
    """Return the list of objects under this key."""
    return [as_object(row, key) for row in as_list(_value(source, key), key)]


def text(source: Json, key: str) -> str:
    """Return the text under this key, as it stands."""
    value = _value(source, key)
    if not isinstance(value, str):
        raise Unreadable(f"{key} is not a text")
    return value


def optional_text(source: JsonObject, key: str, limit: int = MAX_NAME) -> str:
    """Return the trimmed text under this key, '' when it is absent or null."""
    if source.get(key) is None:
        return ""
    return text(source, key).strip()[:limit]


def plain(value: Json, limit: int = MAX_NAME) -> str:
    """Return a name as people read it: tags stripped, entities decoded, on one line.

    WordPress stores names HTML-filtered (``T&ocirc;te &amp; <b>bold</b>``). The result is
    plain text, to be escaped again wherever it is shown; '' for what is no text.
    """
    if not isinstance(value, str):
        return ""
    decoded = html.unescape(_TAG.sub("", value)).replace("\x00", "")
    return " ".join(decoded.split())[:limit]


def name(source: JsonObject, key: str) -> str:
    """Return the name under this key as people read it; '' when absent or null."""
    if source.get(key) is None:
        return ""
    return plain(text(source, key))


def url(value: Json) -> str:
    """Return this web address, '' when it is none that a mail or page may carry."""
    if not isinstance(value, str) or len(value) > MAX_URL:
        return ""
    return value if re.match(r"https?://[^\s\"'<>]+\Z", value) else ""


def flag(source: Json, key: str) -> bool:
    """Return the boolean under this key."""
    value = _value(source, key)
    if not isinstance(value, bool):
        raise Unreadable(f"{key} is neither true nor false")
    return value


def whole(source: Json, key: str) -> int:
    """Return the integer under this key."""
    return as_whole(_value(source, key), key)


def as_whole(value: Json, what: str) -> int:
    """Return this integer, or raise Unreadable (true and false are none)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{what} is not an integer")
    return value


def identifier(source: Json, key: str) -> str:
    """Return the positive number under this key as an id."""
    value = whole(source, key)
    if value <= 0:
        raise Unreadable(f"{key} is not an id")
    return str(value)


def optional_identifier(source: Json, key: str) -> str:
    """Return the id under this key, '' where the platform writes 0 or null for none."""
    if _value(source, key) in (None, 0):
        return ""
    return identifier(source, key)


def quantity(source: Json, key: str) -> int:
    """Return how many pieces, at least one. Plugins that sell by weight write fractions:
    these count as the next whole number, so that the line is not lost."""
    value = _value(source, key)
    if isinstance(value, float):
        value = int(-(-value // 1))
    pieces = as_whole(value, key)
    if not 1 <= pieces <= _MAX_QUANTITY:
        raise Unreadable(f"{key} is not a quantity")
    return pieces


def hex_id(value: Json) -> str:
    """Return a cart's id of 32 hex digits, '' for anything else."""
    return value if isinstance(value, str) and _HEX_ID.fullmatch(value) else ""


def reference(value: Json) -> str:
    """Return a link's reference, '' for anything that cannot be one of ours."""
    return value if isinstance(value, str) and _REFERENCE.fullmatch(value) else ""


def country(value: Json) -> str:
    """Return a country's two capitals, '' for anything else."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value) else ""


def gmt(source: Json, key: str) -> datetime:
    """Return the moment of a ``*_gmt`` field, which WordPress writes without an offset."""
    moment = optional_gmt(source, key)
    if moment is None:
        raise Unreadable(f"{key} is missing")
    return moment


def optional_gmt(source: Json, key: str) -> datetime | None:
    """Return the moment of a ``*_gmt`` field, None where it is null."""
    value = _value(source, key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unreadable(f"{key} is not a time")
    moment = _moment(value, key)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else _in_utc(moment, key)


def instant(source: Json, key: str) -> datetime:
    """Return the moment of a field that states its own offset (``...Z``)."""
    moment = _moment(text(source, key), key)
    if moment.tzinfo is None:
        raise Unreadable(f"{key} has no offset")
    return _in_utc(moment, key)


def _moment(written: str, key: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable(f"{key} is not a time") from error


def _in_utc(moment: datetime, key: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise Unreadable(f"{key} is not a time") from error


def _value(source: Json, key: str) -> Json:
    if not isinstance(source, dict):
        raise Unreadable(f"no object where {key} was expected")
    if key not in source:
        raise Unreadable(f"{key} is missing")
    return source[key]
