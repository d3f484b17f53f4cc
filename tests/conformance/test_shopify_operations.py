"""Every operation of ours executes on the double and finds something in every field it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from shopapp.platforms.shopify import graph
from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import one_day
from tests.conformance.shopify_variables import EVERYTHING, new_activity, variables_of
from tests.doubles.shopify.admin.cost import MAX_COST
from tests.doubles.shopify.admin.schema import READERS
from tests.doubles.shopify.payloads.customer_json import gid

BULK = tuple(name for name in graph.names() if name.endswith("_in_bulk"))
NEED_MORE = {"abandonment_sent", "bulk_status"}
"""Operations about things that another operation makes first: they have tests of their own."""


def test_every_operation_is_tried(bench: Bench) -> None:
    tried = set(variables_of(bench, one_day(bench.shop))) | NEED_MORE | set(BULK)
    assert tried == set(graph.names())


@pytest.mark.parametrize("name", sorted(set(graph.names()) - set(BULK) - NEED_MORE))
def test_it_executes_without_errors(bench: Bench, name: str) -> None:
    story = one_day(bench.shop)
    operation = graph.operation(name)
    answer = bench.post(operation.text, variables_of(bench, story)[name]).json()
    assert "errors" not in answer
    for value in answer["data"].values():
        assert value is not None or name in {"activity", "bulk_recent"}
        assert not (isinstance(value, dict) and value.get("userErrors"))
    cost = answer["extensions"]["cost"]
    assert cost["actualQueryCost"] <= cost["requestedQueryCost"] <= operation.cost <= MAX_COST


@pytest.mark.parametrize("name", ["checkouts", "collections", "customers", "orders", "products"])
def test_every_field_of_a_list_says_something_somewhere(bench: Bench, name: str) -> None:
    one_day(bench.shop)
    assert _silent(list(_pages(bench, name))) == set()


@pytest.mark.parametrize("name", ["order", "customer"])
def test_a_thing_asked_for_alone_has_every_field(bench: Bench, name: str) -> None:
    story = one_day(bench.shop)
    data = bench.ask(graph.operation(name).text, **variables_of(bench, story)[name])
    assert _silent([data]) == set()


def test_a_sent_mail_is_reported_and_kept(bench: Bench) -> None:
    story = one_day(bench.shop)
    abandonment = bench.ask(
        graph.operation("abandonment").text, checkout=gid("AbandonedCheckout", story.checkout.id)
    )["abandonmentByAbandonedCheckoutId"]["id"]
    made = bench.ask(graph.operation("activity_set").text, input=new_activity("step"))
    activity = made["marketingActivityUpsertExternal"]["marketingActivity"]["id"]
    again = bench.ask(graph.operation("activity_set").text, input=new_activity("step"))
    assert again == made
    told = bench.ask(
        graph.operation("abandonment_sent").text,
        abandonment=abandonment,
        activity=activity,
        at="2026-03-01T10:00:00Z",
    )
    assert told == {"abandonmentUpdateActivitiesDeliveryStatuses": {"userErrors": []}}
    assert story.checkout.reported == {activity: "SENT"}


def test_what_cannot_be_reported_is_told_by_its_code(bench: Bench) -> None:
    one_day(bench.shop)
    told = bench.ask(
        graph.operation("abandonment_sent").text,
        abandonment=gid("Abandonment", 1),
        activity=gid("MarketingActivity", 1),
        at="2026-03-01T10:00:00Z",
    )
    errors = told["abandonmentUpdateActivitiesDeliveryStatuses"]["userErrors"]
    assert [one["code"] for one in errors] == ["ABANDONMENT_NOT_FOUND"]


def test_the_double_answers_exactly_the_root_fields_that_we_ask_for() -> None:
    asked = {root for name in graph.names() for root in _roots(graph.operation(name).text)}
    answered = {pair for pair in READERS if pair[0] in ("QueryRoot", "Mutation")}
    assert answered == asked


def test_the_other_shop_never_answers(bench: Bench) -> None:
    ours = one_day(bench.shop)
    theirs = one_day(bench.other)
    data = bench.ask(graph.operation("orders").text, query=EVERYTHING)
    assert str(theirs.order.id) not in json.dumps(data)
    alone = bench.ask(graph.operation("order").text, id=gid("Order", theirs.order.id))
    assert alone == {"order": None}
    assert ours.order.id != theirs.order.id


def _roots(text: str) -> Iterator[tuple[str, str]]:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    kind = "Mutation" if operation.operation.value == "mutation" else "QueryRoot"
    for node in operation.selection_set.selections:
        assert isinstance(node, FieldNode)
        yield kind, node.name.value


def _pages(bench: Bench, name: str) -> Iterator[dict[str, Any]]:
    """Read a list to its end, as our client does: by the greatest id read."""
    last, more = "1", True
    while more:
        data = bench.ask(graph.operation(name).text, query=f"id:>{last}")
        yield data
        (listed,) = data.values()
        last = listed["nodes"][-1]["id"].rsplit("/", 1)[1] if listed["nodes"] else last
        more = listed["pageInfo"]["hasNextPage"]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def _silent(answers: list[dict[str, Any]]) -> set[str]:
    """Return the fields that say nothing in any of these answers."""
    pairs = [pair for data in answers for pair in _leaves(data, "")]
    full = {path for path, value in pairs if value not in (None, [])}
    empty = {path for path, value in pairs if value in (None, [])}
    return {path for path in empty - full if not any(one.startswith(f"{path}.") for one in full)}
