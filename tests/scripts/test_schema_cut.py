"""The cut of a schema holds what some operations ask, whole where it has to be, and no more."""

from __future__ import annotations

from graphql import build_schema, parse, validate

from scripts.schema_cut import cut, field_coordinates

SCHEMA = build_schema(
    """
    schema { query: QueryRoot mutation: Mutation }
    "Everything."
    type QueryRoot { shop: Shop! items(first: Int = 5, sort: Sort = NAME): [Item!]! other: Other }
    type Mutation { rename(input: NameInput!): Shop }
    type Shop implements Node & Named { id: ID! name: String! old: Int @deprecated(reason: "No") }
    type Other { id: ID! }
    interface Node { id: ID! }
    interface Named { name: String! }
    type Item implements Node { id: ID! picture: Picture }
    interface Picture { url: String! size: Int }
    type Photo implements Picture { url: String! size: Int }
    type Film implements Picture { url: String! size: Int length: Int }
    enum Sort { "By name." NAME SIZE }
    enum Topic { "Requires a scope." A B }
    input NameInput { name: String! style: StyleInput }
    input StyleInput { bold: Boolean = false large: Boolean @deprecated(reason: "Use bold.") }
    """,
    assume_valid=True,
)
ASKED = parse(
    "query A { shop { name } items { id picture { url } } }"
    " mutation B($input: NameInput!) { rename(input: $input) { id } }"
)


def test_what_is_asked_is_in_the_cut_and_nothing_else() -> None:
    text = cut(SCHEMA, ASKED, keep=("Topic",))
    small = build_schema(text, assume_valid=True)
    assert validate(small, ASKED) == []
    kinds = {name for name in small.type_map if not name.startswith("__")}
    assert kinds >= {"QueryRoot", "Mutation", "Shop", "Item", "Photo", "Film", "NameInput"}
    assert not kinds & {"Other", "Node", "Named"}
    assert "large: Boolean @deprecated" in text
    assert "sort: Sort = NAME" in text
    assert "size" not in text.replace("SIZE", "")
    assert "By name." not in text
    assert "enum Topic {\n  A\n  B\n}" in text


def test_coordinates_name_every_field_that_is_asked() -> None:
    assert field_coordinates(SCHEMA, ASKED) == {
        "QueryRoot.shop",
        "QueryRoot.items",
        "Mutation.rename",
        "Shop.id",
        "Shop.name",
        "Item.id",
        "Item.picture",
        "Picture.url",
        "Photo.url",
        "Film.url",
    }
