"""Speaking to one store's REST interface, with errors as types.

Basic authentication over https; over plain http (where WooCommerce ignores Basic) each request
is signed by OAuth 1.0a. Answers come back as raw JSON objects: `parse` gives them meaning.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shopapp.kit import egress
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Unreadable
from shopapp.platforms.woocommerce import fields
from shopapp.platforms.woocommerce.answers import (
    MAX_JSON_BYTES,
    KeysRefused,
    NotFound,
    StoreError,
    StoreSaidNo,
    StoreUnavailable,
    ask,
    expected_object,
    expected_rows,
    header_number,
    read_answer,
)
from shopapp.platforms.woocommerce.facts import StoreFacts, parse_store_facts
from shopapp.platforms.woocommerce.routes import PLUGIN, WOO, Routes, signed

__all__ = [
    "Client",
    "KeysRefused",
    "NotFound",
    "Page",
    "StoreError",
    "StoreSaidNo",
    "StoreUnavailable",
]

PER_PAGE = 100
_PAUSE_BETWEEN_PAGES = timedelta(milliseconds=150)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``number`` of ``pages`` (from 1); ``total``: rows in all pages."""

    number: int
    pages: int
    total: int
    items: tuple[JsonObject, ...]


class Client:
    """One store's REST interface. Every method may raise a StoreError."""

    def __init__(
        self,
        store_url: str,
        consumer_key: str,
        consumer_secret: str,
        *,
        plain_permalinks: bool = False,
        timeout: float = 30.0,
        resolver: egress.Resolver = egress.look_up,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """``store_url``: as `oauth.StoreAddress.url`. ``timeout``: seconds for one request.
        ``pause``: waits between two pages, so that a small host breathes."""
        self._routes = Routes(store_url.rstrip("/"), plain_permalinks)
        self._keys = (consumer_key, consumer_secret)
        self._timeout = timeout
        self._resolver = resolver
        self._pause = pause

    def store_facts(self) -> StoreFacts:
        """Return the store's settings (this also proves that the keys can read)."""
        general = expected_rows(self._call("GET", WOO, "settings/general"))
        taxed = any(
            row.get("id") == "woocommerce_calc_taxes" and row.get("value") == "yes"
            for row in general
        )
        try:
            return parse_store_facts(
                [*general], self._tax_settings() if taxed else None, self._index()
            )
        except Unreadable as error:
            raise StoreUnavailable(f"The store's settings: {error}.", temporary=True) from error

    def version(self) -> str:
        """Return WooCommerce's version as the store tells those who hold keys."""
        status = self._call("GET", WOO, "system_status", {"_fields": "environment"})
        environment = expected_object(expected_object(status).get("environment"))
        return fields.plain(environment.get("version"), 40)

    def orders(
        self,
        *,
        modified_after: datetime | None = None,
        created_after: datetime | None = None,
        status: str = "any",
        page: int = 1,
    ) -> Iterator[Page]:
        """Yield pages of orders, beginning with ``page``. ``any`` leaves out drafts and trash."""
        params = _since(modified_after, created_after) | {"status": status}
        return self._pages("orders", params, page)

    def products(self, *, modified_after: datetime | None = None, page: int = 1) -> Iterator[Page]:
        """Yield pages of products of any status but trash; variations are named apart."""
        return self._pages("products", _since(modified_after, None), page)

    def variations(self, product_id: str, *, page: int = 1) -> Iterator[Page]:
        """Yield pages of a product's variations."""
        return self._pages(f"products/{int(product_id)}/variations", {}, page)

    def categories(self, *, page: int = 1) -> Iterator[Page]:
        """Yield pages of product categories."""
        return self._pages("products/categories", {}, page)

    def customers(self, *, page: int = 1) -> Iterator[Page]:
        """Yield pages of customers of every role (the role says who shops)."""
        return self._pages("customers", {"role": "all"}, page)

    def order(self, order_id: str) -> JsonObject:
        """Return one order; NotFound when it is gone for good."""
        return self._object("GET", WOO, f"orders/{int(order_id)}")

    def product(self, product_id: str) -> JsonObject:
        """Return one product or variation; NotFound when it is gone for good."""
        return self._object("GET", WOO, f"products/{int(product_id)}")

    def customer(self, customer_id: str) -> JsonObject:
        """Return one customer; NotFound when the account was erased."""
        return self._object("GET", WOO, f"customers/{int(customer_id)}")

    def webhooks(self) -> list[JsonObject]:
        """Return all webhooks of the store, other apps' too."""
        return [row for page in self._pages("webhooks", {"status": "all"}, 1) for row in page.items]

    def create_webhook(
        self, *, name: str, topic: str, delivery_url: str, secret: str
    ) -> JsonObject:
        """Return the new webhook. The store pings ``delivery_url`` before it answers, and
        never tells the secret again."""
        asked: JsonObject = {
            "name": name,
            "topic": topic,
            "delivery_url": delivery_url,
            "secret": secret,
            "status": "active",
        }
        return self._object("POST", WOO, "webhooks", json=asked)

    def update_webhook(self, webhook_id: str, **changes: str) -> JsonObject:
        """Return the webhook with ``status``, ``secret``, ``delivery_url`` ... changed."""
        return self._object("PUT", WOO, f"webhooks/{int(webhook_id)}", json=dict(changes))

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete the webhook; one that is gone already is as good."""
        try:
            self._call("DELETE", WOO, f"webhooks/{int(webhook_id)}", {"force": "true"})
        except NotFound:
            return

    def plugin_connection_post(self, connection: JsonObject) -> JsonObject:
        """Give the plugin its connection and return what it says of the store (docs/wire.md).
        NotFound where the plugin is not installed."""
        return self._object("POST", PLUGIN, "connection", json=connection)

    def plugin_connection_get(self) -> JsonObject:
        """Return the plugin's word about its connection and outbox."""
        return self._object("GET", PLUGIN, "connection")

    def plugin_connection_delete(self) -> None:
        """Make the plugin forget its secret and empty its outbox."""
        self._call("DELETE", PLUGIN, "connection")

    def plugin_poke(self) -> JsonObject:
        """Make the plugin send what waits, and run the store's queue once."""
        return self._object("POST", PLUGIN, "poke")

    def _pages(self, route: str, params: dict[str, str], first: int) -> Iterator[Page]:
        """Yield pages in the order of ids: rows that change while we read cannot push others
        over a page's edge unseen; at worst one comes twice."""
        asked = {"per_page": str(PER_PAGE), "orderby": "id", "order": "asc"} | params
        number = first
        while True:
            url = self._routes.of(WOO, route, asked | {"page": str(number)})
            answer = self._send("GET", url)
            items = expected_rows(read_answer(answer))
            pages = header_number(answer, "X-WP-TotalPages")
            yield Page(number, pages, header_number(answer, "X-WP-Total"), items)
            if number >= pages or not items:
                return
            number += 1
            self._pause(_PAUSE_BETWEEN_PAGES.total_seconds())

    def _object(
        self, method: str, namespace: str, route: str, *, json: JsonObject | None = None
    ) -> JsonObject:
        return expected_object(self._call(method, namespace, route, json=json))

    def _tax_settings(self) -> Json:
        """Return the settings of taxes, None where the store has no such group."""
        try:
            return self._call("GET", WOO, "settings/tax")
        except NotFound:
            return None

    def _index(self) -> JsonObject:
        """Return the public index, {} where a security plugin closes it to guests."""
        try:
            return expected_object(read_answer(self._exchange("GET", self._routes.index())))
        except (KeysRefused, StoreSaidNo):
            return {}

    def _call(
        self,
        method: str,
        namespace: str,
        route: str,
        params: dict[str, str] | None = None,
        *,
        json: JsonObject | None = None,
    ) -> Json:
        return read_answer(self._send(method, self._routes.of(namespace, route, params), json))

    def _send(self, method: str, url: str, json: JsonObject | None = None) -> egress.Response:
        if url.startswith("https://"):
            return self._exchange(method, url, json, self._keys)
        key, secret = self._keys
        url = signed(method, url, consumer_key=key, consumer_secret=secret)
        return self._exchange(method, url, json)

    def _exchange(
        self,
        method: str,
        url: str,
        json: JsonObject | None = None,
        auth: tuple[str, str] | None = None,
    ) -> egress.Response:
        return ask(
            lambda: egress.request(
                method,
                url,
                headers={"Accept": "application/json"},
                json=json,
                auth=auth,
                timeout=self._timeout,
                max_bytes=MAX_JSON_BYTES,
                resolver=self._resolver,
            )
        )


def _since(modified: datetime | None, created: datetime | None) -> dict[str, str]:
    """Return the filters; WooCommerce compares whole seconds, and only later ones count."""
    asked = {}
    if modified is not None:
        asked["modified_after"] = f"{modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    if created is not None:
        asked["after"] = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return asked | {"dates_are_gmt": "true"} if asked else asked
