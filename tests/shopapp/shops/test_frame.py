"""What the frame around a shop's pages says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from shopapp.shops.frame import banners_of, status_of, zone_of
from shopapp.shops.models import Shop

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def a_shop(**values: Any) -> Shop:
    told: dict[str, Any] = {"platform": Shop.Platform.WOOCOMMERCE, **values}
    return Shop(pk=7, name="Lindqvist", host="lindqvist.example", **told)


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ({"last_event_at": NOW - timedelta(minutes=4)}, "ok", "Connected, news 4 min ago"),
        ({}, "warn", "Connected, no news yet"),
        ({"sending_paused_at": NOW, "last_event_at": NOW}, "bad", "Sending is paused"),
        ({"state": Shop.State.REFUSED}, "bad", "Access refused by the store"),
    ],
)
def test_one_line_says_how_the_shop_is(values: dict[str, Any], kind: str, text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert status_of(a_shop(**values)) == {"kind": kind, "text": text}


def test_a_shop_that_is_well_has_no_banner() -> None:
    assert banners_of(a_shop(last_event_at=NOW)) == []


def test_paused_sending_is_told_above_every_page_with_its_reason() -> None:
    shop = a_shop(sending_paused_at=NOW, sending_paused_reason="The store answered with 503.")
    (banner,) = banners_of(shop)
    assert banner["title"] == "Sending is paused"
    assert banner["text"] == "The store answered with 503. It resumes by itself."


@pytest.mark.parametrize("state", [Shop.State.REFUSED, Shop.State.UNINSTALLED])
def test_a_lost_connection_is_told_once_even_while_sending_is_paused(state: str) -> None:
    (banner,) = banners_of(a_shop(state=state, sending_paused_at=NOW))
    assert banner["title"] == "The store is not connected"


@pytest.mark.parametrize("platform", Shop.Platform)
def test_a_shop_that_refuses_us_is_told_in_its_platforms_words(platform: str) -> None:
    (banner,) = banners_of(a_shop(state=Shop.State.REFUSED, platform=platform))
    assert banner["text"].endswith("Until then nothing is sent.")
    assert ("Shopify" in banner["text"]) == (platform == Shop.Platform.SHOPIFY)


def test_what_the_store_does_not_allow_is_named() -> None:
    lacks = "read_orders write_discounts"
    (banner,) = banners_of(a_shop(platform=Shop.Platform.SHOPIFY, access_lacks=lacks))
    assert "view orders, edit discounts" in banner["text"]
    assert "_" not in banner["text"]
    assert "allow what it asks" in banner["text"]


@pytest.mark.parametrize(
    ("stated", "zone"),
    [
        ("Europe/Stockholm", "Europe/Stockholm"),
        ("+02:00", "UTC"),
        ("Mars/Base", "UTC"),
        ("", "UTC"),
        ("../etc/passwd", "UTC"),
    ],
)
def test_moments_are_shown_by_the_shops_clock_if_it_has_one(stated: str, zone: str) -> None:
    assert zone_of(a_shop(timezone=stated)).key == zone
