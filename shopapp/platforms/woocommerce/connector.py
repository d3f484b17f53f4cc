"""WooCommerce as the product above sees it: what `platforms.connector.Connector` asks for."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime

from shopapp.kit.safe_json import Json
from shopapp.platforms.answers import KeysRefused
from shopapp.platforms.base import Event, Unreadable
from shopapp.platforms.connector import (
    Item,
    Kind,
    PluginHead,
    Renew,
    StoreAddress,
    WebhookHead,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import parse, verify
from shopapp.platforms.woocommerce.answers import names_missing_thing
from shopapp.platforms.woocommerce.client import Client
from shopapp.platforms.woocommerce.oauth import BadStoreAddress, normalise_store_url
from shopapp.platforms.woocommerce.orders import parse_bare_order
from shopapp.platforms.woocommerce.parse import parse_plugin
from shopapp.platforms.woocommerce.restoring import way_to
from shopapp.platforms.woocommerce.topics import TOLD, TOPICS
from shopapp.platforms.woocommerce.verify import Verdict
from shopapp.platforms.words import Words

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

logger = logging.getLogger(__name__)

words: Words = Words(
    name="WooCommerce",
    connect_again="The store no longer accepts our keys. Connect it again.",
    left_keys=(
        "The key named “Rebasket - API”, under WooCommerce, Settings, Advanced, REST API. We have"
        " forgotten it, so it opens nothing any more."
    ),
    left_webhooks=(
        "The webhooks whose names begin with “Rebasket”, under WooCommerce, Settings, Advanced,"
        " Webhooks. Your store could not be reached; WooCommerce also switches them off by itself."
    ),
    left_app=(
        "The plugin Rebasket, under Plugins. It notices by itself that the connection is over."
    ),
    news=TOLD,
)
kinds: tuple[Kind, ...] = ("categories", "products", "variations", "customers", "orders")
tells_carts: bool = False


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


def host_of(source: str) -> str:
    """Return the `Shop.host` that X-WC-Webhook-Source names; '' when that is no address."""
    try:
        return normalise_store_url(source).key
    except BadStoreAddress:
        return ""


def is_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether this is WooCommerce's unsigned test post."""
    return verify.is_ping(headers.get("Content-Type"), body)


def app_secrets() -> tuple[str, ...]:
    """Return no secrets: each webhook is made with one of its own."""
    return ()


def webhook_signed(head: WebhookHead, body: bytes, secrets: tuple[str, ...]) -> bool:
    """Say whether WooCommerce signed this body with one of these secrets."""
    return any(verify.webhook(body, head.signature, secret) for secret in secrets)


def same_store(head: WebhookHead, body: bytes, host: str) -> bool:
    """Say whether X-WC-Webhook-Source names the store of this host; scheme and www may differ."""
    del body  # Nothing in it names the store.
    told = host_of(head.source)
    return told != "" and told.removeprefix("www.") == host.removeprefix("www.")


def delivery_keys(head: WebhookHead, body: bytes) -> tuple[str, str]:
    """Return what makes a delivery the same one; equal content may be new.

    WooCommerce's delivery id is a hash of webhook and second, so two products saved in one second
    share it: only with topic and body is it an event's.
    """
    # Each part is hashed by itself first, so that no two lists of parts run together.
    parts = (head.delivery_id.encode(), head.topic.encode(), body)
    whole = b"".join(hashlib.sha256(part).digest() for part in parts)
    return f"webhook:{hashlib.sha256(whole).hexdigest()}", ""


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
        envelope = parse.read_envelope(body)
    except Unreadable:
        return PluginHead("", "", late)
    return PluginHead(envelope.event_id, envelope.kind, late)


def parse_delivery(
    topic: str, body: bytes | Json, store: StoreFacts, *, said_at: datetime | None = None
) -> tuple[Event, ...]:
    """Return what a webhook tells."""
    del said_at  # WooCommerce's bodies hold their own moments.
    return parse.parse_delivery(topic, body, store)


def parse_item(kind: Kind, item: Item, store: StoreFacts) -> tuple[Event, ...]:
    """Return what one thing of a list, or asked for by its id, tells. An order's figures that
    cannot be read leave who ordered and when."""
    match kind:
        case "orders":
            return (_order(item, store),)
        case "categories":
            return (parse.parse_category(item.source),)
        case "customers":
            return (parse.parse_customer(item.source),)
        case _ if item.parent:
            return (parse.parse_variation(item.source, store, product_id=item.parent),)
        case _:
            return (parse.parse_product(item.source, store),)


def _order(item: Item, store: StoreFacts) -> Event:
    try:
        return parse.parse_order(item.source, store)
    except Unreadable as error:
        logger.warning("an order's figures could not be read", extra={"reason": str(error)[:100]})
        return parse_bare_order(item.source, store)


def open_client(store: StoreAddress, keys: str, *, renew: Renew | None = None) -> Client:
    """Return a client; ``keys``: consumer key and secret with a colon between."""
    del renew  # These keys last until somebody takes them back.
    consumer_key, _, consumer_secret = keys.partition(":")
    return Client(store.url, consumer_key, consumer_secret, plain_permalinks=store.plain_permalinks)


def keys_due(keys: str, *, at: datetime) -> bool:
    """Return False: WooCommerce's keys last."""
    del keys, at
    return False


def renew_at(keys: str) -> datetime | None:
    """Return None: WooCommerce's keys last."""
    del keys
    return None


def renew_keys(store: StoreAddress, keys: str, *, at: datetime) -> str:
    """Raise KeysRefused: only the merchant can give new keys."""
    del store, keys, at
    raise KeysRefused("WooCommerce's keys cannot be renewed")


def lacks(granted: tuple[str, ...]) -> tuple[str, ...]:
    """Return nothing: the keys are given whole."""
    del granted
    return ()


def frame_ancestors(host: str) -> tuple[str, ...]:
    """Return no origins: the console has a window of its own."""
    del host
    return ()
