"""The Admin API is asked patiently, with keys that are renewed on the way, and never in vain."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import KeysRefused, StoreSaidNo, StoreUnavailable
from shopapp.platforms.shopify.api import Api
from tests.shopapp.platforms.shopify.admin import (
    HOST,
    OTHER_HOST,
    Pauses,
    keys,
    refused,
    shopify,
    told,
)
from tests.shopapp.platforms.shopify.schema import FIXTURES
from tests.shopapp.platforms.woocommerce.stand_in import Answer

OK = told({"currentAppInstallation": {"id": "gid://shopify/AppInstallation/1"}})
BUSY = Answer({"errors": "Internal Server Error"}, 502)


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _recorded(name: str, **changes: Any) -> Answer:
    body = json.loads((FIXTURES / "answers" / f"{name}.json").read_text(encoding="utf-8"))
    return Answer(body | changes)


def test_a_request_names_its_shop_its_token_and_one_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(monkeypatch, Installation=[OK]) as admin:
        assert Pauses().api().ask("installation") == OK.body["data"]
    (request,) = admin.requests
    assert request.headers["X-Shopify-Access-Token"] == "shpat_first"
    assert request.headers["X-Stand-In-Host"] == HOST
    assert request.json["query"].startswith("query Installation {")
    assert "shpat_first" not in request.target


def test_without_a_stand_in_the_shop_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOPIFY_STAND_IN", raising=False)
    looked_up: list[str] = []

    def nowhere(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return []

    with pytest.raises(StoreUnavailable):
        Api(HOST, keys(), resolver=nowhere, sleep=lambda _: None).ask("installation")
    assert set(looked_up) == {HOST}


def test_keys_that_ran_out_are_renewed_once_and_the_request_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewed: list[str] = []

    def renew(old: str) -> str:
        renewed.append(old)
        return keys("shpat_second")

    expired = Answer({"errors": "[API] Invalid API key or access token"}, 401)
    with shopify(monkeypatch, Installation=[expired, OK]) as admin:
        api = Pauses().api(renew=renew)
        api.ask("installation")
        api.ask("installation")
    assert renewed == [keys()]
    tokens = [request.headers["X-Shopify-Access-Token"] for request in admin.requests]
    assert tokens == ["shpat_first", "shpat_second", "shpat_second"]


def test_keys_that_are_refused_twice_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    expired = Answer({"errors": "[API] Invalid API key or access token"}, 401)
    with shopify(monkeypatch, Installation=[expired]) as admin:
        with pytest.raises(KeysRefused):
            Pauses().api(renew=lambda _: keys("shpat_second")).ask("installation")
        assert len(admin.requests) == 2
        with pytest.raises(KeysRefused):
            Pauses().api().ask("installation")
    assert len(admin.requests) == 3, "without a way to renew them nothing is tried twice"


def test_keys_that_are_none_are_refused_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(monkeypatch, Installation=[OK]) as admin:
        for text in ("", "ck_1:cs_2", "{}", '{"access_token": ""}'):
            with pytest.raises(KeysRefused):
                Api(HOST, text).ask("installation")
    assert admin.requests == []


def test_a_throttled_request_waits_as_long_as_the_bucket_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = Pauses()
    with shopify(monkeypatch, Installation=[_recorded("graphql_throttled"), OK]) as admin:
        assert pauses.api().ask("installation") == OK.body["data"]
    assert len(admin.requests) == 2
    # 752 asked for, 666 there, 50 a second; and never less than a second.
    assert sum(pauses.slept) >= (752 - 666) / 50


@pytest.mark.parametrize(
    ("slow", "waited"),
    [
        (Answer({"errors": "slow down"}, 429, {"Retry-After": "2.5"}), [2.5]),
        (Answer({"errors": "slow down"}, 429), [1.0]),
        (Answer({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}), [1]),
    ],
)
def test_any_operation_is_sent_again_when_it_was_only_told_to_wait(
    monkeypatch: pytest.MonkeyPatch, slow: Answer, waited: list[float]
) -> None:
    pauses = Pauses()
    done = {"bulkOperationRunQuery": {"bulkOperation": {"id": "1"}, "userErrors": []}}
    with shopify(monkeypatch, BulkRun=[slow, done]) as admin:
        pauses.api().change("bulk_run", "bulkOperationRunQuery", query="")
    assert len(admin.requests) == 2
    assert pauses.slept == waited


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses()
    slow = Answer({"errors": "slow down"}, 429)
    with shopify(monkeypatch, Installation=[slow]) as admin:
        with pytest.raises(StoreUnavailable) as raised:
            pauses.api().ask("installation")
    assert raised.value.temporary
    assert len(admin.requests) == 6


def test_a_long_wait_is_left_to_whoever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Answer({"errors": "slow down"}, 429, {"Retry-After": "600"})
    with shopify(monkeypatch, Installation=[slow]) as admin:
        with pytest.raises(StoreUnavailable) as raised:
            Pauses().api().ask("installation")
    assert raised.value.retry_after == 600
    assert len(admin.requests) == 1


def test_a_servers_error_passes_where_asking_again_is_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with shopify(monkeypatch, Installation=[BUSY, BUSY, OK], BulkRun=[BUSY]) as admin:
        assert Pauses().api().ask("installation") == OK.body["data"]
        assert len(admin.requests) == 3
        with pytest.raises(StoreUnavailable):
            Pauses().api().ask("bulk_run", query="")
    assert len(admin.requests) == 4, "a second file must not be begun"


def test_a_page_of_a_proxy_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Answer("<html>maintenance</html>", 200, {"Content-Type": "text/html"})
    with shopify(monkeypatch, Installation=[page]):
        with pytest.raises(StoreUnavailable) as raised:
            Pauses().api().ask("installation")
    assert raised.value.temporary


@pytest.mark.parametrize(
    ("answer", "kind", "temporary", "retry_after"),
    [
        (Answer({"errors": "Payment Required"}, 402), StoreUnavailable, True, 3600),
        (Answer({"errors": "Locked"}, 423), StoreUnavailable, True, 3600),
        (Answer({"errors": "Not Found"}, 404), StoreUnavailable, False, None),
        (Answer("", 301, {"Location": "https://a.example/"}), StoreUnavailable, False, None),
        (
            told(None, errors=[{"message": "m", "extensions": {"code": "SHOP_INACTIVE"}}]),
            StoreUnavailable,
            True,
            3600,
        ),
    ],
)
def test_a_closed_shop_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    kind: type[StoreUnavailable],
    temporary: bool,
    retry_after: float | None,
) -> None:
    with shopify(monkeypatch, Installation=[answer]) as admin:
        with pytest.raises(kind) as raised:
            Pauses().api().ask("installation")
    assert (raised.value.temporary, raised.value.retry_after) == (temporary, retry_after)
    assert raised.value.reason.endswith(".")
    assert len(admin.requests) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer({"errors": "[API] This action requires merchant approval"}, 403), "HTTP_403"),
        (Answer({"errors": {"query": "Required parameter missing"}}, 400), "HTTP_400"),
        (
            told(None, errors=[{"message": "Denied", "extensions": {"code": "ACCESS_DENIED"}}]),
            "ACCESS_DENIED",
        ),
        (told(None, errors=[{"message": "Parse error"}]), "GRAPHQL_ERROR"),
        (refused("metafieldsSet", "TAKEN"), "TAKEN"),
    ],
)
def test_a_no_is_told_with_its_code(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, code: str
) -> None:
    with shopify(monkeypatch, InstallationTell=[answer]) as admin:
        with pytest.raises(StoreSaidNo) as raised:
            Pauses().api().change("installation_tell", "metafieldsSet", metafields=[])
    assert raised.value.code == code
    assert len(admin.requests) == 1


def test_a_token_of_the_kind_that_is_no_longer_accepted_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "Non-expiring access tokens are no longer accepted for the Admin API."
    with shopify(monkeypatch, Installation=[Answer({"errors": said}, 403)]):
        with pytest.raises(KeysRefused):
            Pauses().api().ask("installation")


def test_a_field_that_is_withheld_stays_unknown_and_is_noted_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with shopify(monkeypatch, Customer=[_recorded("graphql_protected_field_redacted")]):
        api = Pauses().api()
        answers = [api.ask("customer", id="gid://shopify/Customer/1") for _ in range(3)]
    assert answers == [{"customer": {"email": "testcustomer@example.com", "phone": None}}] * 3
    (record,) = [one for one in caplog.records if one.message == "a field is withheld"]
    assert (record.__dict__["host"], record.__dict__["field"]) == (HOST, "customer.phone")


def test_a_thing_that_is_withheld_whole_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = _recorded("graphql_protected_field_redacted", data={"customer": None})
    with shopify(monkeypatch, Customer=[answer]), pytest.raises(StoreSaidNo) as raised:
        Pauses().api().ask("customer", id="gid://shopify/Customer/1")
    assert raised.value.code == "NOT_APPROVED"


def test_a_bucket_is_filled_by_what_answers_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The documented answer leaves 954 of 1000 points, at 50 a second."""
    pauses = Pauses()
    answer = _recorded("graphql_cost_ok", data={"orders": {"nodes": []}})
    with shopify(monkeypatch, Orders=[answer]):
        api = pauses.api()
        for _ in range(3):
            api.ask("orders", query="")
    assert pauses.slept == []


def test_one_shops_limits_do_not_slow_another(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Pauses(), Pauses()
    empty = {"maximumAvailable": 1000, "currentlyAvailable": 0, "restoreRate": 100}
    spent = Answer({"data": {"orders": {}}, "extensions": {"cost": {"throttleStatus": empty}}})
    with shopify(monkeypatch, Orders=[spent, spent, told({"orders": {}})]):
        first, second = one.api(HOST), two.api(OTHER_HOST)
        first.ask("orders", query="")
        first.ask("orders", query="")
        second.ask("orders", query="")
    assert one.slept == [pytest.approx(7.45)]
    assert two.slept == []
