"""The ``query:`` argument of lists: terms that all have to hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tests.doubles.shopify.admin.call import refuse

_TERM = re.compile(r"""([a-z_]+):(>=|<=|>|<|)("[^"]*"|'[^']*'|[^\s]+)""")

Facet = Callable[[Any], Any]
"""Takes a thing, returns what a filter compares: a moment, a number or a text."""


def matcher(query: str | None, facets: Mapping[str, Facet]) -> Callable[[Any], bool]:
    """Return the test that a query describes.

    Shopify ignores a filter that it does not know, which would hide a mistake of ours: here it is
    an error.
    """
    if not query or not query.strip():
        return lambda _: True
    tests, rest = [], query.replace(" AND ", " ")
    for found in _TERM.finditer(rest):
        name, operator, raw = found.groups()
        if name not in facets:
            raise refuse(f"the double knows no filter '{name}'", "INVALID_QUERY")
        tests.append(_test(facets[name], operator, raw.strip("\"'")))
    if _TERM.sub("", rest).strip():
        raise refuse(f"the double cannot read the query '{query}'", "INVALID_QUERY")
    return lambda thing: all(test(thing) for test in tests)


def _test(facet: Facet, operator: str, text: str) -> Callable[[Any], bool]:
    def holds(thing: Any) -> bool:
        value = facet(thing)
        if value is None:
            return False
        wanted: Any = text
        if isinstance(value, datetime):
            value, wanted = value.replace(microsecond=0), _moment(text)
        elif isinstance(value, int):
            wanted = int(text)
        else:
            value, wanted = str(value).lower(), text.lower()
        return _compare(value, operator, wanted)

    return holds


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    match operator:
        case ">":
            return bool(value > wanted)
        case ">=":
            return bool(value >= wanted)
        case "<":
            return bool(value < wanted)
        case "<=":
            return bool(value <= wanted)
    return bool(value == wanted)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise refuse(f"'{text}' is no moment", "INVALID_QUERY") from None
    if moment.tzinfo is None:
        raise refuse(f"'{text}' has no offset", "INVALID_QUERY")
    return moment
