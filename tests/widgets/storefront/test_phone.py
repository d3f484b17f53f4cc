"""On a phone: a low sheet, never on the first view from a search."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.widgets.storefront.shop import FULL
from tests.widgets.storefront.visit import Visit

LONG = (
    "Yes, Lindqvist & Co may send me e-mails about this cart and about similar products. "
    "I can withdraw my consent at any time through the link in each mail."
)


def share(sheet: Locator, visit: Visit) -> float:
    """Returns how much of the view's height the sheet takes."""
    box = sheet.bounding_box()
    size = visit.page.viewport_size
    assert box
    assert size
    assert box["y"] + box["height"] == pytest.approx(size["height"], abs=1)
    return box["height"] / size["height"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640)])
def test_a_fast_flick_up_brings_a_sheet_of_at_most_a_quarter(
    phone: Visit, width: int, height: int
) -> None:
    phone.page.set_viewport_size({"width": width, "height": height})
    phone.shop.cart = FULL
    phone.shop.config["consent"]["wording"] = LONG
    phone.open()
    phone.page.clock.resume()
    phone.flick_up()
    expect(phone.popup).to_be_visible()
    expect(phone.popup).to_be_focused()
    assert share(phone.popup, phone) <= 0.25
    phone.popup.get_by_role("button", name="Send my cart").tap()
    field = phone.popup.get_by_label("E-mail address")
    expect(field).to_be_focused()
    assert share(phone.popup, phone) <= 0.25
    for part in (field, phone.popup.get_by_role("checkbox"), phone.popup.get_by_text(LONG)):
        box, frame = part.bounding_box(), phone.popup.bounding_box()
        assert box
        assert frame
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
    field.fill("anna@example.se")
    phone.popup.get_by_role("checkbox").check()
    phone.popup.get_by_role("button", name="Send").tap()
    expect(phone.popup).to_contain_text("Your cart is kept")
    assert share(phone.popup, phone) <= 0.25
    phone.popup.get_by_role("button", name="Close").tap()
    phone.is_unharmed()
    assert phone.shop.bodies("captures")[0]["email"] == "anna@example.se"


def test_the_page_under_the_sheet_stays_usable(phone: Visit) -> None:
    phone.shop.cart = FULL
    phone.open()
    phone.page.clock.resume()
    phone.flick_up()
    expect(phone.popup).to_be_visible()
    phone.is_unharmed()


@pytest.mark.parametrize(
    ("referrer", "welcome"),
    [
        ("https://www.google.com/", False),
        ("https://duckduckgo.com/", False),
        ("https://blog.example/", True),
    ],
)
def test_the_first_view_from_a_search_is_left_alone(
    phone: Visit, referrer: str, welcome: bool
) -> None:
    phone.shop.cart = FULL
    phone.open(referer=referrer)
    phone.page.clock.resume()
    phone.flick_up()
    phone.page.wait_for_load_state("networkidle")
    expect(phone.popup).to_have_count(int(welcome))


def test_the_reminder_is_a_low_sheet_too(phone: Visit) -> None:
    phone.shop.cart = FULL
    phone.open()
    phone.away(minutes=40)
    phone.open()
    expect(phone.card).to_be_visible()
    assert share(phone.card, phone) <= 0.25
