"""A Shopify shop's pages, asked without ports, with the app behind them played by a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.doubles.base.http import Request, as_wsgi
from tests.doubles.shopify.app_setup import AppSetup
from tests.doubles.shopify.front.door import answer_front
from tests.doubles.shopify.installing import install
from tests.doubles.shopify.profiles import PROFILES
from tests.doubles.shopify.records import Variant
from tests.doubles.shopify.seed import open_shop
from tests.doubles.shopify.shelving import buyable
from tests.doubles.shopify.shop import Shop

SECRET = "hush-hush-hush-hush-hush-hush-hush-hush"
HOME = "http://almgrenvik.test"

Asked = httpx.Request
AppAnswer = Callable[[Asked], httpx.Response]


@dataclass
class Front:
    """The shop, and the app's answer to what comes through the proxy."""

    shop: Shop
    app: AppAnswer = field(default=lambda _: httpx.Response(200, text="from the app"))

    def answer(self, request: Request) -> Any:
        """Answer a browser."""
        client = httpx.Client(transport=httpx.MockTransport(self.app))
        return answer_front(self.shop, request, client)

    def browser(self, **options: Any) -> httpx.Client:
        """Return a new browser: nobody has seen it before."""
        transport = httpx.WSGITransport(app=as_wsgi(self.answer))
        return httpx.Client(
            transport=transport, base_url=HOME, follow_redirects=True, timeout=10, **options
        )

    def told(self, topic: str) -> list[Any]:
        """Return the news of this topic that wait to be sent."""
        return [one for one in self.shop.news.waiting if one.topic == topic]

    @property
    def wares(self) -> list[Variant]:
        """Return what can be bought."""
        return buyable(self.shop)


def open_front() -> Front:
    """Return a shop with the app installed."""
    setup = AppSetup("client-id-123", [SECRET], "http://app.test")
    shop = open_shop(PROFILES["nordic"], setup, orders=0)
    shop.state.url = HOME
    install(shop)
    return Front(shop)
