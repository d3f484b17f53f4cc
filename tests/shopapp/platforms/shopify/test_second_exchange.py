"""Shopify's Python library asks for keys with our very words, and reads the same from answers."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
import shopify_app
import time_machine
from shopify_app.types import IdTokenDetails, Res, TokenExchangeAccessToken

from shopapp.kit.egress import Response
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.shopify import oauth
from shopapp.platforms.shopify.id_token import IdToken
from shopapp.platforms.shopify.identity import AppIdentity
from shopapp.platforms.shopify.keys import Keys
from tests.shopapp.platforms.shopify.signing import CLIENT_ID, FIXTURES, NOW, SECRET, SHOP

APP = AppIdentity(CLIENT_ID, (SECRET,), "", "", "", ())
THEIRS = shopify_app.ShopifyApp(client_id=CLIENT_ID, client_secret=SECRET)
DAY = timedelta(days=1)


class Both:
    """One token endpoint that either side may ask; it keeps what it was sent."""

    def __init__(self, name: str) -> None:
        self._raw = (FIXTURES / "answers" / f"{name}.json").read_bytes()
        self.asked: list[tuple[str, JsonObject]] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._theirs))

    def _theirs(self, request: httpx.Request) -> httpx.Response:
        body: JsonObject = json.loads(request.content)
        told = {name: str(value) for name, value in body.items()}
        self.asked.append((str(request.url), dict(told)))
        return httpx.Response(200, content=self._raw)

    def ours(self, host: str, body: JsonObject) -> Response:
        self.asked.append((f"https://{host}{oauth.ACCESS_PATH}", body))
        return Response(200, httpx.Headers(), self._raw)


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_both_exchange_an_id_token_with_the_same_words() -> None:
    both = Both("token_offline_expiring")
    details = IdTokenDetails(
        exchangeable=True, token="an.id.token", claims={"dest": f"https://{SHOP}"}
    )
    refused = Res(status=401, body="", headers={})
    with both.client() as client:
        theirs = THEIRS.exchange_using_token_exchange(
            "offline", details, invalid_token_response=refused, http_client=client
        ).access_token
    token = IdToken(SHOP, "42", "s", NOW, "an.id.token")
    ours = oauth.exchange_offline(token, APP, at=NOW, by=both.ours)
    assert both.asked[0] == both.asked[1]
    assert theirs is not None
    assert (ours.access_token, ours.refresh_token, ours.scope) == (
        theirs.token,
        theirs.refresh_token,
        theirs.scope,
    )
    assert theirs.expires == ours.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert theirs.refresh_token_expires == ours.refresh_expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_both_refresh_with_the_same_words() -> None:
    both = Both("token_offline_expiring")
    old = Keys("shpat_old", "shprt_old", NOW - DAY, NOW + DAY, "read_orders")
    known = TokenExchangeAccessToken(
        access_mode="offline",
        shop=SHOP.removesuffix(".myshopify.com"),
        token=old.access_token,
        expires=old.expires_at.isoformat(),
        scope=old.scope,
        refresh_token=old.refresh_token,
        refresh_token_expires=old.refresh_expires_at.isoformat(),
        user=None,
    )
    with both.client() as client:
        theirs = THEIRS.refresh_token_exchanged_access_token(known, http_client=client).access_token
    ours = oauth.refresh(SHOP, old, APP, at=NOW, by=both.ours)
    assert both.asked[0] == both.asked[1]
    assert theirs is not None
    assert (ours.access_token, ours.refresh_token) == (theirs.token, theirs.refresh_token)
