"""WooCommerce as the product above sees it: what `platforms.registry.Connector` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shopapp.kit.safe_json import Json
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.woocommerce import verify
from shopapp.platforms.woocommerce.client import Client, NotFound
from shopapp.platforms.woocommerce.facts import StoreFacts
from shopapp.platforms.woocommerce.oauth import BadStoreAddress, normalise_store_url
from shopapp.platforms.woocommerce.orders import parse_bare_order
from shopapp.platforms.woocommerce.parse import (
    parse_category,
    parse_customer,
    parse_delivery,
    parse_order,
    parse_plugin,
    parse_product,
    parse_variation,
    read_envelope,
)
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.platforms.woocommerce.verify import Verdict

__all__ = [
    "PluginHead",
    "WebhookHead",
    "is_ping",
    "names_missing_thing",
    "open_client",
    "parse_bare_order",
    "parse_category",
    "parse_customer",
    "parse_delivery",
    "parse_order",
    "parse_plugin",
    "parse_sellable",
    "read_plugin_head",
    "read_webhook_head",
    "same_store",
    "wanted_topics",
    "webhook_signed",
]


@dataclass(frozen=True, slots=True)
class WebhookHead:
    """What a webhook's headers say; nothing of it is signed. Empty where absent."""

    topic: str
    delivery_id: str
    source: str
    signature: str


@dataclass(frozen=True, slots=True)
class PluginHead:
    """A signed report's event id and type; both empty when its body cannot be read.

    ``late``: signed outside the tolerance, to be applied in its order all the same.
    """

    event_id: str
    kind: str
    late: bool


def wanted_topics() -> Mapping[str, str]:
    """Return the webhooks to ask a store for, each with what it is good for."""
    return TOPICS


def read_webhook_head(headers: Mapping[str, str]) -> WebhookHead:
    """Return what a webhook's headers say of it."""
    return WebhookHead(
        topic=headers.get("X-WC-Webhook-Topic", ""),
        delivery_id=headers.get("X-WC-Webhook-Delivery-ID", ""),
        source=headers.get("X-WC-Webhook-Source", ""),
        signature=headers.get("X-WC-Webhook-Signature", ""),
    )


def is_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether this is WooCommerce's unsigned test post."""
    return verify.is_ping(headers.get("Content-Type"), body)


def webhook_signed(head: WebhookHead, body: bytes, secret: str) -> bool:
    """Say whether WooCommerce signed this body with our secret."""
    return bool(verify.webhook(body, head.signature, secret))


def same_store(source: str, host: str) -> bool:
    """Say whether X-WC-Webhook-Source names the store of this host; scheme and www may differ."""
    try:
        key = normalise_store_url(source).key
    except BadStoreAddress:
        return False
    return key.removeprefix("www.") == host.removeprefix("www.")


def read_plugin_head(
    headers: Mapping[str, str], body: bytes, secret: str, *, at: datetime
) -> PluginHead | None:
    """Return a report's event id and type, None when our plugin did not sign it. ``at``: real
    time, since the plugin's clock is the real one."""
    verdict = verify.plugin(body, headers.get("X-Rebasket-Signature"), secret, at=at)
    if verdict is Verdict.WRONG:
        return None
    late = verdict is Verdict.LATE
    try:
        envelope = read_envelope(body)
    except Unreadable:
        return PluginHead("", "", late)
    return PluginHead(envelope.event_id, envelope.kind, late)


def parse_sellable(source: Json, store: StoreFacts, *, product_id: str = "") -> Event:
    """Return a product or a variation; ``product_id`` says that it is one of its variations."""
    if product_id:
        return parse_variation(source, store, product_id=product_id)
    return parse_product(source, store)


def names_missing_thing(error: NotFound) -> bool:
    """Say whether the store looked and has no such thing. A missing route (WooCommerce switched
    off, or an older one) is a 404 as well, and says nothing about any order or product."""
    return error.code.endswith("invalid_id")


def open_client(url: str, keys: str, *, plain_permalinks: bool = False) -> Client:
    """Return a client; ``keys``: consumer key and secret with a colon between."""
    consumer_key, _, consumer_secret = keys.partition(":")
    return Client(url, consumer_key, consumer_secret, plain_permalinks=plain_permalinks)
