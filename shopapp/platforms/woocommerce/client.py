"""Speaking to one store's REST interface, with errors as types.

Basic authentication over https; over plain http (where WooCommerce ignores Basic) each request
is signed by OAuth 1.0a. Answers come back as raw JSON objects: `parse` gives them meaning.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from shopapp.kit import egress
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import KeysRefused, NotFound, StoreSaidNo, StoreUnavailable
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Item, Told, Where
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import fields, lists
from shopapp.platforms.woocommerce.answers import (
    MAX_JSON_BYTES,
    ask,
    expected_object,
    expected_rows,
    header_number,
    names_missing_thing,
    read_answer,
)
from shopapp.platforms.woocommerce.facts import parse_store_facts
from shopapp.platforms.woocommerce.routes import PLUGIN, WOO, Routes, signed

_PAUSE_BETWEEN_PAGES = timedelta(milliseconds=150)


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

    def read(self, where: Where) -> Told:
        """Return the page at this place: of a list, or all variations of ``where.parents``."""
        if where.kind == "variations":
            rows = [item for parent in where.parents for item in self._variations(parent)]
            return Told(tuple(rows), last=True)
        route, params = lists.asked_for(where)
        answer = self._send("GET", self._routes.of(WOO, route, params))
        return lists.told(
            where,
            expected_rows(read_answer(answer)),
            pages=header_number(answer, "X-WP-TotalPages"),
            total=header_number(answer, "X-WP-Total"),
        )

    def order(self, order_id: str) -> JsonObject:
        """Return one order; NotFound when it is gone for good."""
        return self._object("GET", WOO, f"orders/{int(order_id)}")

    def product(self, product_id: str) -> JsonObject:
        """Return one product or variation; NotFound when it is gone for good."""
        return self._object("GET", WOO, f"products/{int(product_id)}")

    def variant(self, variant_id: str) -> JsonObject:
        """Return one variation, which WooCommerce keeps among the products; NotFound when it is
        gone for good."""
        return self.product(variant_id)

    def customer(self, customer_id: str) -> JsonObject:
        """Return one customer; NotFound when the account was erased."""
        return self._object("GET", WOO, f"customers/{int(customer_id)}")

    def webhooks(self) -> list[JsonObject]:
        """Return all webhooks of the store, other apps' too."""
        return list(self._rows("webhooks", {"status": "all"}))

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

    def _variations(self, product_id: str) -> tuple[Item, ...]:
        """Return a product's variations, none when it is gone: each of them is asked about."""
        try:
            rows = list(self._rows(f"products/{int(product_id)}/variations"))
        except NotFound as error:
            if not names_missing_thing(error):
                raise StoreUnavailable(
                    "No shop answers at the store's address.", temporary=True
                ) from error
            return ()
        return lists.items_of(rows, parent=product_id)

    def _rows(self, route: str, params: dict[str, str] | None = None) -> Iterator[JsonObject]:
        """Yield the rows of all pages of a list, in the order of ids."""
        asked = {"per_page": str(lists.PER_PAGE), "orderby": "id", "order": "asc"} | (params or {})
        for number in itertools.count(1):
            url = self._routes.of(WOO, route, asked | {"page": str(number)})
            answer = self._send("GET", url)
            rows = expected_rows(read_answer(answer))
            yield from rows
            if number >= header_number(answer, "X-WP-TotalPages") or not rows:
                return
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
