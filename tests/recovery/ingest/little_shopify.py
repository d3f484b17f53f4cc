"""A Shopify shop in this process, without sockets: the double, asked as `egress` would ask it.

One shop of the double answers for every host, so that two shops of a test have the same things
under the same ids. Its clock is the app's own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from shopapp.kit import egress
from shopapp.kit.egress import Response
from shopapp.platforms.shopify import api
from shopapp.platforms.shopify.api import Api
from shopapp.platforms.shopify.bucket import Bucket
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.doubles.base.http import Request
from tests.doubles.shopify import installing
from tests.doubles.shopify.admin import bulk_run
from tests.doubles.shopify.app import answer
from tests.doubles.shopify.app_setup import read_app_file
from tests.doubles.shopify.delivery import Deliveries
from tests.doubles.shopify.news import News
from tests.doubles.shopify.order_records import Refund
from tests.doubles.shopify.profiles import NORDIC
from tests.doubles.shopify.records import Product
from tests.doubles.shopify.shop import Shop as Store
from tests.doubles.shopify.state import State
from tests.doubles.shopify.tokens import Access

API_KEY = "c0ffee00c0ffee00c0ffee00c0ffee00"
SECRETS = ("shpss_the-older-one-that-still-signs", "shpss_the-newer-one")
TOKEN = "shpat_little"
APP_FILE = Path(__file__).resolve().parents[3] / "shopify.app.toml"
_FAR = datetime(2030, 1, 1, tzinfo=UTC)
Json = dict[str, Any]


def app_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say who the app is to Shopify, in the middle of replacing its secret."""
    monkeypatch.setenv("SHOPIFY_API_KEY", API_KEY)
    monkeypatch.setenv("SHOPIFY_API_SECRET", SECRETS[1])
    monkeypatch.setenv("SHOPIFY_API_SECRET_OLD", SECRETS[0])


def make_shopify_shop(name: str, **values: Any) -> Shop:
    """Return a Shopify shop in euro, not yet connected."""
    return make_shop(
        f"{name}.myshopify.com",
        platform=Shop.Platform.SHOPIFY,
        url=f"https://{name}.example",
        name=name.title(),
        **values,
    )


def connect(shop: Shop, *, at: datetime = MORNING) -> None:
    """Give the shop a token that the little shop takes."""
    keys = {
        "access_token": TOKEN,
        "refresh_token": "shprt_little",
        "expires_at": _FAR.isoformat(),
        "refresh_expires_at": _FAR.isoformat(),
        "scope": "read_orders",
    }
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, json.dumps(keys), at=at)


def open_store(host: str = "little.myshopify.com") -> Store:
    """Return an empty shop of the double with the app in it."""
    settings = dataclasses.replace(NORDIC.settings, host=host)
    setup = read_app_file(APP_FILE, client_id=API_KEY, secret=SECRETS[0], url="http://127.0.0.1")
    setup.rotate(SECRETS[1])
    state = State(settings, MORNING - timedelta(days=400))
    store = Store(NORDIC, state, News(state, setup), setup, [])
    installing.install(store)
    store.tokens.living[TOKEN] = Access(TOKEN, _FAR)
    # The client's clock stands still here: the shop must not count points by a real one.
    store.bucket.resize(1e9, 1e6)
    return store


