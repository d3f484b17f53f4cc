"""Two shops of the Shopify double with the app in them, an app that listens, and a way to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.doubles.shopify import installing
from tests.doubles.shopify.front.id_tokens import id_token
from tests.doubles.shopify.shop import Shop
from tests.doubles.shopify.stand_in import StandIn

TOKEN_DOOR = "/admin/oauth/access_token"
API_DOOR = "/admin/api/2026-10/graphql.json"
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    "expiring": "1",
}
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"


@dataclass(slots=True)
class Listener:
    """The app's door: keeps what comes and answers as it is told. ``answers``: what the next
    deliveries get, then 200."""

    heard: list[httpx.Request] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 200)

    def topics(self) -> list[str]:
        return [one.headers["X-Shopify-Topic"] for one in self.heard]


class Bench:
    """Two shops without sockets. The second is always there and must never appear."""

    def __init__(self, **options: Any) -> None:
        self.app = Listener()
        self.shopify = StandIn(
            ["nordic", "kyoto"],
            threads=False,
            transport=httpx.MockTransport(self.app),
            **options,
        )
        self.shop, self.other = self.shopify.shops.values()
        for shop in (self.shop, self.other):
            installing.install(shop)
        wsgi = httpx.WSGITransport(app=self.shopify.wsgi)
        self.browser = httpx.Client(transport=wsgi, base_url=self.shopify.url)
        self.token = self.pair()["access_token"]

    def grant(self, of: Shop | None = None, /, **told: str) -> httpx.Response:
        """Ask the token endpoint with the app's own credentials, unless told otherwise."""
        own = {
            "client_id": self.shopify.setup.client_id,
            "client_secret": self.shopify.setup.newest_secret,
        }
        host = {"X-Stand-In-Host": (of or self.shop).host}
        return self.browser.post(TOKEN_DOOR, data={**own, **told}, headers=host)

    def subject(self, shop: Shop | None = None) -> str:
        """Return a fresh ID token of the owner."""
        shop = shop or self.shop
        return id_token(shop, shop.users[0], "session")

    def pair(self, shop: Shop | None = None) -> dict[str, Any]:
        """Return a new offline pair."""
        answer = self.grant(shop, **EXCHANGE, subject_token=self.subject(shop))
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def post(self, text: str, variables: dict[str, Any] | None = None) -> httpx.Response:
        """Post an operation to the Admin API."""
        headers = {"X-Shopify-Access-Token": self.token}
        posted = {"query": text, "variables": variables or {}}
        return self.browser.post(API_DOOR, json=posted, headers=headers)

    def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """Return the data of an operation that has to succeed."""
        answer = self.post(text, variables).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def close(self) -> None:
        """Let go of the clients."""
        self.browser.close()
        self.shopify.stop()

    def news(self) -> list[httpx.Request]:
        """Send what waits and return what the app heard of it."""
        before = len(self.app.heard)
        self.shopify.run_queue()
        return self.app.heard[before:]
