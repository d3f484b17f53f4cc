"""Parts of lists: ``first``, ``after``, ``last``, ``before``, ``reverse`` and their cursors."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tests.doubles.shopify.admin.call import Page, refuse

MAX_PAGE = 250
SortKey = Callable[[Any], Any]


def page_of(things: Iterable[Any], args: dict[str, Any], *, key: SortKey, number: SortKey) -> Page:
    """Return the asked part of a list. ``key``: what it is sorted by; ``number`` breaks ties.

    ``everything`` among the arguments asks for the whole list, as bulk operations do. A cursor
    holds its thing's place in the sorting, so that pages stay right when things come and go.
    """

    def place(thing: Any) -> tuple[Any, int]:
        return (_plain(key(thing)), number(thing))

    ordered = sorted(things, key=place, reverse=bool(args.get("reverse")))
    size, from_end = _size(args)
    down = bool(args.get("reverse"))
    if after := args.get("after"):
        bound = _opened(after)
        ordered = [one for one in ordered if (place(one) < bound if down else place(one) > bound)]
    if before := args.get("before"):
        bound = _opened(before)
        ordered = [one for one in ordered if (place(one) > bound if down else place(one) < bound)]
    taken = ordered if size is None else ordered[-size:] if from_end else ordered[:size]
    more = len(taken) < len(ordered)
    return Page(
        taken,
        [cursor(place(one)) for one in taken],
        has_next=bool(args.get("before")) if from_end else more,
        has_previous=more if from_end else bool(args.get("after")),
    )


def _size(args: dict[str, Any]) -> tuple[int | None, bool]:
    if args.get("everything"):
        return None, False
    first, last = args.get("first"), args.get("last")
    if first is None and last is None:
        raise refuse("you must provide one of first or last", "BAD_REQUEST")
    size = first if first is not None else last
    if not isinstance(size, int) or size < 0:
        raise refuse("first cannot be negative", "BAD_REQUEST")
    if size > MAX_PAGE:
        raise refuse(f"first cannot exceed {MAX_PAGE}", "BAD_REQUEST")
    return size, first is None


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


def cursor(place: tuple[Any, int]) -> str:
    """Return the cursor of a place: (what the list is sorted by there, the thing's number)."""
    text = json.dumps({"last_id": place[1], "last_value": place[0]})
    return base64.b64encode(text.encode()).decode()


def _opened(text: str) -> tuple[Any, int]:
    try:
        told = json.loads(base64.b64decode(text, validate=True))
        return told["last_value"], told["last_id"]
    except (ValueError, KeyError, TypeError):
        raise refuse(f"Invalid cursor for current pagination sort: {text}", "BAD_REQUEST") from None
