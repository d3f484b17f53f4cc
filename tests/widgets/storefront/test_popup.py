"""The exit-intent pop-up at a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.widgets.storefront.shop import CART_ID, CONFIG, FULL
from tests.widgets.storefront.visit import Visit


def test_a_leaving_shopper_sees_the_cart_and_gets_it_mailed(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    popup = visit.sees_popup()
    expect(popup.get_by_role("listitem")).to_have_count(4)
    expect(popup).to_contain_text("Organic Cotton Tee")
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("checkbox").check()
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup).to_contain_text("Your cart is kept")
    [sent] = visit.shop.bodies("captures")
    assert len(sent.pop("event_id")) == 36
    assert sent == {
        "schema": 1,
        "cart_id": CART_ID,
        "email": "anna@example.se",
        "consent": {"version": "2026-11-1", "ticked": True},
        "country": "",
        "locale": "en",
    }
    visit.page.keyboard.press("Enter")
    expect(visit.popup).to_have_count(0)
    visit.is_unharmed()


def test_without_the_box_ticked_it_is_refused_in_words(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    popup = visit.sees_popup()
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup.get_by_role("alert")).to_have_text(
        "Please tick the box first, so that we may write to you."
    )
    expect(popup.get_by_role("checkbox")).to_be_focused()
    assert visit.shop.bodies("captures") == []


def test_where_no_box_is_asked_for_the_wording_stands_beside_the_field(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.config["consent"]["box"] = False
    visit.open()
    popup = visit.sees_popup()
    expect(popup.get_by_role("checkbox")).to_have_count(0)
    expect(popup.get_by_label("E-mail address")).to_have_accessible_description(
        CONFIG["consent"]["wording"]
    )
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup).to_contain_text("Your cart is kept")
    assert visit.shop.bodies("captures")[0]["consent"] == {"version": "2026-11-1", "ticked": False}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please type your e-mail address."),
        ("anna", "This does not look like an e-mail address. Please check it."),
        ("anna@example", "This does not look like an e-mail address. Please check it."),
    ],
)
def test_what_is_no_address_is_refused_in_words(visit: Visit, typed: str, said: str) -> None:
    visit.shop.cart = FULL
    visit.open()
    popup = visit.sees_popup()
    popup.get_by_label("E-mail address").fill(typed)
    popup.get_by_role("checkbox").check()
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup.get_by_role("alert")).to_have_text(said)
    expect(popup.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    assert visit.shop.bodies("captures") == []


def test_a_failing_app_is_told_in_words_and_the_second_try_counts_once(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.post_status = 503
    visit.open()
    popup = visit.sees_popup()
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("checkbox").check()
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup.get_by_role("alert")).to_contain_text("That did not work")
    visit.shop.post_status = 202
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup).to_contain_text("Your cart is kept")
    first, second = visit.shop.bodies("captures")
    assert first == second


def test_it_comes_once_in_seven_days(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.sees_popup()
    visit.open()
    visit.sees_nothing()
    visit.later(days=6.9)
    visit.shop.config["reminder"]["enabled"] = False
    visit.open()
    visit.sees_nothing()
    visit.later(days=7.1)
    visit.open()
    visit.sees_popup()


def test_the_keyboard_is_enough(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.page.focus("#first")
    popup = visit.sees_popup()
    expect(popup.get_by_label("E-mail address")).to_be_focused()
    visit.page.keyboard.type("anna@example.se")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Space")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    expect(popup).to_contain_text("Your cart is kept")
    expect(popup.get_by_role("button", name="Close")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.popup).to_have_count(0)
    expect(visit.page.locator("#first")).to_be_focused()


def test_the_focus_stays_inside_while_it_is_open(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.sees_popup()
    for _ in range(8):
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.id") != "first"


def test_nothing_typed_by_others_becomes_markup(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.rename = "T&ocirc;te &amp; <b onclick=x>bold</b><img src=x onerror=alert(1)>"
    visit.shop.config["consent"]["wording"] = "<i>wording</i>"
    visit.open()
    popup = visit.sees_popup()
    expect(popup.get_by_role("listitem").first).to_contain_text("Tôte & bold")
    expect(popup).to_contain_text("<i>wording</i>")
    expect(popup.locator("b, i")).to_have_count(0)
    assert visit.errors == []


def test_it_speaks_the_languages_of_the_configuration(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.config["texts"] = {
        "popup_title": "Ta med dig varukorgen",
        "more": "och {count} till",
    }
    visit.open()
    popup = visit.sees_popup()
    expect(popup.get_by_role("heading")).to_have_text("Ta med dig varukorgen")
    expect(popup).to_contain_text("och 1 till")
    expect(popup.get_by_role("button", name="Send my cart")).to_be_visible()


def test_a_right_to_left_shop_is_served_from_right_to_left(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.html = '<html lang="ar" dir="rtl">'
    visit.shop.config["dir"] = "rtl"
    visit.open()
    popup = visit.sees_popup()
    picture = popup.locator(".picture").first.bounding_box()
    cross = popup.locator(".cross").bounding_box()
    box = popup.bounding_box()
    assert picture
    assert cross
    assert box
    assert picture["x"] > box["x"] + box["width"] / 2
    assert cross["x"] < box["x"] + 60


def test_it_waits_while_the_shopper_types_or_the_shop_speaks(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<dialog open>Shop</dialog>')"
    )
    visit.sees_nothing()
    visit.page.evaluate("document.querySelector('dialog').remove()")
    visit.sees_popup()


def test_a_click_beside_it_closes_it(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.sees_popup()
    visit.page.mouse.click(20, 300)
    expect(visit.popup).to_have_count(0)
    visit.is_unharmed()
