"""Read a bulk query into shapes that thousands of things can be written with.

The rules: https://shopify.dev/docs/api/usage/bulk-operations/queries
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    parse,
    validate,
)
from graphql.execution.values import get_argument_values

from tests.doubles.shopify.admin.call import Call, Reader

MAX_CONNECTIONS = 5
MAX_DEPTH = 2
Write = Callable[[Any, Call], Any]
"""Takes a thing, returns the value that stands in its line."""


class Refused(Exception):
    """A query that no bulk operation takes; the text is what ``userErrors`` say."""


@dataclass(slots=True)
class Nodes:
    """A connection: how its page is read and what is written of each node."""

    read: Reader
    args: dict[str, Any]
    node: Shape


@dataclass(slots=True)
class Shape:
    """What is written of a thing: fields, and connections whose nodes get lines of their own."""

    fields: list[tuple[str, Write]] = field(default_factory=list)
    connections: list[Nodes] = field(default_factory=list)

    def line(self, thing: Any, call: Call) -> dict[str, Any]:
        """Return the thing's own line."""
        return {key: write(thing, call) for key, write in self.fields}


@dataclass(slots=True)
class _Reading:
    schema: GraphQLSchema
    connections: int = 0


def read_bulk_query(schema: GraphQLSchema, text: str) -> Nodes:
    """Return the root connection of a bulk query; raises Refused."""
    operation = _parsed(schema, text)
    if operation.operation is not OperationType.QUERY:
        raise Refused("Invalid bulk query: only queries are supported")
    if operation.variable_definitions:
        raise Refused("Invalid bulk query: variables are not supported")
    root = schema.query_type
    assert root is not None
    fields = [one for one in operation.selection_set.selections if isinstance(one, FieldNode)]
    if len(fields) != 1 or len(operation.selection_set.selections) != 1:
        raise Refused("Bulk queries cannot contain more than one top level field")
    reading = _Reading(schema)
    kind = get_named_type(root.fields[fields[0].name.value].type)
    if not kind.name.endswith("Connection"):
        raise Refused("Bulk queries must contain at least one connection")
    nodes = _nodes(reading, fields[0], root, depth=0)
    if reading.connections > MAX_CONNECTIONS:
        raise Refused(f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections")
    return nodes


def _parsed(schema: GraphQLSchema, text: str) -> OperationDefinitionNode:
    try:
        document = parse(text)
    except GraphQLError as error:
        raise Refused(f"Invalid bulk query: {error.message}") from error
    if errors := validate(schema, document):
        raise Refused(f"Invalid bulk query: {errors[0].message}")
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or len(document.definitions) != 1:
        raise Refused("Invalid bulk query: one operation without fragments is expected")
    return operations[0]


def _nodes(reading: _Reading, node: FieldNode, parent: GraphQLObjectType, *, depth: int) -> Nodes:
    if depth > MAX_DEPTH:
        raise Refused("Bulk queries cannot contain connections with a nesting depth greater than 2")
    reading.connections += 1
    definition = parent.fields[node.name.value]
    kind = get_named_type(definition.type)
    assert isinstance(kind, GraphQLObjectType)
    assert node.selection_set is not None
    edge = _child(node.selection_set, "edges")
    inner = edge and edge.selection_set and _child(edge.selection_set, "node")
    if not inner or not inner.selection_set:
        raise Refused("Bulk queries must select the edges and nodes of every connection")
    args = get_argument_values(definition, node, {})
    args = {key: value for key, value in args.items() if key not in ("first", "last", "after")}
    edge_kind = get_named_type(kind.fields["edges"].type)
    assert isinstance(edge_kind, GraphQLObjectType)
    node_kind = get_named_type(edge_kind.fields["node"].type)
    shape = _shape(reading, inner.selection_set, node_kind, depth=depth)
    if shape.connections and not any(key == "id" for key, _ in shape.fields):
        raise Refused("The parent field for a nested connection must select the 'id' field")
    return Nodes(_reader(definition), {**args, "everything": True}, shape)


def _child(selection: SelectionSetNode, name: str) -> FieldNode | None:
    fields = (one for one in selection.selections if isinstance(one, FieldNode))
    return next((one for one in fields if one.name.value == name), None)


def _shape(reading: _Reading, selection: SelectionSetNode, kind: Any, *, depth: int) -> Shape:
    if isinstance(kind, GraphQLInterfaceType):
        kind = _played(reading.schema, kind)
    shape = Shape()
    for node in _flat(selection):
        if node.name.value == "__typename":
            shape.fields.append((_key(node), _constant(kind.name)))
            continue
        definition = kind.fields[node.name.value]
        if get_named_type(definition.type).name.endswith("Connection"):
            shape.connections.append(_nodes(reading, node, kind, depth=depth + 1))
        else:
            shape.fields.append((_key(node), _writer(reading, node, kind, depth)))
    return shape


def _constant(text: str) -> Write:
    return lambda _thing, _call: text


def _writer(reading: _Reading, node: FieldNode, kind: GraphQLObjectType, depth: int) -> Write:
    definition = kind.fields[node.name.value]
    read, named = _reader(definition), get_named_type(definition.type)
    args = get_argument_values(definition, node, {})
    to_json: Callable[[Any], Any]
    if isinstance(named, GraphQLScalarType):
        to_json = named.serialize
    elif isinstance(named, GraphQLEnumType):
        to_json = str
    else:
        assert node.selection_set is not None
        inner = _shape(reading, node.selection_set, named, depth=depth)
        if inner.connections:
            raise Refused("Connections cannot be nested in objects that are no nodes")
        return _object_writer(read, args, inner)

    def write(thing: Any, call: Call) -> Any:
        value = read(thing, Call(call.shop, call.schema, args) if args else call)
        if isinstance(value, list):
            return [to_json(one) for one in value]
        return None if value is None else to_json(value)

    return write


def _object_writer(read: Reader, args: dict[str, Any], inner: Shape) -> Write:
    def write(thing: Any, call: Call) -> Any:
        value = read(thing, Call(call.shop, call.schema, args) if args else call)
        if isinstance(value, list):
            return [inner.line(one, call) for one in value]
        return None if value is None else inner.line(value, call)

    return write


def _reader(definition: Any) -> Reader:
    reader: Reader = definition.extensions["reader"]
    return reader


def _played(schema: GraphQLSchema, kind: GraphQLInterfaceType) -> GraphQLObjectType:
    """Return the one type that the double plays of an interface."""
    possible = schema.get_possible_types(kind)
    return next(one for one in possible if one.name == "MediaImage")


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _flat(selection: SelectionSetNode) -> Iterator[FieldNode]:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _flat(node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            raise Refused("Invalid bulk query: fragments are not supported")
