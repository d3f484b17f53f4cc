"""What apps write: discounts and codes, customers and consent, metafields; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from shopapp.platforms.shopify import graph
from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import full_cart, one_day
from tests.conformance.shopify_variables import metafield, new_activity, new_discount
from tests.doubles.shopify import checkouts
from tests.doubles.shopify.payloads.customer_json import gid


def _do(bench: Bench, name: str, **variables: Any) -> dict[str, Any]:
    """Return the payload of one of our mutations."""
    (payload,) = bench.ask(graph.operation(name).text, **variables).values()
    assert isinstance(payload, dict)
    return payload


def _codes(payload: dict[str, Any]) -> list[str]:
    return [one["code"] for one in payload["userErrors"]]


def test_codes_are_made_by_and_by_and_each_is_good_once(bench: Bench) -> None:
    shop = bench.shop
    made = _do(bench, "discount_create", discount=new_discount("SPRING-FIRST"))
    discount = made["codeDiscountNode"]["id"]
    rows = [{"code": one} for one in ("S-1", "S-2", "s-1", "WELCOME10")]
    shop.code_seconds = 60
    batch = _do(bench, "discount_codes_add", discount=discount, codes=rows)["bulkCreation"]["id"]
    working = _do(bench, "discount_codes_made", id=batch)
    assert (working["done"], working["importedCount"]) == (False, 0)
    shop.code_seconds = 0
    done = _do(bench, "discount_codes_made", id=batch)
    assert (done["done"], done["importedCount"]) == (True, 2)
    failed = {one["code"] for one in done["codes"]["nodes"] if one["errors"]}
    assert {"s-1", "WELCOME10"} <= failed
    assert "S-2" not in failed
    first = checkouts.begin_checkout(shop, full_cart(shop))
    checkouts.set_contact(shop, checkouts.set_discounts(shop, first, ["s-2"]), email="a@b.example")
    assert checkouts.place_order(shop, first).discount > 0
    second = checkouts.begin_checkout(shop, full_cart(shop))
    checkouts.set_contact(shop, checkouts.set_discounts(shop, second, ["S-2"]), email="a@b.example")
    assert checkouts.place_order(shop, second).discount == 0


def test_an_ended_discount_takes_nothing_off(bench: Bench) -> None:
    made = _do(bench, "discount_create", discount=new_discount("ENDS-SOON"))
    ended = _do(bench, "discount_end", id=made["codeDiscountNode"]["id"])
    assert ended["userErrors"] == []
    checkout = checkouts.begin_checkout(bench.shop, full_cart(bench.shop))
    checkouts.set_discounts(bench.shop, checkout, ["ENDS-SOON"])
    assert checkouts.place_order(bench.shop, checkout).discount == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "welcome10"}, "TAKEN"),
        ({"code": ""}, "BLANK"),
        ({"title": ""}, "BLANK"),
        ({"context": None}, "MISSING_ARGUMENT"),
        ({"code": "x" * 256}, "TOO_LONG"),
        ({"endsAt": "2026-02-01T00:00:00Z"}, "END_DATE_BEFORE_START_DATE"),
        ({"customerGets": {"value": {"percentage": 15}}}, "VALUE_OUTSIDE_RANGE"),
    ],
)  # fmt: skip
def test_a_wrong_discount_is_refused(bench: Bench, change: dict[str, Any], code: str) -> None:
    told = {**new_discount("FRESH"), **change}
    before = len(bench.shop.state.discounts)
    payload = _do(bench, "discount_create", discount=told)
    assert payload["codeDiscountNode"] is None
    assert _codes(payload) == [code]
    assert len(bench.shop.state.discounts) == before


def test_codes_for_no_discount_are_refused(bench: Bench) -> None:
    nowhere = gid("DiscountCodeNode", 1)
    assert _codes(_do(bench, "discount_codes_add", discount=nowhere, codes=[{"code": "A"}])) == [
        "INVALID"
    ]
    assert _codes(_do(bench, "discount_end", id=nowhere)) == ["INVALID"]


def test_more_than_250_codes_are_too_many(bench: Bench) -> None:
    discount = gid("DiscountCodeNode", one_day(bench.shop).discount.id)
    rows = [{"code": f"C-{number}"} for number in range(251)]
    variables = {"discount": discount, "codes": rows}
    told = bench.post(graph.operation("discount_codes_add").text, variables).json()
    assert told["errors"][0]["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
    assert not bench.shop.state.code_works


def test_a_customer_is_made_once_and_completed_later(bench: Bench) -> None:
    email = "new@mail.example"
    first = _do(bench, "customer_set", email=email, customer={"email": email, "firstName": "Ida"})
    again = _do(bench, "customer_set", email=email, customer={"email": email, "lastName": "Lind"})
    assert first["customer"] == again["customer"]
    customer = bench.shop.state.customer_with(email)
    assert customer
    assert (customer.first_name, customer.last_name) == ("Ida", "Lind")
    assert [one.headers["X-Shopify-Topic"] for one in bench.news()] == [
        "customers/create",
        "customers/update",
    ]


@pytest.mark.parametrize(
    ("customer", "code"),
    [
        ({"email": "no address"}, "INVALID"),
        ({"email": "new@mail.example", "phone": "x"}, "INVALID"),
        ({"email": "new@mail.example", "phone": "+46701740601"}, "TAKEN"),
    ],
)
def test_a_wrong_customer_is_refused(bench: Bench, customer: dict[str, Any], code: str) -> None:
    before = len(bench.shop.state.customers)
    payload = _do(bench, "customer_set", email=customer["email"], customer=customer)
    assert payload["customer"] is None
    assert _codes(payload) == [code]
    assert len(bench.shop.state.customers) == before


def _consent(bench: Bench, email: str, state: str, **more: str) -> list[str]:
    customer = bench.shop.state.customer_with(email)
    told = {
        "customerId": gid("Customer", customer.id if customer else 1),
        "emailMarketingConsent": {"marketingState": state, **more},
    }
    return _codes(_do(bench, "customer_consent", input=told))


def test_consent_is_written_and_told(bench: Bench) -> None:
    email = "erik.lund@mail.example"
    assert _consent(bench, email, "SUBSCRIBED", consentUpdatedAt="2026-01-05T10:00:00Z") == []
    customer = bench.shop.state.customer_with(email)
    assert customer
    assert customer.consent.state == "subscribed"
    assert customer.consent.updated_at
    assert customer.consent.updated_at.isoformat() == "2026-01-05T10:00:00+00:00"
    topics = [one.headers["X-Shopify-Topic"] for one in bench.news()]
    assert "customers_email_marketing_consent/update" in topics


@pytest.mark.parametrize(
    ("email", "state", "more"),
    [
        ("nobody@mail.example", "SUBSCRIBED", {}),
        ("erik.lund@mail.example", "REDACTED", {}),
        ("erik.lund@mail.example", "NOT_SUBSCRIBED", {}),
        ("erik.lund@mail.example", "SUBSCRIBED", {"consentUpdatedAt": "2100-01-01T00:00:00Z"}),
    ],
)
def test_a_consent_that_cannot_be_is_refused(
    bench: Bench, email: str, state: str, more: dict[str, str]
) -> None:
    assert _consent(bench, email, state, **more) == ["INVALID"]


def test_a_metafield_is_kept_and_needs_a_type(bench: Bench) -> None:
    payload = _do(bench, "installation_tell", metafields=[metafield()])
    assert payload["userErrors"] == []
    (kept,) = bench.shop.state.metafields.values()
    assert kept.value == metafield()["value"]
    untyped = {**metafield(), "type": None}
    assert _codes(_do(bench, "installation_tell", metafields=[untyped])) == ["BLANK"]


def test_an_activitys_marks_stay_as_they_were(bench: Bench) -> None:
    assert _do(bench, "activity_set", input=new_activity("step"))["userErrors"] == []
    other = {**new_activity("step"), "utm": {"campaign": "x", "source": "y", "medium": "z"}}
    assert _codes(_do(bench, "activity_set", input=other)) == ["IMMUTABLE_UTM_PARAMETERS"]
    twin = {**new_activity("step"), "remoteId": "rebasket:twin"}
    assert _codes(_do(bench, "activity_set", input=twin)) == [
        "MARKETING_ACTIVITY_WITH_UTM_CAMPAIGN_ALREADY_EXISTS"
    ]
