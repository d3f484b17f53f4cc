"""The houses of each platform: its shops, its store, and how they are connected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from shopapp.shops.models import Shop
from tests.conftest import make_shop
from tests.laws.shopify_house import ShopifyHouse
from tests.laws.stage import House
from tests.laws.woocommerce_house import WooCommerceHouse
from tests.recovery.ingest import conftest as woocommerce
from tests.recovery.ingest import little_shopify as shopify
from tests.recovery.ingest.little_store import LittleStore

PLATFORMS = ("woocommerce", "shopify")
woocommerce_only = pytest.mark.parametrize("platform", ["woocommerce"])
shopify_only = pytest.mark.parametrize("platform", ["shopify"])


def make(platform: str, name: str) -> Shop:
    """Return a shop of this platform, ready to be connected."""
    if platform == "shopify":
        return shopify.make_shopify_shop(name)
    return make_shop(f"{name}.example", plugin_version="1.0.0")


def connect(shop: Shop) -> None:
    """Give the shop what its platform's connection consists of."""
    if shop.platform == "shopify":
        shopify.connect(shop)
    else:
        woocommerce.connect(shop)


def store_of(platform: str, *, now: datetime) -> Any:
    """Return an empty little store of this platform."""
    return shopify.LittleShopify(now=now) if platform == "shopify" else LittleStore(now=now)


def house_of(shop: Shop, store: Any) -> House:
    """Return the house of a connected shop."""
    return (
        ShopifyHouse(shop, store) if shop.platform == "shopify" else WooCommerceHouse(shop, store)
    )
