"""A call of REST v3 and its answer, with the rules that all lists share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tests.doubles.base.http import Json, Request
from tests.doubles.woocommerce.errors import ApiError, invalid_param
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.state import State

Item = TypeVar("Item")


@dataclass(slots=True)
class Answer:
    """What a call answers."""

    body: Json
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """One call: the shop, the request, and what its path named."""

    shop: Shop
    request: Request
    named: dict[str, str]

    @property
    def state(self) -> State:
        """Return the shop's state."""
        return self.shop.state

    @property
    def root(self) -> str:
        """Return the address of the site as it was asked for."""
        return self.request.root

    @property
    def query(self) -> dict[str, str]:
        """Return the query."""
        return self.request.query

    def id(self, name: str = "id") -> int:
        """Return a number of the path."""
        return int(self.named[name])

    def fields(self) -> dict[str, Json]:
        """Return the posted fields; raises ApiError when the body is no JSON object."""
        if not self.request.body:
            return {}
        if "json" not in self.request.headers.get("content-type", ""):
            return dict(self.request.form)
        try:
            posted = self.request.json()
        except ValueError as error:
            wrong = {"json_error_code": 4, "json_error_message": "Syntax error"}
            message = "Invalid JSON body passed."
            raise ApiError("rest_invalid_json", message, 400, wrong) from error
        return posted if isinstance(posted, dict) else {}


Handler = Callable[[Call], Answer]


def created(call: Call, body: Json, path: str) -> Answer:
    """Return the answer to a creation."""
    return Answer(body, 201, [("Location", f"{call.root}/wp-json/wc/v3/{path}")])


def integer(call: Call, name: str, default: int, low: int, high: int) -> int:
    """Return a number of the query; raises ApiError when it is none or out of bounds."""
    text = call.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,9}", text):
        message = f"{name} is not of type integer."
        raise invalid_param(name, message, "rest_invalid_type", {"param": name})
    if not low <= int(text) <= high:
        message = f"{name} must be between {low} (inclusive) and {high} (inclusive)"
        raise invalid_param(name, message, "rest_out_of_bounds", None)
    return int(text)


def numbers(call: Call, name: str) -> list[int] | None:
    """Return a list of ids of the query, or None when it is not asked for."""
    text = call.query.get(name) or call.query.get(f"{name}[]")
    if text is None:
        return None
    return [int(one) for one in text.split(",") if one.strip().isdigit()]


def moment(call: Call, name: str) -> datetime | None:
    """Return a moment of the query: the shop's wall clock unless ``dates_are_gmt`` says UTC."""
    text = call.query.get(name)
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise invalid_param(name, "Invalid date.", "rest_invalid_date", None) from error
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    in_utc = call.query.get("dates_are_gmt") in ("true", "1")
    zone = ZoneInfo("UTC" if in_utc else call.state.settings.zone)
    return read.replace(tzinfo=zone).astimezone(UTC)


def within(call: Call, created_at: datetime, modified_at: datetime) -> bool:
    """Tell whether a thing lies between the moments that the query names."""
    after, before = moment(call, "after"), moment(call, "before")
    changed, unchanged = moment(call, "modified_after"), moment(call, "modified_before")
    return (
        (after is None or created_at > after)
        and (before is None or created_at < before)
        and (changed is None or modified_at > changed)
        and (unchanged is None or modified_at < unchanged)
    )


def page_of(
    call: Call, items: Sequence[Item], shown: Callable[[Item], Json], extra: str = ""
) -> Answer:
    """Return one page of the items with the headers that count them.

    ``extra``: defaults that WooCommerce writes into the addresses of other pages.
    """
    per_page = integer(call, "per_page", 10, 1, 100)
    page = integer(call, "page", 1, 1, 10**8)
    pages = -(-len(items) // per_page)
    chosen = items[(page - 1) * per_page : page * per_page]
    headers = [("X-WP-Total", str(len(items))), ("X-WP-TotalPages", str(pages))]
    others = []
    if page > 1 and pages:
        others.append((min(page - 1, pages), "prev"))
    if page < pages:
        others.append((page + 1, "next"))
    if others:
        base = _without_page(call) + extra
        joined = ", ".join(f'<{base}&page={n}>; rel="{rel}"' for n, rel in others)
        headers.append(("Link", joined.replace("?&", "?")))
    return Answer([shown(one) for one in chosen], 200, headers)


def _without_page(call: Call) -> str:
    kept = [(name, value) for name, value in call.query.items() if name != "page"]
    query = "&".join(f"{quote(name)}={quote(value, safe='-._~')}" for name, value in kept)
    return f"{call.root}{call.request.path}?{query}"


def only_fields(body: Json, wanted: str) -> Json:
    """Return the body with only the fields that ``_fields`` names; a dot goes deeper."""
    if isinstance(body, list):
        return [only_fields(one, wanted) for one in body]
    tree: dict[str, list[str]] = {}
    for name in re.split(r"[,\s]+", wanted):
        head, _, rest = name.partition(".")
        tree.setdefault(head, []).append(rest)
    shown = {}
    for name, value in body.items():
        if name in tree:
            deeper = [one for one in tree[name] if one]
            inner = isinstance(value, dict) and deeper and "" not in tree[name]
            shown[name] = only_fields(value, ",".join(deeper)) if inner else value
    return shown
