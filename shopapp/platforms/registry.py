"""Which connector speaks to a shop's platform: the one place that knows them by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from shopapp.kit.safe_json import Json
from shopapp.platforms.base import CategoryChanged, ContactChanged, Event, OrderChanged
from shopapp.platforms.woocommerce import connector as woocommerce
from shopapp.platforms.woocommerce.client import (
    Client,
    KeysRefused,
    NotFound,
    Page,
    StoreError,
    StoreSaidNo,
    StoreUnavailable,
)
from shopapp.platforms.woocommerce.connector import PluginHead, WebhookHead
from shopapp.platforms.woocommerce.facts import StoreFacts

__all__ = [
    "Client",
    "Connector",
    "KeysRefused",
    "NotFound",
    "Page",
    "PluginHead",
    "StoreError",
    "StoreFacts",
    "StoreSaidNo",
    "StoreUnavailable",
    "WebhookHead",
    "connector_for",
]


class Connector(Protocol):
    """What the product asks of a platform. Whatever cannot be read raises base.Unreadable."""

    def wanted_topics(self) -> Mapping[str, str]:
        """Return the webhooks to ask for, each with what it is good for."""

    def read_webhook_head(self, headers: Mapping[str, str]) -> WebhookHead:
        """Return what a webhook's headers say of it."""

    def is_ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether this is the platform's unsigned test post."""

    def webhook_signed(self, head: WebhookHead, body: bytes, secret: str) -> bool:
        """Say whether the platform signed this body with our secret."""

    def same_store(self, source: str, host: str) -> bool:
        """Say whether this source is the store that we know under ``host``."""

    def read_plugin_head(
        self, headers: Mapping[str, str], body: bytes, secret: str, *, at: datetime
    ) -> PluginHead | None:
        """Return a report's event id and type, None when the plugin did not sign it."""

    def parse_delivery(
        self, topic: str, body: bytes | Json, store: StoreFacts
    ) -> tuple[Event, ...]:
        """Return what a webhook tells."""

    def parse_plugin(self, report: bytes | Json, store: StoreFacts) -> tuple[Event, ...]:
        """Return what a plugin's report tells."""

    def parse_order(self, source: Json, store: StoreFacts) -> OrderChanged:
        """Return an order as the store's interface gives it."""

    def parse_bare_order(self, source: Json, store: StoreFacts) -> OrderChanged:
        """Return who ordered and when, where an order's figures or lines cannot be read."""

    def parse_sellable(self, source: Json, store: StoreFacts, *, product_id: str = "") -> Event:
        """Return a product or variation as the store's interface gives it."""

    def parse_category(self, source: Json) -> CategoryChanged:
        """Return a category as the store's interface gives it."""

    def parse_customer(self, source: Json) -> ContactChanged:
        """Return a customer as the store's interface gives it."""

    def names_missing_thing(self, error: NotFound) -> bool:
        """Say whether the store looked and has no such thing."""

    def open_client(self, url: str, keys: str, *, plain_permalinks: bool = False) -> Client:
        """Return a client of the store's interface; ``keys`` as `shops.credentials` keeps them."""


_CONNECTORS: dict[str, Connector] = {"woocommerce": woocommerce}


def connector_for(platform: str) -> Connector:
    """Return the connector of this platform; raises KeyError for one that we do not know."""
    return _CONNECTORS[platform]
