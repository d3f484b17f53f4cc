"""The token endpoint: exchanges, codes, rotation, expiry, lost answers, uninstalls."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from tests.conformance.shopify_bench import EXCHANGE, ONLINE, Bench
from tests.doubles.shopify import installing
from tests.doubles.shopify.front.id_tokens import id_token, query_hmac

FIXTURES = Path(__file__).parents[1] / "fixtures" / "shopify" / "answers"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEWER = "shpss_the-newer-secret-of-the-app-0123456789"
SHOP = "{ shop { name } }"


def _recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return found


def _refresh(bench: Bench, token: str) -> Any:
    return bench.grant(grant_type="refresh_token", refresh_token=token)


def _works(bench: Bench, token: str) -> bool:
    bench.token = token
    status = bench.post(SHOP).status_code
    assert status in (200, 401)
    return status == 200


def test_an_offline_pair_has_the_recorded_shape(bench: Bench) -> None:
    pair, recorded = bench.pair(), _recorded("token_offline_expiring")
    assert list(pair) == list(recorded)
    assert (pair["expires_in"], pair["refresh_token_expires_in"]) == (3600, 7_776_000)
    assert pair["access_token"].startswith("shpat_")
    assert pair["refresh_token"].startswith("shprt_")
    assert pair["scope"] == ",".join(bench.shop.scopes)


def test_an_online_token_tells_who_is_there(bench: Bench) -> None:
    told = {**EXCHANGE, "requested_token_type": ONLINE}
    answer = bench.grant(**told, subject_token=bench.subject()).json()
    recorded = _recorded("token_online")
    assert list(answer) == list(recorded)
    assert list(answer["associated_user"]) == list(recorded["associated_user"])
    assert answer["associated_user"]["email"] == bench.shop.settings.owner_email
    assert _works(bench, answer["access_token"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"subject_token": "no.token.atall"}, "invalid_subject_token"),
        ({"subject_token_type": "nonsense"}, "invalid_request"),
        ({"requested_token_type": "nonsense"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_refused(bench: Bench, change: dict[str, str], error: str) -> None:
    answer = bench.grant(**{**EXCHANGE, "subject_token": bench.subject(), **change})
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_an_id_token_is_good_for_a_minute_and_for_its_own_shop(bench: Bench) -> None:
    shop = bench.shop
    old = id_token(shop, shop.users[0], "session", age=timedelta(seconds=75))
    foreign = bench.subject(bench.other)
    for token in (old, foreign):
        answer = bench.grant(**EXCHANGE, subject_token=token)
        assert answer.json()["error"] == "invalid_subject_token"


def test_a_token_that_does_not_expire_is_given_and_of_no_use(bench: Bench) -> None:
    answer = bench.grant(**{**EXCHANGE, "expiring": "0", "subject_token": bench.subject()}).json()
    assert list(answer) == ["access_token", "scope"]
    bench.token = answer["access_token"]
    refused = bench.post(SHOP)
    assert refused.status_code == 403
    assert "Non-expiring access tokens are no longer accepted" in refused.json()["errors"]


def test_an_access_token_ends_after_an_hour_of_real_time(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        pair = bench.pair()
        traveller.shift(timedelta(minutes=59))
        assert _works(bench, pair["access_token"])
        traveller.shift(timedelta(minutes=2))
        assert not _works(bench, pair["access_token"])
        fresh = _refresh(bench, pair["refresh_token"]).json()
        assert _works(bench, fresh["access_token"])


def test_a_refresh_replaces_both_tokens_and_ends_the_old_access(bench: Bench) -> None:
    pair = bench.pair()
    fresh = _refresh(bench, pair["refresh_token"]).json()
    assert list(fresh) == list(pair)
    assert fresh["refresh_token"] != pair["refresh_token"]
    assert not _works(bench, pair["access_token"])
    assert _works(bench, fresh["access_token"])


def test_an_old_refresh_token_may_be_shown_again_until_its_successor_was_used(
    bench: Bench,
) -> None:
    first = bench.pair()
    lost = _refresh(bench, first["refresh_token"]).json()
    again = _refresh(bench, first["refresh_token"]).json()
    assert again["refresh_token"] == lost["refresh_token"]
    assert bench.shop.tokens.refreshes == 1
    assert _works(bench, again["access_token"])
    third = _refresh(bench, again["refresh_token"])
    assert third.status_code == 200
    over = _refresh(bench, first["refresh_token"])
    assert (over.status_code, over.json()) == (400, _recorded("refresh_invalid_grant"))


def test_showing_it_again_ends_after_thirty_days(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        first = bench.pair()
        _refresh(bench, first["refresh_token"])
        traveller.shift(timedelta(days=29))
        again = _refresh(bench, first["refresh_token"]).json()
        assert again["expires_in"] == 3600
        assert _works(bench, again["access_token"])
        traveller.shift(timedelta(days=1))
        assert _refresh(bench, first["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_ends_after_ninety_days(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        pair = bench.pair()
        traveller.shift(timedelta(days=89))
        kept = _refresh(bench, pair["refresh_token"]).json()
        assert kept["refresh_token_expires_in"] == 7_776_000
        traveller.shift(timedelta(days=90))
        assert _refresh(bench, kept["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_whose_answer_is_lost_was_done_all_the_same(bench: Bench) -> None:
    pair = bench.pair()
    faults = bench.shop.faults
    faults.outage, faults.times, faults.only = "lost", 1, "token"
    with pytest.raises(ConnectionAbortedError):
        _refresh(bench, pair["refresh_token"])
    assert bench.shop.tokens.refreshes == 1
    assert not _works(bench, pair["access_token"])
    assert _works(bench, _refresh(bench, pair["refresh_token"]).json()["access_token"])
    assert bench.shop.tokens.refreshes == 1


def test_a_new_exchange_ends_the_pair_before_it(bench: Bench) -> None:
    first, second = bench.pair(), bench.pair()
    assert not _works(bench, first["access_token"])
    assert _refresh(bench, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert _works(bench, second["access_token"])


def test_an_uninstall_ends_every_token_here_and_none_elsewhere(bench: Bench) -> None:
    ours, theirs = bench.pair(), bench.pair(bench.other)
    installing.uninstall(bench.shop)
    assert not _works(bench, ours["access_token"])
    assert _refresh(bench, ours["refresh_token"]).json()["error"] == "invalid_grant"
    refused = bench.grant(**EXCHANGE, subject_token=bench.subject())
    assert refused.json()["error"] == "invalid_subject_token"
    assert bench.other.tokens.find(theirs["access_token"])


def test_both_secrets_count_while_one_is_replaced(bench: Bench) -> None:
    setup = bench.shopify.setup
    old = setup.signing_secret
    setup.rotate(NEWER)
    for secret in (old, NEWER):
        told = {**EXCHANGE, "client_secret": secret}
        assert bench.grant(**told, subject_token=bench.subject()).status_code == 200
    setup.revoke_oldest()
    told = {**EXCHANGE, "client_secret": old}
    assert bench.grant(**told, subject_token=bench.subject()).json()["error"] == "invalid_client"


def test_a_grant_of_more_scopes_reaches_living_tokens_and_the_next_answer(bench: Bench) -> None:
    pair = bench.pair()
    installing.grant_scopes(bench.shop, ["read_orders"])
    assert _works(bench, pair["access_token"])
    assert _refresh(bench, pair["refresh_token"]).json()["scope"] == "read_orders"


def test_the_code_grant_asks_the_merchant_and_comes_back_signed(bench: Bench) -> None:
    setup = bench.shopify.setup
    installing.uninstall(bench.shop)
    (way_back,) = setup.redirect_urls
    query = {
        "client_id": setup.client_id,
        "scope": "read_orders,write_customers",
        "redirect_uri": setup.address_of(way_back),
        "state": "nonce",
    }
    screen = bench.browser.get("/admin/oauth/authorize", params=query)
    assert "Install app" in screen.text
    assert not bench.shop.installed
    back = bench.browser.post("/admin/oauth/authorize", params=query)
    assert back.status_code == 302
    told = {key: one for key, (one,) in parse_qs(urlsplit(back.headers["location"]).query).items()}
    signature = told.pop("hmac")
    assert signature == query_hmac(told, setup.signing_secret)
    assert (told["shop"], told["state"]) == (bench.shop.host, "nonce")
    assert bench.shop.scopes == ("read_orders", "write_customers")
    pair = bench.grant(code=told["code"], expiring="1").json()
    assert _works(bench, pair["access_token"])
    assert bench.grant(code=told["code"], expiring="1").json()["error"] == "invalid_request"


def test_an_unregistered_way_back_is_refused(bench: Bench) -> None:
    setup = bench.shopify.setup
    query = {"client_id": setup.client_id, "redirect_uri": "https://elsewhere.example/"}
    assert bench.browser.get("/admin/oauth/authorize", params=query).status_code == 400
    assert bench.browser.post("/admin/oauth/authorize", params=query).status_code == 400
