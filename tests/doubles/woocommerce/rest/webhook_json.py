"""Webhooks as REST v3 writes them; the secret is never among it."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Webhook
from tests.doubles.woocommerce.rest.product_json import links, moments
from tests.doubles.woocommerce.state import State

HOOKS: dict[str, list[str]] = {
    "coupon.created": ["woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"],
    "coupon.updated": ["woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"],
    "coupon.deleted": ["wp_trash_post"],
    "coupon.restored": ["untrashed_post"],
    "customer.created": [
        "user_register",
        "woocommerce_created_customer",
        "woocommerce_new_customer",
    ],
    "customer.updated": ["profile_update", "woocommerce_update_customer"],
    "customer.deleted": ["delete_user"],
    "order.created": ["woocommerce_new_order"],
    "order.updated": ["woocommerce_update_order", "woocommerce_order_refunded"],
    "order.deleted": ["wp_trash_post", "woocommerce_trash_order"],
    "order.restored": ["untrashed_post", "woocommerce_untrash_order"],
    "product.created": [
        "woocommerce_process_product_meta",
        "woocommerce_new_product",
        "woocommerce_new_product_variation",
    ],
    "product.updated": [
        "woocommerce_process_product_meta",
        "woocommerce_update_product",
        "woocommerce_update_product_variation",
    ],
    "product.deleted": ["wp_trash_post"],
    "product.restored": ["untrashed_post"],
}
"""Topic -> the WordPress hooks behind it, as the recordings name them."""


def valid_topic(topic: str) -> bool:
    """Tell whether WooCommerce accepts this topic."""
    return topic in HOOKS or topic.startswith(("action.woocommerce_", "action.wc_"))


def webhook_json(state: State, webhook: Webhook, root: str) -> Json:
    """Return a webhook with every field."""
    resource, _, event = webhook.topic.partition(".")
    return {
        "id": webhook.id,
        "name": webhook.name,
        "status": webhook.status,
        "topic": webhook.topic,
        "resource": resource,
        "event": event,
        "hooks": HOOKS.get(webhook.topic, [event]),
        "delivery_url": webhook.delivery_url,
        **moments(state.settings, "date_created", webhook.created_at),
        **moments(state.settings, "date_modified", webhook.modified_at),
        "_links": links(root, f"webhooks/{webhook.id}", "webhooks"),
    }
