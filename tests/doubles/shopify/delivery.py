"""Webhooks on their way: signed over the raw body, tried again for four hours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from dataclasses import dataclass

import httpx

from tests.doubles.shopify.news import Delivered, Pending
from tests.doubles.shopify.settings import API_VERSION, now
from tests.doubles.shopify.shop import Shop

logger = logging.getLogger(__name__)

TIMEOUT = httpx.Timeout(5.0, connect=1.0)
_AGENT = "Shopify-Captain-Hook"


def signature(secret: str, body: bytes) -> str:
    """Return what X-Shopify-Hmac-Sha256 says about this body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def headers_of(shop: Shop, pending: Pending) -> dict[str, str]:
    """Return a delivery's headers. Retries keep all of them but the signature, whose secret may
    have been revoked meanwhile."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "X-Shopify-Topic": pending.topic,
        "X-Shopify-Hmac-Sha256": signature(shop.setup.signing_secret, pending.body),
        "X-Shopify-Shop-Domain": shop.host,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": pending.webhook_id,
        "X-Shopify-Event-Id": pending.event_id,
        "X-Shopify-Triggered-At": f"{pending.triggered_at:%Y-%m-%dT%H:%M:%S.%f}Z",
    }
    if pending.subscription.name:
        headers["X-Shopify-Name"] = pending.subscription.name
    return headers


@dataclass(slots=True)
class Deliveries:
    """Sends a shop's news and keeps the ledger."""

    shop: Shop
    client: httpx.Client
    over: bool = False
    """Nothing more is sent: the shop is being closed."""

    def run(self) -> int:
        """Send all that is due; return how many deliveries were tried."""
        batch = self.shop.news.take_due()
        for pending in batch:
            if not self.over:
                self._deliver(pending)
        return len(batch)

    def _deliver(self, pending: Pending) -> None:
        news = self.shop.news
        dropped = news.faults.take("drop")
        times = 2 if news.faults.take("duplicate") else 1
        pending.tried += 1
        status = 0
        for _ in range(times):
            status = self._send(pending, dropped=dropped)
        if not dropped and not 200 <= status < 300 and not news.put_back(pending):
            logger.info("a %s delivery was given up", pending.topic)

    def _send(self, pending: Pending, *, dropped: bool) -> int:
        url = self.shop.setup.address_of(pending.subscription.uri)
        headers, at = headers_of(self.shop, pending), now()
        status = 0 if dropped else self._post(url, headers, pending.body)
        self.shop.news.ledger.append(
            Delivered(
                pending.topic, url, headers, pending.body, status, at, pending.webhook_id,
                pending.tried, dropped,
            )
        )  # fmt: skip
        return status

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        try:
            return self.client.post(url, headers=headers, content=body, timeout=TIMEOUT).status_code
        except (httpx.HTTPError, OSError) as error:
            logger.info("no answer to a delivery: %s", type(error).__name__)
            return 0
