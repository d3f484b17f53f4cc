"""The script on a Shopify storefront, loaded by the theme app extension's own Liquid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.widgets.storefront.shopify_shop import ShopifyShop, open_shopify
from tests.widgets.storefront.visit import NOON

SWEATER = "/products/harbour-wool-sweater"
TAGS = "utm_source=rebasket&utm_medium=email&utm_campaign=cart&utm_content=Ab3dEf6hIj9_"


@pytest.fixture
def shop() -> Iterator[ShopifyShop]:
    with open_shopify() as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, shop: ShopifyShop) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", base_url=shop.url
    )
    opened = context.new_page()
    opened.clock.set_fixed_time(NOON)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def add(page: Page) -> None:
    """Put a sweater into the cart, as the theme does it; the script looks at the cart after it."""
    page.goto(SWEATER)
    page.wait_for_load_state("networkidle")
    with page.expect_request("**/config.json*"):
        page.get_by_role("button", name="Add to cart").click()


def leave(page: Page) -> Locator:
    """Take the pointer out through the top of the page, once all is quiet."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: -1}))"
    )
    return page.locator("[data-rebasket] dialog")


def sees_popup(page: Page) -> Locator:
    """Leave until the pop-up comes: its parts may still be on their way the first time."""
    popup = leave(page)
    for _ in range(20):
        page.wait_for_timeout(500)
        if popup.count():
            break
        popup = leave(page)
    expect(popup).to_be_visible()
    return popup


def test_a_popup_names_the_cart_by_its_token_without_the_key(shop: ShopifyShop, page: Page) -> None:
    add(page)
    popup = sees_popup(page)
    expect(popup).to_contain_text("Harbour Wool Sweater")
    expect(popup).to_contain_text("S / Fjord")
    popup.get_by_label("E-mail address").fill("anna@example.se")
    popup.get_by_role("checkbox").check()
    popup.get_by_role("button", name="Send my cart").click()
    expect(popup).to_contain_text("Your cart is kept")
    [sent] = shop.bodies("captures")
    assert (sent["cart_id"], sent["country"]) == (shop.cart.token, "SE")
    everything = str([(one.path, one.query, one.body) for one in shop.app.ledger])
    assert shop.cart.key not in everything
    assert shop.bodies("carts") == []
    assert shop.app.asked("report.js") == []


def test_what_liquid_knows_is_asked_with(shop: ShopifyShop, page: Page) -> None:
    add(page)
    [asked] = shop.app.asked("config.json")
    assert asked.query == {"country": ["SE"], "locale": ["en"]}


def test_an_empty_cart_asks_the_app_for_nothing_but_its_script(
    shop: ShopifyShop, page: Page
) -> None:
    page.goto("/")
    expect(leave(page)).to_have_count(0)
    asked = [one.path.rpartition("/")[2] for one in shop.app.ledger if one.server == "app"]
    assert asked == ["rebasket.js", "shopify.js"]


def test_without_the_embed_or_its_address_nothing_is_loaded(shop: ShopifyShop, page: Page) -> None:
    shop.front.shop.front.embeds.clear()
    page.goto("/", wait_until="networkidle")
    shop.front.shop.front.embeds.add("rebasket")
    shop.front.shop.state.metafields.clear()
    page.goto("/", wait_until="networkidle")
    assert shop.app.ledger == []


def test_a_theme_without_standard_events_is_watched_by_its_requests(
    shop: ShopifyShop, page: Page
) -> None:
    ware = shop.front.wares[0].id
    page.goto("/", wait_until="networkidle")
    with page.expect_request("**/config.json*"):
        page.evaluate(
            """async (id) => {
                const body = new URLSearchParams({ id });
                await (await fetch('/cart/add.js', { method: 'POST', body })).json();
            }""",
            ware,
        )


def test_a_standard_event_is_believed_only_when_its_promise_is_kept(
    shop: ShopifyShop, page: Page
) -> None:
    page.goto("/", wait_until="networkidle")
    page.evaluate("""() => {
        const event = new Event('shopify:cart:lines-update', {bubbles: true});
        event.promise = new Promise((_, fail) => (window.settle = fail));
        document.dispatchEvent(event);
    }""")
    page.wait_for_timeout(900)
    before = len(shop.app.asked("config.json"))
    _fill_by_hand(shop, page)
    with page.expect_request("**/config.json*"):
        page.evaluate("settle(new Error('declined'))")
    assert before == 0


def _fill_by_hand(shop: ShopifyShop, page: Page) -> None:
    """Fill the visitor's cart without the page's knowledge."""
    ware = shop.front.wares[0].id
    page.request.post(f"{shop.url}/cart/add.js", form={"id": str(ware)})


def test_an_action_of_another_app_is_seen_too(shop: ShopifyShop, page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    merchandise = f"gid://shopify/ProductVariant/{shop.front.wares[0].id}"
    with page.expect_request("**/config.json*"):
        page.evaluate(
            "(id) => Shopify.actions.updateCart({lines: [{merchandiseId: id, quantity: 1}]})",
            merchandise,
        )


def test_a_returning_shopper_finds_the_cart_but_not_on_the_cart_page(
    shop: ShopifyShop, page: Page
) -> None:
    add(page)
    page.goto("about:blank")
    page.clock.set_fixed_time(NOON + timedelta(minutes=31))
    page.goto("/cart", wait_until="networkidle")
    card = page.locator("[data-rebasket] section")
    expect(card).to_have_count(0)
    page.goto("about:blank")
    page.clock.set_fixed_time(NOON + timedelta(minutes=90))
    page.goto("/")
    expect(card).to_contain_text("Harbour Wool Sweater")
    card.get_by_role("link", name="Open cart").click()
    page.wait_for_url(f"{shop.url}/cart")


def test_a_landing_is_reported_with_the_restored_cart(shop: ShopifyShop, page: Page) -> None:
    ware = shop.front.wares[0].id
    with page.expect_response("**/landings"):
        page.goto(f"/cart/{ware}:2?storefront=true&{TAGS}")
    [sent] = shop.bodies("landings")
    assert (sent["click_ref"], sent["cart_id"]) == ("Ab3dEf6hIj9_", shop.cart.token)
    assert re.fullmatch(r".*/cart\?.*", page.url)


def test_names_are_plain_text(shop: ShopifyShop, page: Page) -> None:
    product = next(iter(shop.front.shop.state.products.values()))
    product.title = "Tea & <b onclick=x>Toast</b> &amp; Jam"
    add(page)
    popup = sees_popup(page)
    expect(popup).to_contain_text("Tea & <b onclick=x>Toast</b> &amp; Jam")
    expect(popup.locator("b")).to_have_count(0)


def test_the_page_keeps_its_own_cookies_and_gets_none_of_ours(
    shop: ShopifyShop, page: Page
) -> None:
    add(page)
    sees_popup(page)
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names == {"cart", "landing", "referrer"}


def test_the_checkout_loads_no_script_of_ours(shop: ShopifyShop, page: Page) -> None:
    add(page)
    page.goto("/checkout", wait_until="networkidle")
    assert page.locator("script[src*=rebasket]").count() == 0


def test_the_cart_of_two_visitors_is_never_mixed(
    shop: ShopifyShop, page: Page, chromium: Browser
) -> None:
    add(page)
    other = chromium.new_page(base_url=shop.url)
    other.goto("/", wait_until="networkidle")
    assert len(shop.app.asked("config.json")) == 1
    other.close()
