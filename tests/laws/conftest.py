"""Fixtures of the laws: a house that is open for business, and its twin next door."""

from __future__ import annotations

import pytest

from shopapp.kit import egress
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws.stage import House
from tests.recovery.ingest.conftest import connect
from tests.recovery.ingest.little_store import LittleStore


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> LittleStore:
    """Return the store that answers every outbound request."""
    little = LittleStore(now=MORNING)
    monkeypatch.setattr(egress, "request", little.request)
    return little


@pytest.fixture
def house(shop: Shop, other_shop: Shop, store: LittleStore) -> House:
    """Return the shop, connected and open; the other shop is connected as well."""
    connect(shop)
    connect(other_shop)
    made = House(shop, store)
    made.open()
    return made


@pytest.fixture
def twin(house: House, other_shop: Shop) -> House:
    """Return the other shop, open with the same store's things under the same ids."""
    Shop.objects.filter(pk=other_shop.pk).update(plugin_version="1.0.0")
    other_shop.refresh_from_db()
    made = House(other_shop, LittleStore(now=MORNING))
    made.open()
    made.store = house.store
    return made
