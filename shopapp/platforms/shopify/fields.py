"""Strict reading of Shopify's JSON: every field has a type we know, or it is Unreadable."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Unreadable

MAX_NAME = 300
MAX_URL = 2000
_MAX_QUANTITY = 2**31 - 1
_ID = re.compile(r"[1-9][0-9]{0,19}")
_GID = re.compile(r"gid://shopify/[A-Za-z]{1,60}/([1-9][0-9]{0,19})(?:\?.{0,200})?")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as many as a cart's column takes
_SECONDS_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")


def as_object(value: Json, what: str) -> JsonObject:
    """Return this object, or raise Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is not an object")
    return value


def optional_object(source: JsonObject, key: str) -> JsonObject:
    """Return the object under this key, {} where it is absent or null (not approved, or none)."""
    value = source.get(key)
    return {} if value is None else as_object(value, key)


def rows(source: JsonObject, key: str) -> list[JsonObject]:
    """Return the list of objects under this key: a plain list, or a GraphQL connection (``nodes``
    or ``edges``)."""
    value = source.get(key)
    if isinstance(value, dict):
        value = value.get("nodes") or _of_edges(value.get("edges"))
    if not isinstance(value, list):
        raise Unreadable(f"{key} is not a list")
    return [as_object(row, key) for row in value]


def optional_rows(source: JsonObject, key: str) -> list[JsonObject]:
    """Return the list of objects under this key, [] where it is absent or null."""
    return [] if source.get(key) is None else rows(source, key)


def text(source: JsonObject, key: str) -> str:
    """Return the text under this key, as it stands."""
    value = source.get(key)
    if not isinstance(value, str):
        raise Unreadable(f"{key} is not a text")
    return value


def optional_text(source: JsonObject, key: str, limit: int = MAX_NAME) -> str:
    """Return the trimmed text under this key, '' when it is absent or null."""
    if source.get(key) is None:
        return ""
    return text(source, key).strip()[:limit]


def texts(source: JsonObject, key: str) -> tuple[str, ...]:
    """Return the texts of the list under this key, none where it is absent or null."""
    value = source.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Unreadable(f"{key} is not a list of texts")
    return tuple(str(one) for one in value)


def plain(value: Json, limit: int = MAX_NAME) -> str:
    """Return a name on one line; '' for what is no text. (Shopify's names are plain text: what
    looks like HTML in one is meant so.)"""
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\x00", "").split())[:limit]


def name(source: JsonObject, key: str) -> str:
    """Return the name under this key on one line; '' when absent or null."""
    if source.get(key) is None:
        return ""
    return plain(text(source, key))


def url(value: Json) -> str:
    """Return this web address, '' when it is none that a mail or page may carry."""
    if not isinstance(value, str) or len(value) > MAX_URL:
        return ""
    return value if re.match(r"https?://[^\s\"'<>\\]+\Z", value) else ""


def flag(source: JsonObject, key: str) -> bool:
    """Return the boolean under this key."""
    value = source.get(key)
    if not isinstance(value, bool):
        raise Unreadable(f"{key} is neither true nor false")
    return value


def optional_flag(source: JsonObject, key: str) -> bool | None:
    """Return the boolean under this key, None when it is absent or null."""
    return None if source.get(key) is None else flag(source, key)


def as_whole(value: Json, what: str) -> int:
    """Return this integer (a number written as text counts), or raise Unreadable."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{what} is not an integer")
    return value


def identifier(source: JsonObject, key: str) -> str:
    """Return the id under this key, the number as text. Numbers beyond 2**53, numbers written as
    text and global ids (``gid://shopify/Order/1``) are all read."""
    found = as_identifier(source.get(key))
    if not found:
        raise Unreadable(f"{key} is not an id")
    return found


def optional_identifier(source: JsonObject, key: str) -> str:
    """Return the id under this key, '' where it is absent, null or 0."""
    return "" if source.get(key) in (None, 0, "") else identifier(source, key)


def as_identifier(value: Json) -> str:
    """Return the number of an id as text, '' for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 2**63 else ""
    if not isinstance(value, str):
        return ""
    matched = _GID.fullmatch(value)
    number = matched[1] if matched else value
    return number if _ID.fullmatch(number) else ""


def node_id(node: JsonObject) -> str:
    """Return the id of a thing: its ``legacyResourceId`` (GraphQL), else the number of ``id``."""
    return as_identifier(node.get("legacyResourceId")) or identifier(node, "id")


def optional_node_id(source: JsonObject, key: str) -> str:
    """Return the id of the GraphQL node under this key, '' where there is none (deleted)."""
    node = optional_object(source, key)
    return node_id(node) if node else ""


def identifiers(source: JsonObject, key: str) -> tuple[str, ...]:
    """Return the ids of the list under this key, none where it is absent or null."""
    value = source.get(key)
    if value is None:
        return ()
    found = [as_identifier(one) for one in value] if isinstance(value, list) else [""]
    if not all(found):
        raise Unreadable(f"{key} is not a list of ids")
    return tuple(found)


def quantity(source: JsonObject, key: str) -> int:
    """Return how many pieces; 0 is possible for a line of an order that was edited."""
    pieces = as_whole(source.get(key), key)
    if not 0 <= pieces <= _MAX_QUANTITY:
        raise Unreadable(f"{key} is not a quantity")
    return pieces


def token(value: Json) -> str:
    """Return a cart's or checkout's token, the part before ``?`` (the storefront's own interface
    writes ``token?key=...``); '' for anything else."""
    if not isinstance(value, str):
        return ""
    bare = value.partition("?")[0]
    return bare if _TOKEN.fullmatch(bare) else ""


def reference(value: Json) -> str:
    """Return a link's reference, '' for anything that cannot be one of ours."""
    return value if isinstance(value, str) and _REFERENCE.fullmatch(value) else ""


def country(value: Json) -> str:
    """Return a country's two capitals, '' for anything else."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value) else ""


def locale(value: Json) -> str:
    """Return a language as Shopify writes it (``en``, ``en-GB``), '' for anything else."""
    shape = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}"
    return value if isinstance(value, str) and re.fullmatch(shape, value) else ""


def instant(source: JsonObject, key: str) -> datetime:
    """Return the moment of a field, in UTC; it states its own offset."""
    moment = _moment(text(source, key), key)
    if moment.tzinfo is None:
        raise Unreadable(f"{key} has no offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise Unreadable(f"{key} is not a time") from error


def optional_instant(source: JsonObject, key: str) -> datetime | None:
    """Return the moment of a field, None where it is absent or null."""
    return None if source.get(key) is None else instant(source, key)


def _moment(written: str, key: str) -> datetime:
    try:
        return datetime.fromisoformat(_SECONDS_FRACTION.sub(r"\1", written))
    except ValueError as error:
        raise Unreadable(f"{key} is not a time") from error


def _of_edges(edges: Json) -> Json:
    if edges is None:
        return []
    if not isinstance(edges, list):
        return None
    return [edge.get("node") if isinstance(edge, dict) else None for edge in edges]
