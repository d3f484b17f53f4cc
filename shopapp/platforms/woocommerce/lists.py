"""How a store's lists are asked for. Pure.

Pages come in the order of ids: rows that change while we read cannot push others over a page's
edge unseen; at worst one comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Item, Told, Where
from shopapp.platforms.woocommerce import fields

PER_PAGE = 100
_ROUTES = {
    "categories": "products/categories",
    "products": "products",
    "customers": "customers",
    "orders": "orders",
}


def asked_for(where: Where) -> tuple[str, dict[str, str]]:
    """Return the route and the parameters of the page at this place of a list."""
    params = {"per_page": str(PER_PAGE), "orderby": "id", "order": "asc", "page": str(where.page)}
    return _ROUTES[where.kind], params | _filters(where)


def told(where: Where, rows: tuple[JsonObject, ...], *, pages: int, total: int) -> Told:
    """Return a page as what was told; ``pages`` and ``total`` are of the whole list."""
    last = where.page >= pages or not rows or _is_old_enough(where, rows)
    return Told(items_of(rows), last=last, total=total)


def items_of(rows: Iterable[JsonObject], *, parent: str = "") -> tuple[Item, ...]:
    """Return rows as items; one without an id is read, and found wanting, later."""
    return tuple(Item(row, _id(row), parent) for row in rows)


def _id(row: JsonObject) -> str:
    told_id = row.get("id")
    return str(told_id) if isinstance(told_id, int) else ""


def _filters(where: Where) -> dict[str, str]:
    since = where.since if where.mode == "since" else None
    match where.kind:
        case "orders":
            # ``any`` leaves out drafts and trash.
            created = None if since else where.back_to
            return _since(since, created) | {"status": "any"}
        case "products":
            return _since(since, None)
        case "customers":
            # Of every role, which says who shops. They cannot be asked for by their last change.
            return {"role": "all"} | ({"order": "desc"} if since else {})
        case _:
            return {}


def _since(modified: datetime | None, created: datetime | None) -> dict[str, str]:
    """Return the filters; WooCommerce compares whole seconds, and only later ones count."""
    asked = {}
    if modified is not None:
        asked["modified_after"] = f"{modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    if created is not None:
        asked["after"] = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return asked | {"dates_are_gmt": "true"} if asked else asked


def _is_old_enough(where: Where, rows: tuple[JsonObject, ...]) -> bool:
    """Say whether the newest customers, who come first, have all been told."""
    if where.kind != "customers" or where.mode != "since" or where.since is None:
        return False
    try:
        return fields.gmt(rows[-1], "date_created_gmt") < where.since
    except Unreadable:
        return False