@dataclass(slots=True)
class LittleShopify:
    """The shop that answers every outbound request.

    ``down``: what every request is answered with while it is set. ``spoilt``: global id to fields
    that a node has instead of its own.
    """

    store: Store = field(default_factory=open_store)
    now: datetime = MORNING
    asked: list[str] = field(default_factory=list)
    down: Response | None = None
    spoilt: dict[str, Json] = field(default_factory=dict)

    works: list[Callable[[], None]] = field(default_factory=list)
    """Lists that the shop has begun to write: `go_on` finishes them."""
    at_once: Callable[[], bool] = lambda: True
    """Whether the next list is finished as soon as it is asked for."""

    def answer_outbound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this shop answer whatever the app asks for, and write its lists without threads."""
        monkeypatch.setattr(egress, "request", self.request)
        monkeypatch.setattr(egress, "request_part", self.request_part)
        # What the client waits for, a next try or points, is not waited for here.
        rest = _Rest()
        monkeypatch.setitem(Api.__init__.__kwdefaults__ or {}, "sleep", rest.sleep)
        bucket = Bucket(clock=lambda: rest.slept, sleep=rest.sleep)
        monkeypatch.setattr(api, "bucket_of", lambda host: bucket)
        monkeypatch.setattr(bulk_run, "threading", SimpleNamespace(Thread=self._take_work))
        self.store.bulk.wait_seconds = 0.0

    def go_on(self) -> None:
        """Let the shop finish the lists that it has begun."""
        works, self.works = self.works, []
        for work in works:
            work()

    def request(self, method: str, url: str, **sent: Any) -> Response:
        """Answer a request of the connector's client, as `egress.request` would."""
        self.asked.append(f"{method} {urlsplit(url).path}")
        if self.down is not None:
            return self.down
        body = sent.get("content") or b""
        headers = {name.lower(): value for name, value in (sent.get("headers") or {}).items()}
        if sent.get("json") is not None:
            body = json.dumps(sent["json"]).encode()
            headers["content-type"] = "application/json"
        return self._spoil(self._ask(method, url, headers, body))

    def request_part(self, url: str, *, start: int, size: int, **_: Any) -> Response:
        """Answer for a part of a file, as `egress.request_part` would."""
        headers = {"range": f"bytes={start}-{start + size - 1}"}
        return self._ask("GET", url, headers, b"")

    def keep(self, product: Product) -> None:
        """Put a product on the shelf; nothing tells."""
        self.store.state.products[product.id] = product
        for variant in product.variants:
            self.store.state.variants[variant.id] = variant

    def change(self, route: str, thing_id: int, **changes: Any) -> None:
        """Rename a product; nothing tells."""
        assert route == "products"
        self.store.state.products[thing_id].title = changes["name"]

    def erase(self, route: str, thing_id: int) -> None:
        """Delete an order for good; nothing tells."""
        assert route == "orders"
        del self.store.state.orders[thing_id]

    def refund(self, order_id: int) -> None:
        """Give all the money of an order back; nothing tells."""
        order = self.store.state.orders[order_id]
        order.refunds.append(Refund(1, self.now, order.total, "", 1))
        order.updated_at = self.now

    def _take_work(self, *, target: Callable[..., None], args: Any, daemon: bool) -> _Work:
        del daemon
        return _Work(self, lambda: target(*args))

    def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Response:
        parts = urlsplit(url)
        request = Request(
            method, parts.scheme, self.store.host, parts.path, parts.query, headers, body,
            parse_qsl(parts.query, keep_blank_values=True),
        )  # fmt: skip
        told = answer(self.store, request, _no_deliveries(self.store), _NO_APP)
        return Response(told.status, httpx.Headers(told.headers), told.body)

    def _spoil(self, told: Response) -> Response:
        if not self.spoilt:
            return told
        value = _spoilt(json.loads(told.content), self.spoilt)
        return Response(told.status, told.headers, json.dumps(value).encode())


@dataclass(slots=True)
class _Rest:
    """A clock that goes on only by sleeping."""

    slept: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@dataclass(slots=True)
class _Work:
    """What stands for a thread: begun, it is done at once or waits for `go_on`."""

    little: LittleShopify
    work: Callable[[], None]

    def start(self) -> None:
        if self.little.at_once():
            self.work()
        else:
            self.little.works.append(self.work)


_NO_APP = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(503)))


def _no_deliveries(store: Store) -> Deliveries:
    return Deliveries(store, _NO_APP)


def _spoilt(value: Any, spoilt: dict[str, Json]) -> Any:
    if isinstance(value, list):
        return [_spoilt(one, spoilt) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _spoilt(one, spoilt) for key, one in value.items()}
    return changed | spoilt.get(str(value.get("id")), {})
