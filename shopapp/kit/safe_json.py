"""JSON from outside, read without surprises: bounded, unambiguous, storable."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""Any JSON value."""

JsonObject = dict[str, Json]
"""A JSON object."""

_MAX_INTEGER = 2**63 - 1
_MIN_INTEGER = -(2**63)
_MAX_INTEGER_DIGITS = 20

# Possessive, with the closing quote optional: one pass over any input, also a hostile one.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[\]{}]', re.DOTALL)

# PostgreSQL stores neither NUL nor half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class BadJson(ValueError):
    """A text that is not JSON as we accept it; ``reason`` says why in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def loads(raw: bytes, *, max_bytes: int, max_depth: int = 64, clean: bool = False) -> Json:
    """Return the value that these bytes state, or raise BadJson.

    Size and depth are judged before parsing (deep nesting overflows the parser's stack).
    Refused: what is not UTF-8, duplicate keys, NaN and infinities, integers beyond 64 bit,
    NUL characters and lone surrogates; with ``clean`` these last two are replaced by U+FFFD
    (for lists that we asked for: one odd text must not hide the other rows).
    """
    if len(raw) > max_bytes:
        raise BadJson(f"larger than {max_bytes} bytes")
    if _depth(raw) > max_depth:
        raise BadJson(f"nested deeper than {max_depth}")
    try:
        value: Json = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError as error:
        raise BadJson("not UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadJson(f"not JSON at character {error.pos}") from error
    if clean:
        return _cleaned(value)
    _check_texts(value)
    return value


def loads_object(raw: bytes, *, max_bytes: int, max_depth: int = 64) -> JsonObject:
    """Return the JSON object that these bytes state, or raise BadJson."""
    value = loads(raw, max_bytes=max_bytes, max_depth=max_depth)
    if not isinstance(value, dict):
        raise BadJson("not an object")
    return value


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(raw):
        first = match.group()[:1]
        if first in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Json]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("a key stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_DIGITS or not _MIN_INTEGER <= int(digits) <= _MAX_INTEGER:
        raise BadJson("an integer beyond 64 bit")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadJson("a number beyond what a double holds")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON")


def _check_texts(value: Json) -> None:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise BadJson("a text with NUL or half a surrogate pair")
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_texts(key)
            _check_texts(item)


def _cleaned(value: Json) -> Json:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("\ufffd", key): _cleaned(item) for key, item in value.items()}
    return value
