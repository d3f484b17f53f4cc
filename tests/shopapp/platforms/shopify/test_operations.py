"""Every operation is one that Shopify 2026-10 knows, cheap enough, and asked by somebody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
    validate,
    value_from_ast_untyped,
)
from graphql.validation import NoDeprecatedCustomRule

from shopapp.platforms.shopify import graph, identity
from tests.shopapp.platforms.shopify.schema import admin_schema, worst_cost

SOURCES = Path(graph.__file__).parent
QUERIES = SOURCES / "queries"
IN_BULK = [name for name in graph.names() if name.endswith("_in_bulk")]
BY_PAGE = [name for name in graph.names() if name not in IN_BULK]
MOST_POINTS = 1000


def _problems(document: DocumentNode) -> list[GraphQLError]:
    schema = admin_schema()
    return validate(schema, document) + validate(schema, document, [NoDeprecatedCustomRule])


@pytest.mark.parametrize("name", graph.names())
def test_shopify_knows_everything_that_is_asked_and_nothing_of_it_is_deprecated(name: str) -> None:
    assert _problems(parse(graph.operation(name).text)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("query { shop { nonsense } }", "nonsense"),
        ("query { orders(first: 1) { nodes { id nonsense } } }", "nonsense"),
        ('query { order(id: "gid://shopify/Order/1") { id { a } } }', "must not have a selection"),
        ("query($at: DateTime!) { order(id: $at) { id } }", "DateTime"),
        (
            "mutation($input: DiscountCodeBasicInput!) { discountCodeBasicCreate("
            'basicCodeDiscount: {customerSelection: {all: true}, title: "a"}) '
            "{ userErrors { message } } }",
            "deprecated",
        ),
    ],
)
def test_the_gate_would_refuse_what_is_wrong(text: str, reason: str) -> None:
    assert any(reason in problem.message for problem in _problems(parse(text)))


@pytest.mark.parametrize("name", BY_PAGE)
def test_an_operation_says_what_it_may_cost_and_never_costs_too_much(name: str) -> None:
    operation = graph.operation(name)
    assert operation.cost == worst_cost(operation.text) <= MOST_POINTS


def test_a_file_holds_one_operation_of_its_own_name() -> None:
    for name in graph.names():
        (operation,) = parse(graph.operation(name).text).definitions
        assert isinstance(operation, OperationDefinitionNode)
        assert operation.name is not None
        assert _snake(operation.name.value) == name
        first = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8").splitlines()[0]
        assert re.fullmatch(r"# .*\.", first), f"{name} does not say what it is for"


def test_nothing_is_in_the_folder_that_nobody_asks() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    for name in BY_PAGE:
        assert f'"{name}"' in sources, f"nobody asks {name}"
    assert sorted(name.removesuffix("_in_bulk") for name in IN_BULK) == [
        "checkouts",
        "customers",
        "orders",
        "products",
    ]
    operations = "".join(path.read_text(encoding="utf-8") for path in QUERIES.glob("*.graphql"))
    for path in (QUERIES / "fragments").glob("*.graphql"):
        (fragment,) = re.findall(r"fragment (\w+) on", path.read_text(encoding="utf-8"))
        assert f"...{fragment}\n" in operations


def test_only_what_must_not_happen_twice_is_not_repeated() -> None:
    once = {name for name in graph.names() if not graph.operation(name).repeatable}
    assert once == {"bulk_run", "discount_create", "discount_codes_add"}
    assert all(graph.operation(name).writes for name in once)


@pytest.mark.parametrize("name", IN_BULK)
def test_a_bulk_query_is_within_the_limits_of_bulk_queries(name: str) -> None:
    """https://shopify.dev/docs/api/usage/bulk-operations/queries#operation-restrictions"""
    text = graph.bulk_text(name, "created_at:>='2026-08-25T00:00:00Z'")
    document = parse(text)
    assert _problems(document) == []
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.variable_definitions == ()
    depths = _connections(operation.selection_set, 0)
    assert 1 <= len(depths) <= 5
    assert max(depths) <= 2, "connections may be nested two levels deep"
    (root,) = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    (argument,) = root.arguments
    asked = value_from_ast_untyped(argument.value)
    assert (argument.name.value, asked) == ("query", "created_at:>='2026-08-25T00:00:00Z'")


@pytest.mark.parametrize("name", IN_BULK)
def test_in_bulk_the_same_is_asked_as_by_page(name: str) -> None:
    in_bulk = graph.operation(name).text
    by_page = graph.operation(name.removesuffix("_in_bulk")).text
    assert _things(in_bulk) == _things(by_page)


def test_one_thing_by_its_id_is_asked_like_a_page_of_them() -> None:
    assert _things(graph.operation("order").text) == _things(graph.operation("orders").text)
    assert _things(graph.operation("product").text) == _things(graph.operation("products").text)
    customers = _things(graph.operation("customers").text)
    assert _things(graph.operation("customer").text) == customers


def test_operations_are_asked_in_the_version_that_they_are_written_for() -> None:
    assert identity.graphql_path() == "/admin/api/2026-10/graphql.json"


def _connections(selections: SelectionSetNode, depth: int) -> list[int]:
    """Return how deep each connection lies (in a bulk query each has edges)."""
    found = []
    for node in selections.selections:
        if not isinstance(node, FieldNode) or node.selection_set is None:
            continue
        inside = [one for one in node.selection_set.selections if isinstance(one, FieldNode)]
        is_connection = any(one.name.value == "edges" for one in inside)
        found += [depth] if is_connection else []
        found += _connections(node.selection_set, depth + is_connection)
    return found


def _things(text: str) -> str:
    """Return what is asked of a thing, without the ways in which lists are told."""
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (root,) = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    assert root.selection_set is not None
    plain = print_ast(root.selection_set)
    plain = re.sub(r"pageInfo \{[^}]*\}", "", plain)
    plain = re.sub(r"\(first: \d+\)", "", plain)
    words = re.sub(r"edges \{\s*node \{(.*?)\}\s*\}", r"nodes {\1}", plain, flags=re.DOTALL).split()
    return " ".join(word for word in words if word not in {"{", "}", "nodes", "edges", "node"})


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
