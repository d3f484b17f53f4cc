"""A connected shop, its store in memory, and a door to knock on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from recovery.ingest import reconciling
from recovery.ingest.models import Delivery, Subscription
from recovery.ingest.webhooks import _context
from shopapp.kit import egress
from shopapp.kit.sealed import seal
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import (
    CATEGORY,
    CUSTOMER,
    ORDER,
    PRODUCT,
    VARIATION,
    LittleStore,
    signature,
)

Knock = Callable[..., Any]


def connect(shop: Shop, *, at: datetime = MORNING) -> None:
    """Give the shop keys, a plugin's secret and one secret per topic: ``<host>/<topic>``."""
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.API_KEYS, "ck_1:cs_1", at=at)
        credentials.keep(shop, Credential.Kind.PLUGIN_SECRET, f"{shop.host}/plugin", at=at)
        Subscription.objects.bulk_create(
            Subscription(
                shop=shop,
                topic=topic,
                platform_id=str(number),
                sealed_secret=seal(secret_of(shop, topic), context=_context(shop.pk, topic)),
                status="active",
                checked_at=at,
            )
            for number, topic in enumerate(TOPICS, start=1)
        )


def secret_of(shop: Shop, topic: str) -> str:
    """Return the secret that this shop's webhook signs with."""
    return f"{shop.host}/{topic}"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> LittleStore:
    """Return the store that answers every outbound request."""
    little = LittleStore(now=MORNING)
    monkeypatch.setattr(egress, "request", little.request)
    return little


@pytest.fixture
def connected(shop: Shop, other_shop: Shop) -> Shop:
    """Return the shop with its secrets; the other shop has its own."""
    connect(shop)
    connect(other_shop)
    return shop


@pytest.fixture
def knock(client: Client, connected: Shop) -> Knock:
    """Return a function that posts a webhook as the shop's store would."""

    def post(topic: str, body: bytes, **said: str) -> Any:
        shop = said.pop("shop", "") or connected.public_id
        headers = {
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Delivery-ID": "d" * 32,
            "X-WC-Webhook-Source": f"https://www.{connected.host}/",
            "X-WC-Webhook-Signature": signature(body, secret_of(connected, topic)),
        } | said
        return client.post(
            f"/hooks/woocommerce/{shop}/", body, content_type="application/json", headers=headers
        )

    return post


def inbox(shop: Shop) -> list[Delivery]:
    """Return the shop's deliveries, oldest first."""
    with access.scope(shop):
        return list(Delivery.objects.order_by("pk"))


def stock(store: LittleStore, *, products: int = 250) -> None:
    """Fill the store: so many products, and one or two of everything else."""
    for number in range(products):
        store.put("products", PRODUCT, name=f"Mug {number}")
    parent = store.put("products", PRODUCT, type="variable", variations=[])
    for _ in range(3):
        made = store.put("products", VARIATION, parent_id=parent["id"])
        parent["variations"].append(made["id"])
    store.put("categories", CATEGORY)
    store.put("customers", CUSTOMER)
    store.put("orders", ORDER)
    store.put("orders", ORDER, date_created_gmt="2026-08-01T00:00:00")


def read_all(shop: Shop, at: datetime = MORNING) -> None:
    """Read whatever is due, as the worker would."""
    while reconciling.read_next(shop, at=at):
        pass
