"""What a field's reader is told, and how it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from tests.doubles.shopify.shop import Shop


@dataclass(slots=True)
class Call:
    """One reading of a field: the shop it is about and the field's arguments."""

    shop: Shop
    schema: GraphQLSchema | None = None
    args: dict[str, Any] = field(default_factory=dict)


Reader = Callable[[Any, Call], Any]
"""Takes the thing that a field belongs to, returns the field's value."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. ``cursors`` go with ``nodes``."""

    nodes: Sequence[Any]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


def refuse(message: str, code: str, **more: object) -> GraphQLError:
    """Return an error with a code, as Shopify writes them."""
    return GraphQLError(message, extensions={"code": code, **more})


def not_found(kind: str, gid: object) -> GraphQLError:
    """Return the error of an id that cannot be read as one of this kind."""
    return refuse(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible", typeName=kind)


def number_in(gid: str, *kinds: str) -> int:
    """Return the number in a global id of one of these kinds; raises GraphQLError for another."""
    for kind in kinds:
        head = f"gid://shopify/{kind}/"
        if gid.startswith(head) and gid[len(head) :].split("?", maxsplit=1)[0].isdigit():
            return int(gid[len(head) :].split("?", maxsplit=1)[0])
    raise not_found(kinds[0], gid)


def user_error(message: str, field_path: Sequence[str] | None, code: str | None) -> dict[str, Any]:
    """Return one of a payload's ``userErrors``."""
    return {"message": message, "field": field_path, "code": code}
