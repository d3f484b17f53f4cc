"""What an operation costs: https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits

Scalars cost nothing, an object 1, a mutation 10, an interface its dearest selection, a list that
is paged as many times its child as ``first`` or ``last`` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import get_argument_values

MAX_COST = 1000
_MUTATION = 10
_FREE = {"pageInfo", "edges"}
_STATIC = object()


@dataclass(frozen=True, slots=True)
class Costing:
    """What is needed to count: the schema, the fragments and the variables of one request."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def requested(self, operation: OperationDefinitionNode) -> int:
        """Return what the operation costs at worst."""
        return self._operation(operation, _STATIC)

    def actual(self, operation: OperationDefinitionNode, data: object) -> int:
        """Return what it cost, by what it answered."""
        return self._operation(operation, data) if data is not None else 0

    def _operation(self, operation: OperationDefinitionNode, data: object) -> int:
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        total = 0
        for node in self._fields(operation.selection_set, root):
            value = _value(data, node)
            cost = self._field(node, root, value)
            if operation.operation is OperationType.MUTATION:
                cost += _MUTATION - 1
            total += cost
        return total

    def _field(self, node: FieldNode, parent: GraphQLObjectType, value: object) -> int:
        definition = parent.fields.get(node.name.value)
        if definition is None or node.selection_set is None or value is None:
            return 0
        kind = get_named_type(definition.type)
        if isinstance(kind, GraphQLInterfaceType):
            return self._interface(node.selection_set, kind, value)
        assert isinstance(kind, GraphQLObjectType)
        if kind.name.endswith("Connection"):
            return self._connection(node, parent, kind, value)
        own = 0 if node.name.value in _FREE else 1
        if isinstance(value, list):
            each = [self._selection(node.selection_set, kind, one) for one in value]
            return own + max(each, default=0) if own else sum(each)
        return own + self._selection(node.selection_set, kind, value)

    def _connection(
        self, node: FieldNode, parent: GraphQLObjectType, kind: GraphQLObjectType, value: object
    ) -> int:
        assert node.selection_set is not None
        args = get_argument_values(parent.fields[node.name.value], node, dict(self.variables))
        if value is _STATIC:
            size = args.get("first") or args.get("last") or 0
            return int(size) * self._selection(node.selection_set, kind, _STATIC)
        total = 0
        for child in self._fields(node.selection_set, kind):
            part = _value(value, child)
            if child.name.value in ("nodes", "edges") and isinstance(part, list):
                total += sum(self._field(child, kind, one) for one in part)
        return total

    def _interface(
        self, selection: SelectionSetNode, kind: GraphQLInterfaceType, value: object
    ) -> int:
        possible = self.schema.get_possible_types(kind)
        return 1 + max(self._selection(selection, one, value) for one in possible)

    def _selection(self, selection: SelectionSetNode, kind: Any, value: object) -> int:
        return sum(
            self._field(node, kind, _value(value, node)) for node in self._fields(selection, kind)
        )

    def _fields(self, selection: SelectionSetNode, kind: GraphQLObjectType) -> Iterator[FieldNode]:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                yield from self._fields(fragment.selection_set, kind)
            elif isinstance(node, InlineFragmentNode):
                condition: NamedTypeNode | None = node.type_condition
                on = kind.name if condition is None else condition.name.value
                if on == kind.name or on in {one.name for one in kind.interfaces}:
                    yield from self._fields(node.selection_set, kind)


def _value(data: object, node: FieldNode) -> object:
    if data is _STATIC:
        return _STATIC
    key = node.alias.value if node.alias else node.name.value
    return data.get(key) if isinstance(data, dict) else None
