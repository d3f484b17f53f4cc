"""The script is a guest: when it keeps quiet, and that the page is unharmed whatever happens."""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import expect

from tests.widgets.storefront.shop import EMPTY, FULL, FULL_WITH_ADDRESS
from tests.widgets.storefront.visit import Visit


def test_an_empty_cart_asks_the_app_for_nothing(visit: Visit) -> None:
    visit.open()
    visit.sees_nothing()
    assert [one.path.rpartition("/")[2] for one in visit.shop.ledger if one.server == "app"] == [
        "rebasket.js"
    ]
    assert len(visit.shop.asked("/wc/store/v1/cart")) == 1
    visit.is_unharmed()


@pytest.mark.parametrize("path", ["/checkout/", "/checkout/order-received/90/"])
def test_nobody_is_spoken_to_at_the_checkout(visit: Visit, path: str) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.later(hours=2)
    visit.open(path)
    visit.sees_nothing()
    visit.is_unharmed()


def test_the_checkout_block_is_known_by_itself(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.head = (
        "<script>addEventListener('DOMContentLoaded', () => document.body.insertAdjacentHTML("
        "'beforeend', '<div class=wp-block-woocommerce-checkout></div>'))</script>"
    )
    visit.open()
    visit.sees_nothing()


def test_an_address_that_the_shop_has_is_not_asked_for_again(visit: Visit) -> None:
    visit.shop.cart = FULL_WITH_ADDRESS
    visit.open()
    visit.sees_nothing()


@pytest.mark.parametrize("part", ["popup", "reminder"])
def test_what_the_shop_switched_off_stays_off(visit: Visit, part: str) -> None:
    visit.shop.cart = FULL
    visit.shop.config["popup"]["enabled"] = False
    visit.shop.config["reminder"]["enabled"] = part != "reminder"
    visit.open()
    visit.sees_nothing()


def test_without_a_wording_no_address_is_asked_for(visit: Visit) -> None:
    visit.shop.cart = FULL
    del visit.shop.config["consent"]
    visit.open()
    visit.sees_nothing()
    visit.is_unharmed()


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_failing_app_is_not_noticed(visit: Visit, status: int) -> None:
    visit.shop.cart = FULL
    visit.shop.config_status = status
    visit.open()
    visit.sees_nothing()
    visit.is_unharmed()


def test_a_slow_app_holds_nothing_up(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.config_gate = threading.Event()
    with visit.page.expect_request("**/config.json*"):
        visit.page.goto(visit.shop.shop_url, wait_until="load")
    visit.leave()
    expect(visit.page.locator("[data-rebasket]")).to_have_count(0)
    visit.is_unharmed()


@pytest.mark.parametrize("policy", ["connect-src 'self'", "script-src 'self' 'unsafe-inline'"])
def test_a_policy_that_shuts_us_out_leaves_the_page_as_it_is(visit: Visit, policy: str) -> None:
    visit.shop.cart = FULL
    visit.shop.page_headers = {"Content-Security-Policy": policy}
    visit.open()
    visit.sees_nothing()
    assert visit.shop.asked("config.json") == []
    visit.is_unharmed()


def test_a_policy_against_inline_styles_does_not_undress_us(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.page_headers = {"Content-Security-Policy": "style-src 'self'"}
    visit.open()
    popup = visit.sees_popup()
    assert popup.evaluate("(dialog) => getComputedStyle(dialog).borderTopStyle") == "none"
    assert popup.evaluate("(dialog) => dialog.offsetWidth") == 440


def test_where_storage_is_blocked_nobody_is_spoken_to_and_nothing_reported(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.plugin = visit.shop.config["reported"] = False
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    visit.open()
    visit.sees_nothing()
    assert visit.shop.bodies("carts") == []
    visit.is_unharmed()


def test_a_store_interface_that_answers_html_is_left_alone(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.rest_link = '<link rel="https://api.w.org/" href="/nowhere/">'
    visit.open()
    visit.sees_nothing()
    visit.is_unharmed()


def test_plain_permalinks_are_followed(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.rest_link = '<link rel="https://api.w.org/" href="/index.php?rest_route=/">'
    visit.open()
    visit.sees_popup()


def test_loaded_twice_it_runs_once(visit: Visit) -> None:
    visit.shop.cart = FULL
    source = f"{visit.shop.app_url}/w/x/rebasket.js"
    visit.shop.head = f'<script defer src="{source}"></script>'
    visit.open()
    assert len(visit.shop.asked("config.json")) == 1


def test_it_adds_one_global_and_no_cookie(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.page.add_init_script("window.before = Object.keys(window)")
    visit.open()
    visit.sees_popup()
    added = visit.page.evaluate("Object.keys(window).filter((name) => !before.includes(name))")
    assert set(added) - {"before", "shifted"} == {"Rebasket"}
    assert visit.page.context.cookies() == []


@pytest.mark.parametrize("classes", [None, "a-theme-without-the-usual-classes"])
def test_the_thank_you_page_forgets_the_cart(visit: Visit, classes: str | None) -> None:
    visit.shop.cart = FULL
    visit.shop.body_class = classes
    visit.shop.plugin = visit.shop.config["reported"] = False
    visit.open()
    assert len(visit.shop.bodies("carts")) == 1
    visit.shop.cart = EMPTY
    visit.open("/checkout/order-received/90/")
    visit.open()
    assert len(visit.shop.bodies("carts")) == 1
    visit.shop.cart = FULL
    visit.open()
    first, second = visit.shop.bodies("carts")
    assert first["cart_id"] != second["cart_id"]
    assert second["revision"] == 1
