"""Shopify fulfils what the product asks of a platform, and says what it has and has not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopapp.platforms import connector as platform
from shopapp.platforms.answers import NotFound
from shopapp.platforms.base import Unreadable
from shopapp.platforms.connector import Connector, StoreAddress
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.registry import connector_for
from shopapp.platforms.shopify import connector as shopify
from tests.shopapp.platforms.shopify.admin import HOST, OTHER_HOST, keys

AS_ASKED: Connector = shopify  # mypy holds the module to the protocol
STORE = StoreFacts("EUR", 2, "Europe/Berlin", prices_include_tax=True)


def test_it_is_the_connector_of_its_platform() -> None:
    assert connector_for("shopify") is shopify
    assert shopify.words.name == "Shopify"
    assert shopify.kinds == ("categories", "products", "customers", "orders", "checkouts")


def test_a_client_can_what_shopify_can() -> None:
    client = shopify.open_client(StoreAddress(HOST, "https://tea.example"), keys())
    told: platform.Client = client
    assert told is client
    for able in (
        platform.TakesCustomers,
        platform.TakesReports,
        platform.MakesCodes,
        platform.LearnsOurAddress,
    ):
        assert isinstance(client, able)
    for unable in (platform.MakesWebhooks, platform.HasCompanion):
        assert not isinstance(client, unable)


def test_webhooks_are_written_down_for_all_shops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_SECRET", "new")
    monkeypatch.setenv("SHOPIFY_API_SECRET_OLD", "old")
    assert shopify.wanted_topics() == {}
    assert shopify.app_secrets() == ("new", "old")
    assert not shopify.is_ping({}, b"webhook_id=1")
    assert shopify.host_of(HOST.upper()) == HOST
    assert shopify.host_of(OTHER_HOST) == OTHER_HOST
    assert shopify.host_of("evil.example") == ""


def test_there_is_no_plugin() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert shopify.read_plugin_head({"X-Rebasket-Signature": "x"}, b"{}", "s", at=at) is None
    with pytest.raises(Unreadable):
        shopify.parse_plugin(b"{}", STORE)


def test_what_shopify_does_not_find_is_missing() -> None:
    assert shopify.names_missing_thing(NotFound("NOT_FOUND"))


def test_keys_are_due_shortly_before_their_end() -> None:
    assert not shopify.keys_due(keys(), at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert shopify.keys_due(keys(), at=datetime(2026, 11, 23, 10, 59, tzinfo=UTC))
