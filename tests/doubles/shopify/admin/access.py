"""Which scopes a field needs: what the official schema says of it, in its own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache

from graphql import GraphQLError

from tests.doubles.shopify.app_setup import ACCESS_FILE, allows

_SCOPE = re.compile(r"`([a-z_]+)` access scope")


@cache
def _told() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(ACCESS_FILE.read_text(encoding="utf-8"))
    return found


def required(type_name: str, field_name: str, returned: str) -> str:
    """Return what the schema says is required to read this field, '' for nothing. ``returned``: the
    type that it leads to; a list's is that of its nodes."""
    told = _told()
    node = returned.removesuffix("Connection")
    return told["fields"].get(f"{type_name}.{field_name}") or told["types"].get(node, "")


def granted(words: str, scopes: Iterable[str]) -> bool:
    """Say whether these scopes satisfy the schema's words; words that name no scope ask for
    something that the double takes as given."""
    named = _SCOPE.findall(words)
    have = tuple(scopes)
    return not named or any(allows(have, one) for one in named)


def denied(field_name: str, words: str) -> GraphQLError:
    """Return the error of a field that the app may not read."""
    return GraphQLError(
        f"Access denied for {field_name} field. Required access: {words}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": words,
        },
    )
