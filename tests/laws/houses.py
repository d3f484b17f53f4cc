"""The houses of each platform: its shops, its store, and how they are connected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from shopapp.shops.models import Shop
from tests.conftest import make_shop
from tests.laws.stage import House
from tests.laws.woocommerce_house import WooCommerceHouse
from tests.recovery.ingest import conftest as woocommerce
from tests.recovery.ingest.little_store import LittleStore

PLATFORMS = ("woocommerce",)
woocommerce_only = pytest.mark.parametrize("platform", ["woocommerce"])
shopify_only = pytest.mark.parametrize("platform", ["shopify"])


def make(platform: str, name: str) -> Shop:
    """Return a shop of this platform, ready to be connected."""
    del platform
    return make_shop(f"{name}.example", plugin_version="1.0.0")


def connect(shop: Shop) -> None:
    """Give the shop what its platform's connection consists of."""
    woocommerce.connect(shop)


def store_of(platform: str, *, now: datetime) -> Any:
    """Return an empty little store of this platform."""
    del platform
    return LittleStore(now=now)


def house_of(shop: Shop, store: Any) -> House:
    """Return the house of a connected shop."""
    return WooCommerceHouse(shop, store)
