"""Who may ask what: scopes, tokens, versions, protected data, and answers to nonsense."""

from __future__ import annotations

import pytest

from shopapp.platforms.shopify import graph
from tests.conformance.shopify_bench import API_DOOR, Bench
from tests.conformance.shopify_story import one_day
from tests.doubles.shopify import installing
from tests.doubles.shopify.payloads.customer_json import gid

CUSTOMERS = "{ customers(first: 1) { nodes { id } } }"


def test_a_missing_scope_is_denied_by_its_name(bench: Bench) -> None:
    installing.grant_scopes(bench.shop, ["read_products"])
    told = bench.post(CUSTOMERS).json()
    assert told["data"] is None
    (error,) = told["errors"]
    assert error["path"] == ["customers"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["extensions"]["requiredAccess"] == "`read_customers` access scope."


def test_writing_implies_reading(bench: Bench) -> None:
    installing.grant_scopes(bench.shop, ["write_customers"])
    assert bench.ask(CUSTOMERS)["customers"]["nodes"]


def test_an_order_of_a_hidden_customer_keeps_its_other_fields(bench: Bench) -> None:
    installing.grant_scopes(bench.shop, ["read_orders"])
    told = bench.post("{ orders(first: 1) { nodes { name customer { id } } } }").json()
    (order,) = told["data"]["orders"]["nodes"]
    assert order["name"]
    assert order["customer"] is None
    assert told["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_orders_older_than_sixty_days_need_a_scope_of_their_own(bench: Bench) -> None:
    text = "{ orders(first: 250) { nodes { id } } }"
    recent = bench.ask(text)["orders"]["nodes"]
    installing.grant_scopes(bench.shop, [*bench.shop.scopes, "read_all_orders"])
    everything = bench.ask(text)["orders"]["nodes"]
    assert 0 < len(recent) < len(everything) == len(bench.shop.state.orders)


@pytest.mark.parametrize("token", ["", "shpat_unknown"])
def test_an_unknown_token_is_refused_in_shopifys_words(bench: Bench, token: str) -> None:
    bench.token = token
    answer = bench.post("{ shop { name } }")
    assert answer.status_code == 401
    assert answer.json()["errors"].startswith("[API] Invalid API key or access token")


@pytest.mark.parametrize("version", ["2020-01", "2027-01", "nonsense"])
def test_another_version_is_not_found(bench: Bench, version: str) -> None:
    answer = bench.browser.post(
        f"/admin/api/{version}/graphql.json",
        json={"query": "{ shop { name } }"},
        headers={"X-Shopify-Access-Token": bench.token},
    )
    assert answer.status_code == 404
    assert answer.json() == {"errors": "Not Found"}


def test_rest_is_not_there(bench: Bench) -> None:
    assert bench.browser.get("/admin/api/2026-10/orders.json").status_code == 404


def test_an_unknown_shop_is_not_there(bench: Bench) -> None:
    headers = {"X-Stand-In-Host": "nobody.myshopify.com", "X-Shopify-Access-Token": bench.token}
    answer = bench.browser.post(API_DOOR, json={"query": "{ shop { name } }"}, headers=headers)
    assert answer.status_code == 404


def test_a_field_outside_the_schema_is_an_error_and_costs_nothing(bench: Bench) -> None:
    told = bench.post("{ shop { nothingOfTheKind } }").json()
    assert told["errors"][0]["message"].startswith("Cannot query field 'nothingOfTheKind'")
    assert not bench.shop.bucket.ledger


def test_a_variable_of_the_wrong_type_is_an_error(bench: Bench) -> None:
    told = bench.post("query ($id: ID!) { order(id: $id) { id } }", {}).json()
    assert told["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"


def test_a_body_that_is_no_json_is_refused(bench: Bench) -> None:
    headers = {"X-Shopify-Access-Token": bench.token}
    answer = bench.browser.post(API_DOOR, content=b"{", headers=headers)
    assert answer.status_code == 400


def test_the_id_of_another_kind_is_an_error(bench: Bench) -> None:
    told = bench.post('{ order(id: "gid://shopify/Product/1") { id } }').json()
    assert told["data"] == {"order": None}
    assert "Invalid global id" in told["errors"][0]["message"]


def test_protected_data_comes_as_null_with_an_error(bench: Bench) -> None:
    story = one_day(bench.shop)
    bench.shop.faults.redacted = {"Customer.defaultPhoneNumber"}
    text = "query ($id: ID!) { customer(id: $id) { firstName defaultPhoneNumber { phoneNumber } } }"
    told = bench.post(text, {"id": gid("Customer", story.order.customer_id)}).json()
    assert told["data"]["customer"] == {"firstName": "Tove", "defaultPhoneNumber": None}
    (error,) = told["errors"]
    assert error["message"].startswith("This app is not approved to access the Customer object.")
    assert error["path"] == ["customer", "defaultPhoneNumber"]


@pytest.mark.parametrize(
    "query",
    [
        "colour:red",
        "updated_at:>=yesterday",
        "updated_at:>='2026-01-01'",
        "loose words",
        "id:>1 OR x",
    ],
)
def test_a_filter_that_the_double_cannot_read_is_loud(bench: Bench, query: str) -> None:
    text = "query ($q: String) { orders(first: 1, query: $q) { nodes { id } } }"
    assert bench.post(text, {"q": query}).json()["errors"]


def test_outages_are_met_as_often_as_told(bench: Bench) -> None:
    faults = bench.shop.faults
    for outage, status in (("500", 500), ("503", 503), ("429", 429)):
        faults.outage, faults.times = outage, 1  # type: ignore[assignment]
        assert bench.post("{ shop { name } }").status_code == status
        assert bench.post("{ shop { name } }").status_code == 200


def test_a_lost_answer_leaves_what_was_done(bench: Bench) -> None:
    faults = bench.shop.faults
    faults.outage, faults.times = "lost", 1
    with pytest.raises(ConnectionAbortedError):
        bench.post(
            graph.operation("bulk_run").text,
            {"query": "{ products { edges { node { id } } } }"},
        )
    assert len(bench.shop.bulk.works) == 1
