"""The recorded shop with a reader for each of its topics."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.conformance.lab import lab_store_read_by, lab_webhook
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.delivery import Delivered
from tests.doubles.woocommerce.shopkeeping import Wanted, create_order

TOPICS = (
    "order.created", "order.updated", "order.deleted", "order.restored", "product.created",
    "product.updated", "product.deleted", "product.restored", "customer.created",
    "customer.updated", "customer.deleted", "coupon.created", "coupon.updated", "coupon.deleted",
)  # fmt: skip


def listening_store(answers: Callable[[httpx.Request], httpx.Response] | None = None) -> Store:
    """Return the recorded shop with a webhook for every topic, read by this handler."""
    reader = httpx.MockTransport(answers or (lambda request: httpx.Response(200)))
    store = lab_store_read_by(reader)
    for number, topic in enumerate(TOPICS, start=1):
        lab_webhook(store, number, topic).secret = f"lab2-secret-{topic}"
    return store


def told(store: Store) -> list[Delivered]:
    """Run the queue and return what was delivered by it."""
    before = len(store.webhook_deliveries)
    store.run_queue()
    return [one for one in store.webhook_deliveries[before:] if not one.ping]


def rest_order(store: Store, status: str = "pending") -> int:
    """Create an order of one mug as REST does and return its number."""
    return create_order(store.shop.news, Wanted(lines=[(12, 0, 1)], status=status)).id
