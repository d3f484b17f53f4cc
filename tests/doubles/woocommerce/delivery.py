"""The run of the queue: payloads built at delivery time, signed, sent once and never again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.errors import ApiError, unknown_id
from tests.doubles.woocommerce.news import News, Pending
from tests.doubles.woocommerce.records import Webhook
from tests.doubles.woocommerce.rest.order_json import order_json
from tests.doubles.woocommerce.rest.people_json import coupon_json, customer_json
from tests.doubles.woocommerce.rest.product_json import product_json
from tests.doubles.woocommerce.settings import (
    WOOCOMMERCE_VERSION,
    WORDPRESS_VERSION,
    dump,
    now,
)
from tests.doubles.woocommerce.state import State

logger = logging.getLogger(__name__)

AGENT = f"WooCommerce/{WOOCOMMERCE_VERSION} Hookshot (WordPress/{WORDPRESS_VERSION})"
_MAX_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Delivered:
    """One line of the ledger of deliveries. ``status`` is 0 where nothing answered."""

    webhook_id: int
    topic: str
    arg: int
    url: str
    headers: dict[str, str]
    body: bytes
    status: int
    at: datetime
    dropped: bool = False
    ping: bool = False


def payload(state: State, topic: str, arg: int, root: str) -> Json:
    """Return what is told about this thing as it stands now."""
    resource, _, event = topic.partition(".")
    if resource == "action":
        return {"action": event, "arg": arg}
    if event == "deleted":
        return {"id": arg}
    try:
        return _thing(state, resource, arg, root)
    except ApiError as error:
        return error.json()


def _thing(state: State, resource: str, arg: int, root: str) -> Json:
    if resource == "order":
        if arg not in state.orders:
            raise unknown_id("shop_order")
        return order_json(state, state.orders[arg], root)
    if resource == "product":
        if arg not in state.products:
            raise unknown_id("product")
        return product_json(state, state.products[arg], root)
    if resource == "coupon":
        if arg not in state.coupons:
            raise unknown_id("shop_coupon")
        return coupon_json(state, state.coupons[arg], root)
    if arg not in state.customers:
        raise ApiError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return customer_json(state, state.customers[arg], root)


def signature(secret: str, body: bytes) -> str:
    """Return what X-WC-Webhook-Signature says about this body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def delivery_id(webhook_id: int, at: datetime) -> str:
    """Return the delivery's id: one for all that this webhook sends within a second."""
    return hashlib.md5(
        f"{webhook_id}-{at:%Y%m%d%H%M%S}".encode(), usedforsecurity=False
    ).hexdigest()


@dataclass(slots=True)
class Deliveries:
    """Sends what waits and keeps the ledger."""

    state: State
    news: News
    client: httpx.Client
    home: str
    ledger: deque[Delivered] = field(default_factory=lambda: deque(maxlen=50_000))

    def run(self) -> int:
        """Send all that waits; return how many deliveries were tried."""
        batch = self.news.take_all()
        for pending in batch:
            self._deliver(pending)
        return len(batch)

    def ping(self, webhook: Webhook) -> None:
        """Send the unsigned form that WooCommerce sends before and between deliveries."""
        body = f"webhook_id={webhook.id}".encode()
        headers = {"User-Agent": AGENT, "Content-Type": "application/x-www-form-urlencoded"}
        status = self._post(webhook.delivery_url, headers, body)
        self.ledger.append(
            Delivered(
                webhook.id, webhook.topic, 0, webhook.delivery_url, headers, body, status, now(),
                ping=True,
            )
        )  # fmt: skip

    def _deliver(self, pending: Pending) -> None:
        webhook = self.state.webhooks.get(pending.webhook_id)
        if webhook is None or webhook.status != "active":
            return
        with self.state.lock:
            body = dump(payload(self.state, webhook.topic, pending.arg, self.home))
        at = now()
        headers = self._headers(webhook, body, at)
        dropped = self.news.faults.take("drop")
        times, status = (2 if self.news.faults.take("duplicate") else 1), 0
        for _ in range(times):
            status = 200 if dropped else self._post(webhook.delivery_url, headers, body)
            self.ledger.append(
                Delivered(
                    webhook.id, webhook.topic, pending.arg, webhook.delivery_url, headers, body,
                    status, at, dropped,
                )
            )  # fmt: skip
        self._remember(webhook, status)

    def _headers(self, webhook: Webhook, body: bytes, at: datetime) -> dict[str, str]:
        resource, _, event = webhook.topic.partition(".")
        return {
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"{self.home}/",
            "X-WC-Webhook-Topic": webhook.topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": signature(webhook.secret, body),
            "X-WC-Webhook-ID": str(webhook.id),
            "X-WC-Webhook-Delivery-ID": delivery_id(webhook.id, at),
        }

    def _remember(self, webhook: Webhook, status: int) -> None:
        """Count failures: the seventh in a row switches the webhook off; nothing is sent again."""
        if 200 <= status <= 302:
            webhook.failures = 0
            webhook.pending_delivery = False
        elif webhook.failures > _MAX_FAILURES:
            webhook.status = "disabled"
        else:
            webhook.failures += 1
            webhook.pending_delivery = True
            self.ping(webhook)

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        try:
            return self.client.post(url, headers=headers, content=body).status_code
        except httpx.HTTPError as error:
            logger.info("no answer to a delivery: %s", type(error).__name__)
            return 0
