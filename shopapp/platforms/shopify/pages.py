"""A shop's lists page by page, in the order of ids, each thing whole.

Pages follow the greatest id read (``id:>...``), so that what changes while we read cannot be pushed
over a page's edge. Filters: the connections' own documentation, e.g.
https://shopify.dev/docs/api/admin-graphql/latest/queries/orders#arguments-query (customers' last
change is compared by whole days: they come again, never too few).
"""

from __future__ import annotations

from datetime import UTC, datetime

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.connector import Item, Kind, Told, Where
from shopapp.platforms.shopify import fields
from shopapp.platforms.shopify.api import Api

ROOTS: dict[Kind, str] = {
    "categories": "collections",
    "products": "products",
    "customers": "customers",
    "orders": "orders",
    "checkouts": "abandonedCheckouts",
}
OPERATIONS: dict[Kind, str] = {
    "categories": "collections",
    "products": "products",
    "customers": "customers",
    "orders": "orders",
    "checkouts": "checkouts",
}
_FURTHER: dict[Kind, dict[str, str]] = {
    "products": {"variants": "product_variants", "collections": "product_collections"},
    "orders": {"lineItems": "order_lines"},
    "checkouts": {"lineItems": "checkout_lines"},
}
_DATED: tuple[Kind, ...] = ("orders", "checkouts")


def read(api: Api, where: Where, *, after: int) -> Told:
    """Return the things behind the id ``after``, at most a page of them."""
    asked = " AND ".join([*conditions(where), *([f"id:>{after}"] if after else [])])
    listed = expect(api.ask(OPERATIONS[where.kind], query=asked), ROOTS[where.kind])
    rows = [completed(api, where.kind, node) for node in fields.rows(listed, "nodes")]
    return Told(tuple(item(row) for row in rows), last=not _goes_on(listed))


def conditions(where: Where) -> list[str]:
    """Return the filters of a reading, in Shopify's search syntax."""
    if where.mode == "since" and where.since is not None:
        return [f"updated_at:>='{_moment(where.since)}'"]
    if where.back_to is not None and where.kind in _DATED:
        return [f"created_at:>='{_moment(where.back_to)}'"]
    return []


def completed(api: Api, kind: Kind, node: JsonObject) -> JsonObject:
    """Return this thing with all its parts; those that did not fit are asked for."""
    for part, operation in _FURTHER.get(kind, {}).items():
        connection = expect(node, part)
        parts = fields.rows(connection, "nodes")
        while _goes_on(connection):
            cursor = fields.text(expect(connection, "pageInfo"), "endCursor")
            connection = _further(api, operation, node, part, cursor)
            parts += fields.rows(connection, "nodes")
        node[part] = {"nodes": [*parts]}
    return node


def item(node: JsonObject) -> Item:
    """Return a node as an item, by the number of its id."""
    return Item(node, fields.as_identifier(node.get("id")))


def expect(source: JsonObject, key: str) -> JsonObject:
    """Return the object under this key; StoreUnavailable when Shopify sent something else."""
    value = source.get(key)
    if not isinstance(value, dict):
        raise StoreUnavailable(f"Shopify's answer has no {key}.", temporary=True)
    return value


def _further(api: Api, operation: str, node: JsonObject, part: str, cursor: str) -> JsonObject:
    """Return the next part of a connection inside a thing; an empty one if it is gone by now."""
    if operation == "checkout_lines":
        asked = f"id:{fields.identifier(node, 'id')}"
        listed = expect(api.ask(operation, query=asked, after=cursor), ROOTS["checkouts"])
        found: Json = next(iter(fields.rows(listed, "nodes")), None)
    else:
        (found,) = api.ask(operation, id=fields.text(node, "id"), after=cursor).values()
    return expect(found, part) if isinstance(found, dict) else {"nodes": []}


def _goes_on(connection: JsonObject) -> bool:
    page = connection.get("pageInfo")
    return isinstance(page, dict) and page.get("hasNextPage") is True


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
