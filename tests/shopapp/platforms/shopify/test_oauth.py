"""Getting keys: what is sent to Shopify, and what each answer means."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from shopapp.kit.egress import EgressFailed, EgressRefused, Response
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.answers import KeysRefused, StoreSaidNo, StoreUnavailable
from shopapp.platforms.shopify import oauth
from shopapp.platforms.shopify.id_token import ExpiredIdToken, IdToken
from shopapp.platforms.shopify.identity import AppIdentity
from shopapp.platforms.shopify.keys import Keys
from tests.shopapp.platforms.shopify import signing
from tests.shopapp.platforms.shopify.signing import (
    CLIENT_ID,
    FIXTURES,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
)

APP = AppIdentity(CLIENT_ID, (SECRET, OLD_SECRET), "", "", "", ("read_orders", "write_customers"))
NO_APP = AppIdentity("", (), "", "", "", ())
TOKEN = IdToken(SHOP, "42", "s", NOW, "an.id.token")
HOUR, QUARTER = timedelta(hours=1), timedelta(days=90)
OLD = Keys("shpat_old", "shprt_old", NOW, NOW + QUARTER, "read_orders")
GRANTED = Keys("shpat_xxxxx", "shprt_xxxxx", NOW + HOUR, NOW + QUARTER, "read_orders,read_products")
CALLBACK = oauth.Callback(SHOP, "0907a61c", "YWRt")


class Shopify:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, status: int = 200, body: Any = None, **headers: str) -> None:
        self.asked: list[tuple[str, JsonObject]] = []
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._answer = Response(status, httpx.Headers(headers), raw)

    def __call__(self, host: str, body: JsonObject) -> Response:
        self.asked.append((host, body))
        return self._answer


def answer(name: str) -> Any:
    return json.loads((FIXTURES / "answers" / f"{name}.json").read_text(encoding="utf-8"))


def granting() -> Shopify:
    return Shopify(200, answer("token_offline_expiring"))


def test_an_id_token_is_exchanged_for_keys_that_end() -> None:
    shopify = granting()
    assert oauth.exchange_offline(TOKEN, APP, at=NOW, by=shopify) == GRANTED
    assert shopify.asked == [
        (
            SHOP,
            {
                "client_id": CLIENT_ID,
                "client_secret": SECRET,
                "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token": "an.id.token",
                "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
                "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
                "expiring": "1",
            },
        )
    ]


def test_an_id_token_is_exchanged_for_the_person() -> None:
    shopify = Shopify(200, answer("token_online"))
    assert oauth.exchange_online(TOKEN, APP, at=NOW, by=shopify) == oauth.StaffAccess(
        access_token="shpua_xxxxx",
        expires_at=NOW + timedelta(seconds=86399),
        user_id="902541635",
        email="john@example.com",
        email_verified=True,
        first_name="John",
        last_name="Smith",
        locale="en",
        account_owner=True,
    )
    asked = shopify.asked[0][1]
    assert (
        asked["requested_token_type"] == "urn:shopify:params:oauth:token-type:online-access-token"
    )
    assert "expiring" not in asked


def test_keys_are_refreshed_with_the_refresh_token() -> None:
    shopify = granting()
    assert oauth.refresh(SHOP, OLD, APP, at=NOW, by=shopify) == GRANTED
    assert shopify.asked == [
        (
            SHOP,
            {
                "client_id": CLIENT_ID,
                "client_secret": SECRET,
                "grant_type": "refresh_token",
                "refresh_token": "shprt_old",
            },
        )
    ]


def test_a_code_is_exchanged_for_keys_that_end() -> None:
    shopify = granting()
    assert oauth.exchange_code(CALLBACK, APP, at=NOW, by=shopify) == GRANTED
    told = {"client_id": CLIENT_ID, "client_secret": SECRET, "code": "0907a61c", "expiring": "1"}
    assert shopify.asked == [(SHOP, told)]


def test_keys_whose_refresh_token_ended_are_not_even_presented() -> None:
    shopify = granting()
    with pytest.raises(KeysRefused):
        oauth.refresh(SHOP, OLD, APP, at=NOW + QUARTER, by=shopify)
    assert shopify.asked == []


SEEN = {
    "error": "invalid_request",
    "error_description": "This request requires an active refresh_token",
}
"""Undocumented, as developers have seen it."""


@pytest.mark.parametrize(
    "refusal", [Shopify(400, answer("refresh_invalid_grant")), Shopify(401, SEEN)]
)
def test_a_refused_refresh_means_that_the_merchant_opens_the_app_again(refusal: Shopify) -> None:
    with pytest.raises(KeysRefused):
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=refusal)


def test_a_refused_id_token_is_the_browsers() -> None:
    shopify = Shopify(400, {"error": "invalid_subject_token"})
    with pytest.raises(ExpiredIdToken):
        oauth.exchange_offline(TOKEN, APP, at=NOW, by=shopify)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": "invalid_client"}, "invalid_client"),
        (401, {"error": "invalid_client", "error_description": "Unknown app"}, "invalid_client"),
        (
            403,
            {"errors": "Non-expiring access tokens are no longer accepted for the Admin API"},
            "non_expiring_token",
        ),
    ],
)
def test_what_the_merchant_cannot_mend_is_ours(status: int, body: Any, code: str) -> None:
    with pytest.raises(oauth.AppRefused) as said:
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=Shopify(status, body))
    assert said.value.code == code


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 402, 423])
def test_a_busy_or_frozen_shop_is_asked_again(status: int) -> None:
    shopify = Shopify(status, b"<html>", **{"Retry-After": "2.5"})
    with pytest.raises(StoreUnavailable) as said:
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=shopify)
    assert (said.value.temporary, said.value.retry_after) == (True, 2.5)


def test_another_address_is_not_followed() -> None:
    shopify = Shopify(302, b"", Location="https://evil.example/")
    with pytest.raises(StoreUnavailable) as said:
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=shopify)
    assert (said.value.temporary, said.value.location) == (False, "https://evil.example/")


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_any_other_no_is_a_no(status: int) -> None:
    with pytest.raises(StoreSaidNo):
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=Shopify(status, {"error": "invalid_request"}))


def test_a_page_instead_of_an_answer_may_be_better_next_time() -> None:
    for shopify in (Shopify(400, b"<html>Oauth error"), Shopify(200, b"<html>"), Shopify(200, [])):
        with pytest.raises(StoreUnavailable) as said:
            oauth.refresh(SHOP, OLD, APP, at=NOW, by=shopify)
        assert said.value.temporary


@pytest.mark.parametrize("error", [EgressFailed("cut"), EgressRefused("no")])
def test_a_lost_connection_leaves_the_old_keys_good(error: Exception) -> None:
    def broken(host: str, body: JsonObject) -> Response:
        raise error

    with pytest.raises(StoreUnavailable) as said:
        oauth.refresh(SHOP, OLD, APP, at=NOW, by=broken)
    assert said.value.temporary is isinstance(error, EgressFailed)
    assert oauth.refresh(SHOP, OLD, APP, at=NOW, by=granting()) == GRANTED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", None), ("access_token", ""), ("access_token", "a b"), ("access_token", 5),
        ("access_token", "a\r\nX-Evil: 1"), ("refresh_token", None), ("refresh_token", "ü"),
        ("expires_in", None), ("expires_in", 0), ("expires_in", -1), ("expires_in", 10**12),
        ("refresh_token_expires_in", None), ("scope", None), ("expires_in", "soon"),
    ],
)  # fmt: skip
def test_keys_of_another_shape_are_none(name: str, value: Any) -> None:
    """A token without an end above all: it would be refused by the Admin API."""
    told = {**answer("token_offline_expiring"), name: value}
    with pytest.raises(StoreUnavailable):
        oauth.exchange_offline(TOKEN, APP, at=NOW, by=Shopify(200, told))


@pytest.mark.parametrize("change", [{"associated_user": None}, {"associated_user": {"id": "x"}}])
def test_an_online_token_of_nobody_is_none(change: dict[str, Any]) -> None:
    shopify = Shopify(200, {**answer("token_online"), **change})
    with pytest.raises(StoreUnavailable):
        oauth.exchange_online(TOKEN, APP, at=NOW, by=shopify)


@pytest.mark.parametrize("host", ["evil.example", "", "EXAMPLESHOP.myshopify.com", f"{SHOP}/x"])
def test_secrets_go_to_shops_alone(host: str) -> None:
    shopify = granting()
    with pytest.raises(StoreSaidNo):
        oauth.refresh(host, OLD, APP, at=NOW, by=shopify)
    with pytest.raises(StoreSaidNo):
        oauth.refresh(SHOP, OLD, NO_APP, at=NOW, by=shopify)
    assert shopify.asked == []


def test_the_grant_page_is_the_shops_or_the_stand_ins() -> None:
    def asked(url: str) -> tuple[str, dict[str, str]]:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query))

    back = "https://app.example/install/shopify/callback/"
    told = {
        "client_id": CLIENT_ID,
        "scope": "read_orders,write_customers",
        "redirect_uri": back,
        "state": "n&1",
    }
    url = oauth.authorize_url(SHOP, APP, redirect_url=back, state="n&1")
    assert asked(url) == (f"https://{SHOP}/admin/oauth/authorize", told)
    stand_in = AppIdentity(CLIENT_ID, (SECRET,), "", "", "http://127.0.0.1:9100", APP.scopes)
    url = oauth.authorize_url(SHOP, stand_in, redirect_url=back, state="n&1")
    assert asked(url) == ("http://127.0.0.1:9100/admin/oauth/authorize", {**told, "shop": SHOP})


def callback_query(**changed: str) -> str:
    told = {"shop": SHOP, "code": "0907a61c", "state": "nonce", "host": "YWRt"}
    return signing.admin({**told, "timestamp": str(int(NOW.timestamp())), **changed})


def test_a_callback_is_believed_in_the_browser_that_began() -> None:
    assert oauth.read_callback(callback_query(), APP, state="nonce", at=NOW) == CALLBACK


@pytest.mark.parametrize(
    ("changed", "state"),
    [({}, "other"), ({}, ""), ({"state": ""}, ""), ({"code": ""}, "nonce"),
     ({"code": "a b"}, "nonce"), ({"shop": "evil.example"}, "nonce"), ({"state": "nöch"}, "nonce")],
)  # fmt: skip
def test_a_callback_that_is_not_ours_is_refused(changed: dict[str, str], state: str) -> None:
    with pytest.raises(oauth.BadCallback):
        oauth.read_callback(callback_query(**changed), APP, state=state, at=NOW)


def test_a_forged_or_old_callback_is_refused() -> None:
    forged = callback_query().replace(SHOP, OTHER_SHOP)
    for query, at in ((forged, NOW), (callback_query(), NOW + timedelta(seconds=91))):
        with pytest.raises(oauth.BadCallback):
            oauth.read_callback(query, APP, state="nonce", at=at)
