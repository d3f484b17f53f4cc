"""Bulk operations: what is taken, how far they are, the file and its address."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from shopapp.platforms.shopify import graph
from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import one_day
from tests.conformance.shopify_variables import EVERYTHING
from tests.doubles.shopify import installing

RUN = """mutation ($q: String!, $group: Boolean! = false) {
  bulkOperationRunQuery(query: $q, groupObjects: $group) {
    bulkOperation { id status objectCount } userErrors { code message }
  }
}"""
PRODUCTS = "{ products { edges { node { id variants { edges { node { id } } } } } } }"
COLLECTIONS = "{ collections { edges { node { id } } } }"


def _run(bench: Bench, text: str, *, group: bool = False) -> str:
    told = bench.ask(RUN, q=text, group=group)["bulkOperationRunQuery"]
    assert told["userErrors"] == []
    assert told["bulkOperation"]["status"] == "CREATED"
    number: str = told["bulkOperation"]["id"]
    return number


def _status(bench: Bench, number: str) -> dict[str, Any]:
    told = bench.ask(graph.operation("bulk_status").text, id=number)["bulkOperation"]
    assert isinstance(told, dict)
    return told


def _ended(bench: Bench, number: str) -> dict[str, Any]:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        told = _status(bench, number)
        if told["status"] in ("COMPLETED", "FAILED"):
            return told
        time.sleep(0.01)
    raise AssertionError("the operation does not end")


def _lines(bench: Bench, url: str) -> list[dict[str, Any]]:
    answer = bench.browser.get(url)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("name", [one for one in graph.names() if one.endswith("_in_bulk")])
def test_our_own_queries_run_and_say_what_pages_say(bench: Bench, name: str) -> None:
    one_day(bench.shop)
    number = _run(bench, graph.bulk_text(name, EVERYTHING), group=True)
    told = _ended(bench, number)
    assert told["status"] == "COMPLETED"
    lines = _lines(bench, told["url"])
    assert told["objectCount"] == str(len(lines))
    roots = [line for line in lines if "__parentId" not in line]
    assert told["rootObjectCount"] == str(len(roots))
    paged = name.removesuffix("_in_bulk")
    data = bench.ask(graph.operation(paged).text, query=EVERYTHING)
    (page,) = data.values()
    for node in page["nodes"]:
        (line,) = [one for one in roots if one["id"] == node["id"]]
        assert {key: value for key, value in node.items() if not _connection(value)} == line


def _connection(value: Any) -> bool:
    return isinstance(value, dict) and "nodes" in value


def test_children_stand_behind_their_parents_or_anywhere_later(bench: Bench) -> None:
    grouped = _lines(bench, _ended(bench, _run(bench, PRODUCTS, group=True))["url"])
    loose = _lines(bench, _ended(bench, _run(bench, PRODUCTS))["url"])
    parent = ""
    for line in grouped:
        parent = line["id"] if "__parentId" not in line else parent
        assert line.get("__parentId", parent) == parent
    assert loose != grouped
    assert sorted(loose, key=str) == sorted(grouped, key=str)


def test_the_count_grows_while_it_runs(bench: Bench) -> None:
    bench.shop.bulk.lines_per_second = 400
    number = _run(bench, PRODUCTS)
    seen = set()
    while (told := _status(bench, number))["status"] in ("CREATED", "RUNNING"):
        assert told["url"] is None
        seen.add((told["status"], told["objectCount"]))
        time.sleep(0.005)
    assert {status for status, _ in seen} >= {"CREATED"}
    assert told["objectCount"] == "84"


def test_its_end_is_told(bench: Bench) -> None:
    number = _run(bench, COLLECTIONS)
    _ended(bench, number)
    (finish,) = [
        one for one in bench.news() if one.headers["X-Shopify-Topic"] == "bulk_operations/finish"
    ]
    told = json.loads(finish.content)
    assert (told["admin_graphql_api_id"], told["status"]) == (number, "completed")
    assert told["error_code"] is None


def test_a_failure_names_its_code(bench: Bench) -> None:
    bench.shop.bulk.fail = 1
    told = _ended(bench, _run(bench, COLLECTIONS))
    assert (told["status"], told["errorCode"], told["url"]) == (
        "FAILED",
        "INTERNAL_SERVER_ERROR",
        None,
    )
    assert _ended(bench, _run(bench, COLLECTIONS))["status"] == "COMPLETED"


def test_what_no_scope_covers_fails(bench: Bench) -> None:
    installing.grant_scopes(bench.shop, ["read_orders"])
    told = _ended(bench, _run(bench, COLLECTIONS))
    assert (told["status"], told["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_an_empty_list_has_no_file(bench: Bench) -> None:
    number = _run(bench, '{ orders(query: "id:<1") { edges { node { id } } } }')
    told = _ended(bench, number)
    assert (told["status"], told["url"], told["objectCount"]) == ("COMPLETED", None, "0")


def test_the_file_is_served_in_parts_to_whoever_has_the_address(bench: Bench) -> None:
    url = _ended(bench, _run(bench, PRODUCTS))["url"]
    whole = bench.browser.get(url)
    part = bench.browser.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    rest = bench.browser.get(url, headers={"Range": f"bytes={len(whole.content) - 5}-"})
    assert rest.content == whole.content[-5:]
    beyond = bench.browser.get(url, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


def test_an_address_ends_and_a_new_one_is_given(bench: Bench) -> None:
    number = _run(bench, COLLECTIONS)
    url = _ended(bench, number)["url"]
    (work,) = bench.shop.bulk.works.values()
    work.end_addresses()
    assert bench.browser.get(url).status_code == 400
    assert bench.browser.get(_status(bench, number)["url"]).status_code == 200
    unsigned = str(httpx.URL(url).copy_with(query=b""))
    assert bench.browser.get(unsigned).status_code == 400


DEEP = """{ products { edges { node { id variants { edges { node { id media { edges { node { id
  } } } } } } } } } }"""
NO_ID = "{ products { edges { node { title variants { edges { node { id } } } } } } }"
FIVE = """{ products { edges { node { id
  a: variants { edges { node { id } } } b: variants { edges { node { id } } }
  c: variants { edges { node { id } } } d: variants { edges { node { id } } }
  e: variants { edges { node { id } } } } } } }"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ products { edges { node { id } } ", "Syntax Error"),
        ("{ shop { name } }", "at least one connection"),
        ("{ products { nodes { id } } }", "edges and nodes"),
        ("{ products { edges { node { nothing } } } }", "Cannot query field"),
        (NO_ID, "must select the 'id' field"),
        (FIVE, "more than 5 connections"),
        (f"{COLLECTIONS[:-1]} products {{ edges {{ node {{ id }} }} }} }}", "one top level field"),
        ("query ($a: String) { products(query: $a) { edges { node { id } } } }", "variables"),
        ('mutation { discountCodeDeactivate(id: "1") { userErrors { message } } }', "only queries"),
    ],
)
def test_what_breaks_the_rules_is_refused(bench: Bench, text: str, said: str) -> None:
    told = bench.ask(RUN, q=text)["bulkOperationRunQuery"]
    assert told["bulkOperation"] is None
    (error,) = told["userErrors"]
    assert error["code"] == "INVALID"
    assert said in error["message"]
    assert not bench.shop.bulk.works


def test_two_levels_of_children_are_taken(bench: Bench) -> None:
    lines = _lines(bench, _ended(bench, _run(bench, DEEP, group=True))["url"])
    kinds = {line["id"].split("/")[3] for line in lines}
    assert kinds == {"Product", "ProductVariant", "MediaImage"}


def test_the_sixth_at_once_has_to_wait(bench: Bench) -> None:
    bench.shop.bulk.wait_seconds = 0.5
    numbers = [_run(bench, COLLECTIONS) for _ in range(5)]
    told = bench.ask(RUN, q=COLLECTIONS)["bulkOperationRunQuery"]
    assert [one["code"] for one in told["userErrors"]] == ["LIMIT_REACHED"]
    for number in numbers:
        _ended(bench, number)
    _ended(bench, _run(bench, COLLECTIONS))
