"""Names, links, prices and settings are read as a shop means them."""

from __future__ import annotations

from typing import Any

import pytest

from shopapp.platforms.base import ProductChanged, Unreadable
from shopapp.platforms.facts import StoreFacts, zone
from shopapp.platforms.woocommerce import fields
from shopapp.platforms.woocommerce.facts import parse_store_facts
from shopapp.platforms.woocommerce.parse import (
    parse_category,
    parse_order,
    parse_product,
    parse_variation,
)
from tests.shopapp.platforms.woocommerce.recordings import USD, answer, with_changed

ORDER = answer("more/rest-v3/orders/block-coupon-variation-lines")


PRODUCT = answer("rest-v3/product_single")


def test_a_product_without_a_price_is_not_for_sale() -> None:
    source = {**PRODUCT, "price": "", "regular_price": "", "purchasable": False}
    product = parse_product(source, USD)
    assert isinstance(product, ProductChanged)
    assert (product.price.minor, product.available) == (0, False)


def test_prices_are_rounded_half_even_to_the_shops_decimals() -> None:
    for written, decimals, minor in [("4.375", 2, 438), ("4.365", 2, 436), ("1480", 0, 1480)]:
        store = StoreFacts("KWD", decimals, "UTC", prices_include_tax=False)
        product = parse_product({**PRODUCT, "price": written}, store)
        assert isinstance(product, ProductChanged)
        assert product.price.minor == minor


def test_a_variation_whose_stock_its_product_counts_has_that_number() -> None:
    source = {**answer("rest-v3/product_variations")[0], "manage_stock": "parent"}
    assert parse_variation(source, USD).variant.stock == 8
    del source["parent_id"]
    with pytest.raises(Unreadable):
        parse_variation(source, USD)
    assert parse_variation(source, USD, product_id="71").variant.product_id == "71"


def test_pieces_sold_by_weight_are_kept_as_whole_ones() -> None:
    order = parse_order(with_changed(ORDER, ("line_items", 0, "quantity"), 1.5), USD)
    assert order.lines[0].quantity == 2


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("T&ocirc;te &amp; <b>bold</b>", "Tôte & bold"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("3 &lt; 4", "3 < 4"),
        ("3 < 4", "3 < 4"),
        ("a\n\t b\u00a0c", "a b c"),
        ("&#0;x", "\ufffdx"),
        ("x" * 400, "x" * 300),
    ],
)
def test_a_stored_name_becomes_plain_text(stored: str, read: str) -> None:
    assert fields.plain(stored) == read


def test_stripping_hostile_tags_costs_no_more_than_their_length() -> None:
    assert fields.plain("<a" * 200_000)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://shop.example/a?b=c", "https://shop.example/a?b=c"),
        ("javascript:alert(1)", ""),
        ('https://shop.example/"onload=', ""),
        ("https://shop.example/a\n", ""),
        ("//shop.example", ""),
        ("https://" + "a" * 3000, ""),
        (None, ""),
    ],
)
def test_only_web_addresses_become_links(written: Any, url: str) -> None:
    assert fields.url(written) == url


def test_a_category_below_another_names_it() -> None:
    source: dict[str, Any] = {"id": 5, "name": "Caf&eacute;", "slug": "cafe", "parent": 4}
    assert parse_category(source).parent_id == "4"
    assert parse_category(source).name == "Café"


def test_store_facts_come_from_the_settings_and_the_index() -> None:
    folder = "more/rest-v3/settings-jpy-but-2-decimals-left-in-settings"
    facts = parse_store_facts(
        answer(f"{folder}/settings-general"),
        [{"id": "woocommerce_prices_include_tax", "value": "yes"}],
        answer("rest-v3/index_wp_json"),
    )
    assert facts == StoreFacts("JPY", 2, "America/Los_Angeles", True, "US", "Lab Woo Store")
    manual = parse_store_facts(
        answer(f"{folder}/settings-general"),
        None,
        answer("more/rest-v3/settings-tz-manual-offset-plus-5-45/wp-json-index"),
    )
    assert (manual.timezone, manual.prices_include_tax) == ("+05:45", False)


def test_a_zone_is_found_by_name_or_by_offset() -> None:
    assert str(zone("America/Los_Angeles")) == "America/Los_Angeles"
    assert str(zone("+05:45")) == "UTC+05:45"
    assert str(zone("-08:00")) == "UTC-08:00"
    assert str(zone("Mars/Olympus")) == "UTC"
    assert str(zone("../etc/passwd")) == "UTC"
