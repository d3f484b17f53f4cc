"""The official schema's cut with a resolver on every field.

A field that the double does not play is an error that names it, never a silent null.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from tests.doubles.shopify.admin import access
from tests.doubles.shopify.admin.bulk_changes import BULK
from tests.doubles.shopify.admin.call import Call, Page, Reader
from tests.doubles.shopify.admin.context import Context
from tests.doubles.shopify.admin.customer_changes import CUSTOMER_CHANGES
from tests.doubles.shopify.admin.discount_changes import DISCOUNTS
from tests.doubles.shopify.admin.marketing_changes import MARKETING
from tests.doubles.shopify.admin.people_readers import PEOPLE
from tests.doubles.shopify.admin.plain_readers import PLAIN
from tests.doubles.shopify.admin.roots import ROOTS
from tests.doubles.shopify.admin.shelf_readers import SHELVES
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.settings import utc

SDL = Path(__file__).resolve().parents[3] / "fixtures" / "shopify" / "admin-2026-10.cut.graphql"
READERS: dict[tuple[str, str], Reader] = {
    **PLAIN, **SHELVES, **PEOPLE, **ROOTS, **CUSTOMER_CHANGES, **DISCOUNTS, **MARKETING, **BULK,
}  # fmt: skip
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


@cache
def admin_schema() -> GraphQLSchema:
    """Return the schema, ready to execute."""
    schema = build_schema(SDL.read_text(encoding="utf-8"), assume_valid=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLScalarType) and kind.name in LEAVES:
            kind.serialize = LEAVES[kind.name]  # type: ignore[method-assign]
        elif isinstance(kind, GraphQLInterfaceType):
            kind.resolve_type = _named
        elif isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, definition in kind.fields.items():
                returned = get_named_type(definition.type).name
                needed = access.required(kind.name, name, returned)
                read = _guarded(reader_of(kind.name, name), name, needed)
                definition.extensions = {"reader": read}
                definition.resolve = _resolver(f"{kind.name}.{name}", read)
    return schema


def reader_of(type_name: str, field_name: str) -> Reader:
    """Return how a field is read: its own way, or by its name."""
    own = READERS.get((type_name, field_name))
    if own:
        return own
    if type_name.endswith("Connection"):
        return _CONNECTION[field_name]
    attribute = _HUMP.sub("_", field_name).lower()

    def read(thing: Any, _: Call) -> Any:
        if isinstance(thing, dict):
            return thing[field_name]
        if field_name == "id":
            return gid(type_name, thing.id)
        try:
            return getattr(thing, attribute)
        except AttributeError:
            message = f"the double does not play {type_name}.{field_name}"
            raise GraphQLError(message) from None

    return read


def _decimal(value: object) -> str:
    """Return an amount as the Decimal scalar is written: without needless noughts, one at least."""
    text = f"{Decimal(str(value)):f}"
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents.rstrip('0') or '0'}"


def _moment(value: object) -> str | None:
    return utc(value) if isinstance(value, datetime) else str(value)


LEAVES: dict[str, Any] = {
    "DateTime": _moment,
    "Decimal": _decimal,
    "Money": str,
    "UnsignedInt64": str,
}
"""How a scalar is written: by its type's name."""

_CONNECTION: dict[str, Reader] = {
    "nodes": lambda page, _: page.nodes,
    "edges": lambda page, _: [
        {"node": node, "cursor": cursor}
        for node, cursor in zip(page.nodes, page.cursors, strict=True)
    ],
    "pageInfo": lambda page, _: _page_info(page),
}


def _page_info(page: Page) -> dict[str, Any]:
    return {
        "hasNextPage": page.has_next,
        "hasPreviousPage": page.has_previous,
        "startCursor": page.cursors[0] if page.cursors else None,
        "endCursor": page.cursors[-1] if page.cursors else None,
    }


def _named(value: Any, *_: object) -> str:
    return str(value["__typename"])


def _guarded(read: Reader, field_name: str, needed: str) -> Reader:
    """Return a reader that looks at the app's scopes first."""
    if not needed:
        return read

    def guarded(thing: Any, call: Call) -> Any:
        if not access.granted(needed, call.shop.scopes):
            raise access.denied(field_name, needed)
        return read(thing, call)

    return guarded


def _resolver(key: str, read: Reader) -> Any:
    def resolve(thing: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
        context: Context = info.context
        if key in context.redacted:
            raise context.not_approved(key.split(".", maxsplit=1)[0])
        return read(thing, Call(context.shop, info.schema, args))

    return resolve
