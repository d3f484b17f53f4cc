"""The part of a GraphQL schema that some operations use, as a schema of its own."""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    print_type,
    specified_scalar_types,
    type_from_ast,
    visit,
)

_Composite = GraphQLObjectType | GraphQLInterfaceType


def cut(schema: GraphQLSchema, document: DocumentNode, *, keep: tuple[str, ...] = ()) -> str:
    """Return the schema's text with the fields that the document asks for, whole input types and
    enumerations, and the types named in ``keep``. Deprecations stay, descriptions go."""
    used = _Used(schema, document)
    for name in keep:
        used.add(schema.type_map[name])
    return (
        "\n\n".join(
            ["schema {\n  query: QueryRoot\n  mutation: Mutation\n}"]
            + [
                print_type(_reduced(used.types[name], used))
                for name in sorted(used.types)
                if name not in specified_scalar_types
            ]
            + [""]
        ).rstrip()
        + "\n"
    )


def field_coordinates(schema: GraphQLSchema, document: DocumentNode) -> set[str]:
    """Return ``Type.field`` of every field that the document asks for."""
    used = _Used(schema, document)
    return {f"{name}.{field}" for name, fields in used.fields.items() for field in fields}


class _Used(Visitor):
    """The types and fields that a document touches."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        super().__init__()
        self._schema = schema
        self._info = TypeInfo(schema)
        self.types: dict[str, GraphQLNamedType] = {}
        self.fields: dict[str, set[str]] = {}
        visit(document, TypeInfoVisitor(self._info, self))
        self._give_to_members()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Note the field, and all types that it and its arguments name."""
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is None or field is None:
            raise ValueError(f"no such field: {node.name.value}")
        self.add(parent)
        self.fields.setdefault(parent.name, set()).add(node.name.value)
        self._add_all(field)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        """Note a variable's type."""
        named = type_from_ast(self._schema, node.type)
        if named is None:
            raise ValueError("a variable of no known type")
        self.add(get_named_type(named))

    def add(self, kind: GraphQLNamedType) -> None:
        """Note a type; an input type with everything in it, an abstract one with its members."""
        if kind.name in self.types:
            return
        self.types[kind.name] = kind
        if isinstance(kind, GraphQLInputObjectType):
            for field in kind.fields.values():
                self.add(get_named_type(field.type))
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            for member in self._schema.get_possible_types(kind):
                self.add(member)

    def _add_all(self, field: GraphQLField) -> None:
        self.add(get_named_type(field.type))
        for argument in field.args.values():
            self.add(get_named_type(argument.type))

    def _give_to_members(self) -> None:
        """What is asked of an interface, its members have to have."""
        for kind in list(self.types.values()):
            if isinstance(kind, GraphQLInterfaceType):
                for member in self._schema.get_possible_types(kind):
                    self.fields.setdefault(member.name, set()).update(self.fields[kind.name])


def _reduced(kind: GraphQLNamedType, used: _Used) -> GraphQLNamedType:
    if isinstance(kind, GraphQLObjectType):
        interfaces = [one for one in kind.interfaces if one.name in used.types]
        return GraphQLObjectType(kind.name, _fields(kind, used), interfaces=interfaces)
    if isinstance(kind, GraphQLInterfaceType):
        interfaces = [one for one in kind.interfaces if one.name in used.types]
        return GraphQLInterfaceType(kind.name, _fields(kind, used), interfaces=interfaces)
    if isinstance(kind, GraphQLInputObjectType):
        return GraphQLInputObjectType(kind.name, {n: _input(f) for n, f in kind.fields.items()})
    _bare(kind)
    if isinstance(kind, GraphQLEnumType):
        for value in kind.values.values():
            value.description = None
    return kind


def _fields(kind: _Composite, used: _Used) -> dict[str, GraphQLField]:
    asked = used.fields.get(kind.name, set())
    return {
        name: GraphQLField(
            field.type,
            {argument: _argument(told) for argument, told in field.args.items()},
            deprecation_reason=field.deprecation_reason,
        )
        for name, field in kind.fields.items()
        if name in asked
    }


def _argument(told: GraphQLArgument) -> GraphQLArgument:
    return GraphQLArgument(
        told.type, told.default_value, deprecation_reason=told.deprecation_reason
    )


def _input(told: GraphQLInputField) -> GraphQLInputField:
    return GraphQLInputField(
        told.type, told.default_value, deprecation_reason=told.deprecation_reason
    )


def _bare(kind: GraphQLNamedType) -> None:
    kind.description = None
