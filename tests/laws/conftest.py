"""Fixtures of the laws: a house that is open for business, and its twin next door.

Every test plays on each platform; what only one platform has is marked `woocommerce_only` or
`shopify_only` (`tests.laws.houses`).
"""

from __future__ import annotations

from typing import Any

import pytest

from shopapp.kit import egress
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws import houses
from tests.laws.stage import House
from tests.recovery.ingest import little_shopify


@pytest.fixture(params=houses.PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    """Return the platform that the shops of this test stand on."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def shop(db: None, platform: str) -> Shop:
    """Return the shop a test is about."""
    return houses.make(platform, "shop")


@pytest.fixture
def other_shop(shop: Shop, platform: str) -> Shop:
    """Return the second shop, which must never appear."""
    return houses.make(platform, "other")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, platform: str) -> Any:
    """Return the store that answers every outbound request."""
    little = houses.store_of(platform, now=MORNING)
    if platform == "shopify":
        little_shopify.app_identity(monkeypatch)
        little.answer_outbound(monkeypatch)
    else:
        monkeypatch.setattr(egress, "request", little.request)
    return little


@pytest.fixture
def house(shop: Shop, other_shop: Shop, store: Any) -> House:
    """Return the shop, connected and open; the other shop is connected as well."""
    houses.connect(shop)
    houses.connect(other_shop)
    made = houses.house_of(shop, store)
    made.open()
    return made


@pytest.fixture
def twin(house: House, other_shop: Shop) -> House:
    """Return the other shop, open with the same store's things under the same ids."""
    made = houses.house_of(other_shop, houses.store_of(other_shop.platform, now=MORNING))
    made.open()
    made.store = house.store
    return made
