"""The cut of Shopify's schema that our operations use, and what an operation may cost at worst."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
)

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "shopify"
_MUTATION = 10


@cache
def admin_schema() -> GraphQLSchema:
    """Return the cut, built once per run."""
    text = (FIXTURES / "admin-2026-10.cut.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


@cache
def access() -> dict[str, Any]:
    """Return Shopify's words on who may ask for what (`scripts.cut_shopify_schema`)."""
    told: dict[str, Any] = json.loads(
        (FIXTURES / "admin-2026-10.access.json").read_text(encoding="utf-8")
    )
    return told


def worst_cost(text: str) -> int:
    """Return the most points that an operation can cost: an object 1, a connection as many of
    its nodes as it asks for, a mutation 10 more. Shopify's own count is never higher
    (https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits)."""
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    schema, writes = admin_schema(), operation.operation is OperationType.MUTATION
    root = schema.mutation_type if writes else schema.query_type
    assert root is not None
    return _inside(operation.selection_set, root) + (_MUTATION if writes else 0)


def _inside(selections: SelectionSetNode, parent: GraphQLNamedType) -> int:
    total = 0
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            kind = admin_schema().type_map[selection.type_condition.name.value]
            total += _inside(selection.selection_set, kind)
        elif isinstance(selection, FieldNode):
            total += _one(selection, parent.fields[selection.name.value])  # type: ignore[attr-defined]
    return total


def _one(node: FieldNode, field: GraphQLField) -> int:
    kind = get_named_type(field.type)
    if is_leaf_type(kind) or node.selection_set is None:
        return 0
    inside = _inside(node.selection_set, kind)
    if kind.name.endswith("Connection"):
        return inside * _asked_for(node)
    # An edge is no object of its own, and a page's own information comes for nothing.
    return inside if kind.name.endswith("Edge") or kind.name == "PageInfo" else 1 + inside


def _asked_for(node: FieldNode) -> int:
    (first,) = (one.value for one in node.arguments if one.name.value == "first")
    assert isinstance(first, IntValueNode)
    return int(first.value)
