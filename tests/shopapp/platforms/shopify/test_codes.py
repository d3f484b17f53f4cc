"""One discount per campaign, unique codes by the batch, none lost and none made for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import NotFound, StoreSaidNo, StoreUnavailable
from shopapp.platforms.connector import CodesMade, Discount
from tests.shopapp.platforms.shopify.admin import Pauses, refused, shopify
from tests.shopapp.platforms.woocommerce.stand_in import Answer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TENTH = Discount("Rebasket 10 %", 10, "", "EUR", NOON, datetime(2026, 12, 23, tzinfo=UTC))
NODE = {"id": "gid://shopify/DiscountCodeNode/6"}
MADE = {"discountCodeBasicCreate": {"codeDiscountNode": NODE, "userErrors": []}}
BUSY = Answer({"errors": "Internal Server Error"}, 500)


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def test_a_discount_is_good_for_everybody_and_each_code_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(monkeypatch, DiscountCreate=[MADE]) as admin:
        client = Pauses().client()
        assert client.create_discount(TENTH) == "6"
        client.create_discount(replace(TENTH, percent=None, amount="5.00", ends_at=None))
    first, second = (variables["discount"] for _, variables in admin.asked)
    assert first.pop("code") != second.pop("code")
    assert first == {
        "title": "Rebasket 10 %",
        "startsAt": "2026-11-23T12:00:00Z",
        "endsAt": "2026-12-23T00:00:00Z",
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"all": "ALL"},
        "customerGets": {"items": {"all": True}, "value": {"percentage": 0.1}},
    }
    amount = {"discountAmount": {"amount": "5.00", "appliesOnEachItem": False}}
    assert (second["customerGets"]["value"], second["endsAt"]) == (amount, None)


def test_a_discount_whose_answer_got_lost_is_found_by_its_first_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(
        monkeypatch, DiscountCreate=[BUSY], DiscountByCode=[{"codeDiscountNodeByCode": NODE}]
    ) as admin:
        assert Pauses().client().create_discount(TENTH) == "6"
    assert admin.names == ["DiscountCreate", "DiscountByCode"]
    assert admin.asked[1][1]["code"] == admin.asked[0][1]["discount"]["code"]


def test_a_discount_that_was_not_made_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"codeDiscountNodeByCode": None}
    with shopify(monkeypatch, DiscountCreate=[BUSY], DiscountByCode=[nothing]) as admin:
        with pytest.raises(StoreUnavailable):
            Pauses().client().create_discount(TENTH)
    assert admin.names.count("DiscountCreate") == 1


def test_a_discount_that_is_refused_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = refused("discountCodeBasicCreate", "END_DATE_BEFORE_START_DATE")
    with shopify(monkeypatch, DiscountCreate=[wrong]), pytest.raises(StoreSaidNo):
        Pauses().client().create_discount(TENTH)


def test_codes_are_asked_for_by_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = {"id": "gid://shopify/DiscountRedeemCodeBulkCreation/8"}
    made = {"discountRedeemCodeBulkAdd": {"bulkCreation": batch, "userErrors": []}}
    with shopify(monkeypatch, DiscountCodesAdd=[made]) as admin:
        client = Pauses().client()
        assert client.add_codes("6", ("A1", "B2")) == "8"
        for wrong in ((), tuple(f"C{number}" for number in range(251))):
            with pytest.raises(ValueError, match="250"):
                client.add_codes("6", wrong)
    assert admin.asked == [
        ("DiscountCodesAdd", {"discount": NODE["id"], "codes": [{"code": "A1"}, {"code": "B2"}]})
    ]


def _batch(done: bool, imported: int, *rows: dict[str, Any]) -> dict[str, Any]:
    told = {"done": done, "importedCount": imported, "discountCode": NODE}
    return {"discountRedeemCodeBulkCreation": told | {"codes": {"nodes": list(rows)}}}


def _code(code: str, *errors: str) -> dict[str, Any]:
    return {"code": code, "errors": [{"code": one, "message": f"{one}."} for one in errors]}


def test_a_batch_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [
        _batch(False, 1, _code("A1"), _code("B2")),
        _batch(True, 1, _code("A1"), _code("B2", "TOO_LONG")),
    ]
    with shopify(monkeypatch, DiscountCodesMade=batches) as admin:
        client = Pauses().client()
        assert client.codes_made("8") == CodesMade(done=False, made=1)
        assert client.codes_made("8") == CodesMade(done=True, made=1, failed={"B2": "TOO_LONG."})
    assert admin.asked[0][1] == {"id": "gid://shopify/DiscountRedeemCodeBulkCreation/8"}


def test_a_code_that_our_discount_has_already_counts_as_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer to an earlier batch may have got lost."""
    batch = _batch(True, 1, _code("A1"), _code("B2", "TAKEN"), _code("C3", "TAKEN"))
    others = {"id": "gid://shopify/DiscountCodeNode/1"}
    owners = {"B2": NODE, "C3": others}

    def owner(variables: dict[str, Any]) -> dict[str, Any]:
        return {"codeDiscountNodeByCode": owners[variables["code"]]}

    with shopify(monkeypatch, DiscountCodesMade=[batch], DiscountByCode=owner):
        made = Pauses().client().codes_made("8")
    assert made == CodesMade(done=True, made=2, failed={"C3": "TAKEN."})


def test_a_batch_that_nobody_knows_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(monkeypatch, DiscountCodesMade=[{"discountRedeemCodeBulkCreation": None}]):
        with pytest.raises(NotFound):
            Pauses().client().codes_made("8")


def test_a_discount_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with shopify(
        monkeypatch, DiscountEnd=[{"discountCodeDeactivate": {"userErrors": []}}]
    ) as admin:
        Pauses().client().end_discount("6")
    assert admin.asked == [("DiscountEnd", {"id": NODE["id"]})]
