"""Shopify as the product above sees it: what `platforms.connector.Connector` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shopapp.kit.safe_json import Json
from shopapp.platforms.answers import NotFound
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.connector import Item, Kind, PluginHead, Renew, StoreAddress, WebhookHead
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import oauth, parse, verify
from shopapp.platforms.shopify.admin import frame_ancestors, lacks, words
from shopapp.platforms.shopify.api import Api
from shopapp.platforms.shopify.client import Client
from shopapp.platforms.shopify.deliveries import delivery_keys, read_webhook_head, same_store
from shopapp.platforms.shopify.identity import identity
from shopapp.platforms.shopify.keys import keys_due, read_keys, renew_at
from shopapp.platforms.shopify.parse import parse_delivery
from shopapp.platforms.shopify.restoring import way_to

__all__ = [
    "app_secrets",
    "delivery_keys",
    "frame_ancestors",
    "host_of",
    "is_ping",
    "keys_due",
    "kinds",
    "lacks",
    "names_missing_thing",
    "open_client",
    "parse_delivery",
    "parse_item",
    "parse_plugin",
    "read_plugin_head",
    "read_webhook_head",
    "renew_at",
    "renew_keys",
    "same_store",
    "tells_carts",
    "wanted_topics",
    "way_to",
    "webhook_signed",
    "words",
]

kinds: tuple[Kind, ...] = ("categories", "products", "customers", "orders", "checkouts")
tells_carts: bool = True


def wanted_topics() -> Mapping[str, str]:
    """Return none: ``shopify.app.toml`` has them written down for all shops."""
    return {}


def host_of(source: str) -> str:
    """Return the shop (``name.myshopify.com``) that X-Shopify-Shop-Domain names; '' for none."""
    return verify.shop_host(source)


def is_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """Return False: Shopify posts nothing unsigned."""
    del headers, body
    return False


def app_secrets() -> tuple[str, ...]:
    """Return the secrets that sign all shops' webhooks: two while one is being replaced."""
    return identity().secrets


def webhook_signed(head: WebhookHead, body: bytes, secrets: tuple[str, ...]) -> bool:
    """Say whether Shopify signed this body with one of these secrets."""
    return verify.webhook(body, head.signature, secrets)


def read_plugin_head(
    headers: Mapping[str, str], body: bytes, secret: str, *, at: datetime
) -> PluginHead | None:
    """Return None: there is no plugin."""
    del headers, body, secret, at
    return None


def parse_plugin(report: bytes | Json, store: StoreFacts) -> tuple[Event, ...]:
    """Raise Unreadable: there is no plugin."""
    del report, store
    raise Unreadable("Shopify has no plugin of ours")


def parse_item(kind: Kind, item: Item, store: StoreFacts) -> tuple[Event, ...]:
    """Return what one thing of a list, or asked for by its id, tells."""
    return parse.parse_node(kind, item.source, store)


def names_missing_thing(error: NotFound) -> bool:
    """Return True: Shopify answers null only for what it looked for."""
    del error
    return True


def open_client(store: StoreAddress, keys: str, *, renew: Renew | None = None) -> Client:
    """Return a client of the shop's Admin API; ``keys``: as `keys.Keys.to_text` writes them."""
    return Client(Api(store.host, keys, renew=renew))


def renew_keys(store: StoreAddress, keys: str, *, at: datetime) -> str:
    """Return new keys for old ones. Raises KeysRefused when the merchant has to open the app."""
    return oauth.refresh(store.host, read_keys(keys), identity(), at=at).to_text()
