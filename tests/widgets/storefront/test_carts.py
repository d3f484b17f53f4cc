"""What is reported about the cart, with the plugin and without."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.widgets.storefront.shop import (
    CART_ID,
    CARTS,
    EMPTY,
    FULL,
    FULL_WITH_ADDRESS,
    SOURCES,
    Asked,
)
from tests.widgets.storefront.visit import Visit

RECORDED_LINES = [[12, 0, 2], [48, 49, 3], [58, 59, 1], [67, 68, 2]]


def cart_reads(visit: Visit) -> list[Asked]:
    """Returns the times the Store API was asked for the cart."""
    return visit.shop.asked("/wc/store/v1/cart")


@pytest.fixture
def bare(visit: Visit) -> Visit:
    """A shopper in a shop without the plugin."""
    visit.shop.plugin = visit.shop.config["reported"] = False
    return visit


def test_with_the_plugin_nothing_is_reported_by_the_browser(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.open()
    visit.sees_popup()
    assert visit.shop.bodies("carts") == []
    assert visit.shop.asked("report.js") == []


def test_without_the_plugin_ids_and_quantities_are_reported_once(bare: Visit) -> None:
    bare.shop.cart = FULL
    bare.open()
    bare.open("/cart/")
    [sent] = bare.shop.bodies("carts")
    assert re.fullmatch(r"[0-9a-f]{32}", sent.pop("cart_id"))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", sent.pop("event_id"))
    assert sent == {
        "schema": 1,
        "visitor_id": "",
        "changed_at": "2026-11-22T12:00:00.000Z",
        "revision": 1,
        "stage": "cart",
        "lines": RECORDED_LINES,
    }


def test_a_variation_without_a_named_product_stands_in_both_places(bare: Visit) -> None:
    bare.shop.cart = FULL
    bare.shop.parents = {}
    bare.open()
    assert bare.shop.bodies("carts")[0]["lines"] == [
        [12, 0, 2],
        [49, 49, 3],
        [59, 59, 1],
        [68, 68, 2],
    ]


def test_an_empty_cart_gets_no_id(bare: Visit) -> None:
    bare.open()
    bare.open("/cart/")
    assert bare.shop.bodies("carts") == []
    assert bare.page.evaluate("localStorage.length") == 0


def test_each_change_counts_one_up_and_an_emptied_cart_is_told(bare: Visit) -> None:
    bare.shop.cart = FULL
    bare.open()
    bare.open("/checkout/")
    bare.shop.cart = EMPTY
    bare.open()
    told = bare.shop.bodies("carts")
    assert [(one["revision"], one["stage"], one["lines"]) for one in told] == [
        (1, "cart", RECORDED_LINES),
        (2, "checkout", RECORDED_LINES),
        (3, "cart", []),
    ]
    assert len({one["cart_id"] for one in told}) == 1


def test_what_the_app_did_not_take_is_told_again(bare: Visit) -> None:
    bare.shop.cart = FULL
    bare.shop.post_status = 503
    bare.open()
    bare.shop.post_status = 202
    bare.open()
    bare.open()
    assert [one["revision"] for one in bare.shop.bodies("carts")] == [1, 2]


def test_the_popup_names_the_cart_that_was_reported(bare: Visit) -> None:
    bare.shop.cart = FULL
    bare.open()
    popup = bare.sees_popup()
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("checkbox").check()
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup).to_contain_text("Your cart is kept")
    [capture], [cart] = bare.shop.bodies("captures"), bare.shop.bodies("carts")
    assert capture["cart_id"] == cart["cart_id"] != CART_ID


@pytest.mark.parametrize(
    "happening",
    [
        "document.body.dispatchEvent(new CustomEvent('wc-blocks_added_to_cart', {bubbles: true}))",
        "window.dispatchEvent(new CustomEvent('wc-blocks_store_sync_required'))",
        "window.fire('added_to_cart')",
        "window.fire('updated_cart_totals')",
        "window.dispatchEvent(new Event('focus'))",
    ],
)
def test_every_sign_of_a_change_makes_it_look_again(visit: Visit, happening: str) -> None:
    visit.page.add_init_script("""
        const heard = {};
        const on = (names, call) => names.split(' ').forEach((name) => heard[name] = call);
        window.jQuery = () => ({ on });
        window.fire = (name) => heard[name]();
    """)
    visit.open()
    assert len(cart_reads(visit)) == 1
    visit.shop.cart = FULL
    with visit.page.expect_request("**/config.json*"):
        visit.page.evaluate(happening)
    assert len(cart_reads(visit)) == 2


CHANGING = re.compile("add-to-cart|cart: |remove")


@pytest.mark.parametrize("theme", ["storefront", "twentytwentyfive"])
def test_every_recorded_change_of_a_cart_gave_a_sign_that_is_listened_to(theme: str) -> None:
    listened = (SOURCES / "cart.js").read_text()
    steps = json.loads((CARTS / f"js-events/events-{theme}.json").read_text())
    changing = [step for step in steps if CHANGING.search(step["step"])]
    assert len(changing) >= 7
    for step in changing:
        signs = {event["type"] for event in step["events"] if event["kind"] not in ("fetch", "xhr")}
        assert any(re.search(rf"\b{sign}\b", listened) for sign in signs), step["step"]


def test_a_burst_of_signs_is_one_look(visit: Visit) -> None:
    visit.open()
    with visit.page.expect_request("**/wc/store/v1/cart"):
        visit.page.evaluate("""() => {
            const sync = () => new CustomEvent('wc-blocks_store_sync_required');
            for (let i = 0; i < 30; i++) dispatchEvent(sync());
        }""")
    visit.open()
    assert len(cart_reads(visit)) == 3


def test_nothing_of_the_address_in_the_cart_leaves_the_page(bare: Visit) -> None:
    bare.shop.cart = FULL_WITH_ADDRESS
    bare.open()
    bare.sees_popup()
    said = str([(one.query, one.body) for one in bare.shop.ledger if one.server == "app"])
    assert bare.shop.bodies("carts")
    assert "@" not in said
    assert bare.page.evaluate("localStorage.rebasket.includes('@')") is False


def test_the_configuration_is_asked_for_in_the_language_and_country(visit: Visit) -> None:
    visit.shop.cart = FULL
    visit.shop.html = '<html lang="sv-SE">'
    visit.shop.script = 'data-country="SE"'
    visit.open()
    [asked] = visit.shop.asked("config.json")
    assert asked.query == {"country": ["SE"], "locale": ["sv-SE"]}
    assert "cookie" not in asked.headers


CONSENT = "window.wp_has_consent = (kind) => kind === 'marketing'"
REFUSAL = "window.wp_has_consent = () => false"
SIGNAL = "Object.defineProperty(navigator, '{}', {{get: () => {}}})"


@pytest.mark.parametrize(
    ("allowed", "scripts", "kept"),
    [
        (False, [], False),
        (True, [], True),
        (True, [REFUSAL], False),
        (False, [CONSENT], True),
        (True, [CONSENT, SIGNAL.format("globalPrivacyControl", "true")], False),
        (True, [CONSENT, SIGNAL.format("doNotTrack", "'1'")], False),
    ],
)
def test_a_visitor_is_remembered_only_where_it_is_allowed(
    bare: Visit, allowed: bool, scripts: list[Any], kept: bool
) -> None:
    bare.shop.cart = FULL
    bare.shop.config["visitor"] = allowed
    for script in scripts:
        bare.page.add_init_script(script)
    bare.open()
    [sent] = bare.shop.bodies("carts")
    assert bool(re.fullmatch(r"[0-9a-f]{32}", sent["visitor_id"])) is kept
    assert bare.page.evaluate("'visitor' in JSON.parse(localStorage.rebasket)") is kept
