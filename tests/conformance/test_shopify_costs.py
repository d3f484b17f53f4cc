"""Points: what an operation costs, and what happens when there are too few."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from tests.conformance.shopify_bench import Bench
from tests.doubles.shopify.admin.cost import Costing
from tests.doubles.shopify.admin.schema import admin_schema

TABLE: list[tuple[str, int]] = [
    ("{ shop { name email } }", 1),
    ("{ shop { name shopAddress { countryCodeV2 } } }", 2),
    ("{ collections(first: 10) { nodes { id } } }", 10),
    ("{ collections(first: 10) { pageInfo { hasNextPage } nodes { id } } }", 10),
    ("{ collections(first: 10) { edges { node { id } } } }", 10),
    ("{ collections(last: 3) { nodes { id } } }", 3),
    ("{ orders(first: 4) { nodes { id totalPriceSet { shopMoney { amount } } } } }", 12),
    ("{ orders(first: 4) { nodes { lineItems(first: 5) { nodes { id } } } } }", 24),
    ("{ product(id: 1) { featuredMedia { id preview { image { url } } } } }", 4),
    ('mutation { discountCodeDeactivate(id: "1") { userErrors { message } } }', 11),
]


@pytest.mark.parametrize(("text", "cost"), TABLE)
def test_a_cost_follows_the_documented_table(text: str, cost: int) -> None:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert Costing(admin_schema(), {}, {}).requested(operation) == cost


def _spent(bench: Bench, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = bench.post(text).json()
    return answer


def test_what_was_not_used_is_given_back(bench: Bench) -> None:
    bench.shop.bucket.resize(1000, 50)
    cost = _spent(bench, "{ collections(first: 100) { nodes { id } } }")["extensions"]["cost"]
    collections = len(bench.shop.state.collections)
    assert cost["requestedQueryCost"] == 100
    assert cost["actualQueryCost"] == collections
    assert cost["throttleStatus"]["currentlyAvailable"] == 1000 - collections


def test_a_good_answer_has_the_recorded_shape(bench: Bench) -> None:
    recorded = {
        "requestedQueryCost": 101,
        "actualQueryCost": 46,
        "throttleStatus": {
            "maximumAvailable": 1000,
            "currentlyAvailable": 954,
            "restoreRate": 50,
        },
    }
    cost = _spent(bench, "{ shop { name } }")["extensions"]["cost"]
    assert list(cost) == list(recorded)
    assert list(cost["throttleStatus"]) == list(recorded["throttleStatus"])  # type: ignore[call-overload]


def test_too_few_points_are_answered_as_recorded_and_change_nothing(bench: Bench) -> None:
    bench.shop.bucket.resize(20, 1)
    answer = bench.post("{ collections(first: 30) { nodes { id } } }")
    assert answer.status_code == 200
    told = answer.json()
    assert "data" not in told
    assert told["errors"] == [
        {
            "message": "Throttled",
            "extensions": {
                "code": "THROTTLED",
                "documentation": "https://shopify.dev/api/usage/rate-limits",
            },
        }
    ]
    cost = told["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (30, None)
    assert cost["throttleStatus"]["currentlyAvailable"] == 20
    assert bench.shop.bucket.throttled == 1
    assert bench.other.bucket.throttled == 0


def test_the_bucket_fills_again_with_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at)
    bench.shop.bucket.resize(100, 10)
    assert bench.shop.bucket.take("all", 100)
    assert not bench.shop.bucket.take("more", 1)
    monkeypatch.setattr(time, "monotonic", lambda: at + 4)
    assert bench.shop.bucket.cost_json(0, 0)["throttleStatus"]["currentlyAvailable"] == 40
    monkeypatch.setattr(time, "monotonic", lambda: at + 400)
    assert bench.shop.bucket.cost_json(0, 0)["throttleStatus"]["currentlyAvailable"] == 100


def test_a_query_above_a_thousand_points_is_refused_without_being_charged(bench: Bench) -> None:
    text = "{ orders(first: 250) { nodes { lineItems(first: 10) { nodes { id } } } } }"
    (error,) = bench.post(text).json()["errors"]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["message"].startswith("Query cost is 2750, which exceeds the single query max")
    assert bench.shop.bucket.cost_json(0, 0)["throttleStatus"]["currentlyAvailable"] == 2000


def test_one_shop_spends_nothing_of_anothers(bench: Bench) -> None:
    _spent(bench, "{ collections(first: 100) { nodes { id } } }")
    assert bench.other.bucket.cost_json(0, 0)["throttleStatus"]["currentlyAvailable"] == 2000
    assert [one.name for one in bench.other.bucket.ledger] == []


def test_answers_are_json_that_any_reader_takes(bench: Bench) -> None:
    answer = bench.post("{ shop { name } }")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-shopify-api-version"] == "2026-10"
    assert json.loads(answer.content)["data"] == {"shop": {"name": bench.shop.settings.name}}
