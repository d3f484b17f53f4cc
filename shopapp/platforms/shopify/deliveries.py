"""What a webhook's headers say, and whether its body speaks of the same shop. Pure.

Shopify writes its headers as ``X-Shopify-Topic`` and, newly, as ``shopify-topic``; both are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from shopapp.kit.safe_json import BadJson, JsonObject, loads_object
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import WebhookHead
from shopapp.platforms.shopify import fields, topics, verify
from shopapp.platforms.shopify.parse import MAX_BODY_BYTES

_MAX_VALUE = 150


def read_webhook_head(headers: Mapping[str, str]) -> WebhookHead:
    """Return what a webhook's headers say of it; '' for what is absent, too long, or told
    differently by the two spellings."""
    told = {name.lower(): value for name, value in headers.items()}
    topic = _told(told, "topic")
    return WebhookHead(
        topic=topic,
        delivery_id=_told(told, "webhook-id"),
        source=_told(told, "shop-domain"),
        signature=_told(told, "hmac-sha256"),
        said_at=_moment(_told(told, "triggered-at")),
        binding=topics.is_binding(topic),
    )


def same_store(head: WebhookHead, body: bytes, host: str) -> bool:
    """Say whether headers and body speak of the shop that we know under ``host``.

    Headers are not signed: a delivery of one shop could be sent again as another's. Where the body
    names its shop, it has to be this one.
    """
    if not host or verify.shop_host(head.source) != host:
        return False
    named = _shop_named(_object(body))
    return named in {"", host}


def delivery_keys(head: WebhookHead, body: bytes) -> tuple[str, str]:
    """Return what makes a delivery the same one, and what makes its content the same.

    The first is Shopify's id of the delivery; without one, the digest of topic, moment and body (an
    uninstall says the same each time). The second is topic, thing and ``updated_at``, where the
    payload has these: a repeated delivery with a new id is the same news. It also holds a digest of
    the body, because more may change within one second than Shopify's moments can tell apart.
    """
    digest = hashlib.sha256(body).hexdigest()
    told_at = head.said_at.isoformat() if head.said_at else ""
    unnamed = hashlib.sha256(f"{head.topic}\n{told_at}\n{digest}".encode()).hexdigest()
    delivery = head.delivery_id or f"{head.topic}:{unnamed}"
    source = _object(body)
    moment = source.get("updated_at")
    thing = source.get("token") or source.get("id")
    if not topics.is_dated(head.topic) or not isinstance(moment, str):
        return delivery, ""
    if not isinstance(thing, str | int):
        return delivery, ""
    said = hashlib.sha256(f"{head.topic}\n{thing}\n{moment}\n{digest}".encode()).hexdigest()
    return delivery, f"{head.topic}:{said}"


def _told(headers: dict[str, str], name: str) -> str:
    found = {headers.get(f"{prefix}{name}") for prefix in ("x-shopify-", "shopify-")} - {None}
    if len(found) != 1:
        return ""
    value = (found.pop() or "").strip()
    return value if len(value) <= _MAX_VALUE else ""


def _moment(written: str) -> datetime | None:
    try:
        moment = fields.instant({"at": written}, "at") if written else None
    except Unreadable:
        return None
    return moment


def _object(body: bytes) -> JsonObject:
    try:
        return loads_object(body, max_bytes=MAX_BODY_BYTES)
    except BadJson:
        return {}


def _shop_named(source: JsonObject) -> str:
    for key in ("shop_domain", "myshopify_domain"):
        value = source.get(key)
        if isinstance(value, str) and value:
            return verify.shop_host(value) or value
    return ""
