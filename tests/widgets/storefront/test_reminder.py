"""The cart reminder on return."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.widgets.storefront.shop import EMPTY, FULL, FULL_WITH_ADDRESS
from tests.widgets.storefront.visit import Visit


@pytest.fixture
def back(visit: Visit) -> Visit:
    """A shopper who left a cart behind and comes back after 31 minutes."""
    visit.shop.cart = FULL
    visit.open()
    visit.away(minutes=31)
    return visit


def test_a_returning_shopper_finds_the_cart(back: Visit) -> None:
    back.open()
    expect(back.card).to_be_visible()
    expect(back.card).to_contain_text("Stoneware Mug")
    back.is_unharmed()
    back.card.get_by_role("link", name="Open cart").click()
    back.page.wait_for_url(f"{back.shop.shop_url}/cart/")


def test_it_comes_once_in_a_visit(back: Visit) -> None:
    back.open()
    back.card.get_by_role("button", name="Close").click()
    expect(back.card).to_have_count(0)
    back.open()
    expect(back.card).to_have_count(0)
    back.away(minutes=70)
    back.open()
    expect(back.card).to_be_visible()


def test_it_takes_no_focus_and_goes_with_escape(back: Visit) -> None:
    back.open()
    expect(back.card).to_be_visible()
    assert back.page.evaluate("document.activeElement === document.body")
    back.card.get_by_role("link").focus()
    back.page.keyboard.press("Escape")
    expect(back.card).to_have_count(0)


def test_one_thing_at_a_time(back: Visit) -> None:
    back.open()
    expect(back.card).to_be_visible()
    back.leave()
    expect(back.popup).to_have_count(0)


def test_a_page_that_was_merely_left_open_is_a_return_too(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.page.evaluate("window.dispatchEvent(new Event('blur'))")
    visit.later(minutes=31)
    visit.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(visit.card).to_be_visible()


def test_a_long_look_at_one_page_is_no_return(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.later(minutes=31)
    visit.open("/product/stoneware-mug/")
    expect(visit.card).to_have_count(0)


@pytest.mark.parametrize("path", ["/cart/", "/checkout/"])
def test_where_the_cart_is_in_view_there_is_no_reminder(back: Visit, path: str) -> None:
    back.open(path)
    back.page.wait_for_load_state("networkidle")
    expect(back.card).to_have_count(0)


@pytest.mark.parametrize("cart", [EMPTY, FULL_WITH_ADDRESS])
def test_a_cart_that_changed_meanwhile_is_not_left_behind(back: Visit, cart: str) -> None:
    back.shop.cart = cart
    back.open()
    expect(back.card).to_have_count(0)


def test_a_short_pause_is_no_return(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.away(minutes=29)
    visit.open()
    expect(visit.card).to_have_count(0)


def test_an_address_of_another_site_is_no_cart(back: Visit) -> None:
    back.shop.config["pages"]["cart"] = "https://elsewhere.example/cart/"
    back.open()
    expect(back.card.get_by_role("link")).to_have_attribute("href", f"{back.shop.shop_url}/cart/")


def test_a_dark_shop_gets_a_dark_card_that_can_be_read(back: Visit) -> None:
    back.shop.head = "<style>body{background:#101114!important}</style>"
    back.open()
    expect(back.card).to_have_css("background-color", "rgb(29, 30, 34)")
    expect(back.card).to_have_css("color", "rgb(244, 244, 242)")
