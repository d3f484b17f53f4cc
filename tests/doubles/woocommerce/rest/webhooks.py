"""Webhooks of REST v3; making one sends the ping at once."""

from __future__ import annotations

import secrets

from tests.doubles.woocommerce.errors import ApiError, unknown_id
from tests.doubles.woocommerce.records import Webhook
from tests.doubles.woocommerce.rest.call import Answer, Call, created, page_of
from tests.doubles.woocommerce.rest.webhook_json import valid_topic, webhook_json
from tests.doubles.woocommerce.settings import now

_STATUSES = ("active", "paused", "disabled")


def list_webhooks(call: Call) -> Answer:
    """Answer a page of webhooks, the newest first."""
    wanted = call.query.get("status", "all")
    found = [w for w in call.state.webhooks.values() if wanted in ("all", w.status)]
    found.sort(key=lambda one: one.id, reverse=call.query.get("order", "desc") == "desc")
    return page_of(call, found, lambda one: webhook_json(call.state, one, call.root))


def _webhook(call: Call) -> Webhook:
    webhook = call.state.webhooks.get(call.id())
    if webhook is None:
        raise unknown_id("shop_webhook", "ID is invalid.")
    return webhook


def get_webhook(call: Call) -> Answer:
    """Answer one webhook."""
    return Answer(webhook_json(call.state, _webhook(call), call.root))


def _checked(topic: str, delivery_url: str) -> None:
    if not valid_topic(topic):
        message = "Webhook topic is required and must be valid."
        raise ApiError("woocommerce_rest_shop_webhook_invalid_topic", message, 400)
    if not delivery_url.startswith(("http://", "https://")):
        message = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise ApiError("woocommerce_rest_shop_webhook_invalid_delivery_url", message, 400)


def create_webhook(call: Call) -> Answer:
    """Make a webhook and ping its address; it stays active even when the ping fails."""
    posted = call.fields()
    topic, url = str(posted.get("topic", "")), str(posted.get("delivery_url", ""))
    _checked(topic, url)
    made_on = now().strftime("%b %d, %Y @ %I:%M %p")
    webhook = Webhook(
        id=call.state.next_id("webhook"),
        name=str(posted.get("name") or f"Webhook created on {made_on}"),
        topic=topic,
        delivery_url=url,
        secret=str(posted.get("secret") or secrets.token_hex(25)),
        created_at=now(),
        status=str(posted.get("status", "active")),
    )
    call.state.webhooks[webhook.id] = webhook
    call.shop.deliveries.ping(webhook)
    body = webhook_json(call.state, webhook, call.root)
    return created(call, body, f"webhooks/{webhook.id}")


def update_webhook(call: Call) -> Answer:
    """Change a webhook; a new address is pinged, and failures stay counted until a success."""
    webhook, posted = _webhook(call), call.fields()
    topic = str(posted.get("topic", webhook.topic))
    url = str(posted.get("delivery_url", webhook.delivery_url))
    _checked(topic, url)
    moved = url != webhook.delivery_url
    webhook.topic, webhook.delivery_url = topic, url
    webhook.name = str(posted.get("name", webhook.name))
    webhook.secret = str(posted.get("secret", webhook.secret))
    if posted.get("status") in _STATUSES:
        webhook.status = str(posted["status"])
    webhook.modified_at = now()
    if moved:
        call.shop.deliveries.ping(webhook)
    return Answer(webhook_json(call.state, webhook, call.root))


def remove_webhook(call: Call) -> Answer:
    """Delete a webhook, only with ``force=true``."""
    webhook = _webhook(call)
    if call.query.get("force") != "true":
        message = "Webhooks do not support trashing."
        raise ApiError("woocommerce_rest_trash_not_supported", message, 501)
    call.state.webhooks.pop(webhook.id)
    return Answer(webhook_json(call.state, webhook, call.root))
