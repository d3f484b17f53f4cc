"""The double's online store: what a shopper does, and what becomes of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conformance.shopify.front import HOME, Front
from tests.doubles.shopify.payloads.product_json import picture_url

ADDRESS = {
    "first_name": "Anna", "last_name": "Holm", "address1": "Storgatan 1", "zip": "211 20",
    "city": "Malmö", "country": "SE", "email": "anna@example.se",
}  # fmt: skip


def typed(front: Front, **more: str) -> Any:
    """Return a browser at the checkout with everything typed."""
    browser = front.browser()
    browser.get("/?utm_source=rebasket&utm_content=Ab3dEf6hIj9_")
    browser.post("/cart/add.js", json={"id": front.wares[0].id, "quantity": 1})
    browser.post("/cart/update.js", json={"attributes": {"_rebasket": "Ab3dEf6hIj9_"}})
    checkout = browser.get("/checkout")
    browser.post(checkout.url.path, data={**ADDRESS, "step": "typed", **more})
    return browser, checkout.url.path


def test_every_page_of_the_shelves_opens(front: Front) -> None:
    browser = front.browser()
    home = browser.get("/").text
    links = sorted(set(re.findall(r'href="(/(?:products|collections)/[^"?]+)"', home)))
    assert len(links) > 20
    assert {browser.get(link).status_code for link in links} == {200}
    assert browser.get("/products/nowhere").status_code == 404
    pictures = set(re.findall(r'src="(/cdn/pictures/[^"]+)"', home))
    assert {browser.get(one).headers["content-type"] for one in pictures} == {"image/svg+xml"}
    shown = [picture_url(front.shop.state, one.picture) for one in front.wares]
    assert {browser.get(one).headers["content-type"] for one in set(shown)} == {"image/png"}


def test_a_products_json_has_its_variants(front: Front) -> None:
    told = front.browser().get("/products/harbour-wool-sweater.js").json()
    assert [one["option1"] for one in told["variants"]] == ["S", "M", "L", "XL"]
    assert told["price"] == 12_900


def test_the_newsletter_box_is_off_and_is_told(front: Front) -> None:
    browser, path = typed(front)
    assert 'name="news" checked' not in browser.get(path).text
    assert json.loads(front.told("checkouts/update")[-1].body)["buyer_accepts_marketing"] is False
    browser.post(path, data={**ADDRESS, "step": "typed", "news": "on"})
    told = [json.loads(one.body) for one in front.told("checkouts/update")]
    assert told[-1]["buyer_accepts_marketing"] is True
    assert told[-1]["email"] == "anna@example.se"


def test_an_order_carries_the_carts_attributes_and_where_the_visit_began(front: Front) -> None:
    browser, path = typed(front)
    thanks = browser.post(path, data={**ADDRESS, "gateway": "Cash on Delivery (COD)"})
    assert "anna@example.se" in thanks.text
    [told] = [json.loads(one.body) for one in front.told("orders/create")]
    assert told["note_attributes"] == [{"name": "_rebasket", "value": "Ab3dEf6hIj9_"}]
    assert told["landing_site"] == "/?utm_source=rebasket&utm_content=Ab3dEf6hIj9_"
    assert told["financial_status"] == "pending"
    assert browser.get("/cart.js").json()["items"] == []
    assert browser.get(path).url.path == f"{path}/thank-you"


def test_a_declined_card_and_wanting_fields_leave_no_order(front: Front) -> None:
    browser, path = typed(front)
    declined = browser.post(path, data={**ADDRESS, "gateway": "bogus", "card": "2"})
    assert "declined" in declined.text
    assert 'aria-invalid="true"' in browser.post(path, data={"email": "x", "place": "1"}).text
    assert front.told("orders/create") == []
    assert "thank-you" in str(browser.post(path, data={**ADDRESS, "gateway": "bogus"}).url)


def test_a_recovery_address_opens_the_checkout_on_another_device(front: Front) -> None:
    _, path = typed(front)
    address = json.loads(front.told("checkouts/update")[-1].body)["abandoned_checkout_url"]
    elsewhere = front.browser()
    page = elsewhere.get(f"{address}&discount=WELCOME10")
    assert page.url.path == path
    assert "anna@example.se" in page.text
    assert "Storgatan 1" in page.text
    assert "Discount (WELCOME10)" in page.text
    assert elsewhere.get("/cart.js").json()["item_count"] == 1
    wrong = re.sub(r"key=\w+", "key=0", address)
    assert front.browser().get(wrong).status_code == 404


def test_a_permalink_fills_a_new_cart_and_lands_in_the_cart_page(front: Front) -> None:
    one, other = front.wares[:2]
    browser = front.browser()
    browser.post("/cart/add.js", json={"id": one.id, "quantity": 1})
    before = browser.get("/cart.js").json()["token"]
    page = browser.get(
        f"/cart/{one.id}:2,{other.id}:1?storefront=true&discount=WELCOME10"
        "&attributes[_rebasket]=Ab3dEf6hIj9_&utm_source=rebasket&utm_content=Ab3dEf6hIj9_"
    )
    assert str(page.url) == f"{HOME}/cart?utm_source=rebasket&utm_content=Ab3dEf6hIj9_"
    cart = browser.get("/cart.js").json()
    assert cart["item_count"] == 3
    assert cart["attributes"] == {"_rebasket": "Ab3dEf6hIj9_"}
    assert cart["total_discount"] > 0
    assert cart["token"] != before
    kept = front.shop.state.carts[cart["token"].split("?")[0]]
    assert "utm_content=Ab3dEf6hIj9_" in kept.landing_site


def test_a_permalink_without_the_storefront_goes_to_the_checkout(front: Front) -> None:
    page = front.browser().get(f"/cart/{front.wares[0].id}:1?checkout[email]=anna@example.se")
    assert page.url.path.startswith("/checkouts/cn/")
    assert "anna@example.se" in page.text


def test_a_permalink_to_what_is_gone_says_so(front: Front) -> None:
    page = front.browser().get("/cart/1:1?storefront=true")
    assert page.status_code == 200
    assert "Cannot find variant" in page.text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/"])
def test_a_discount_link_waits_for_the_cart_and_leads_nowhere_else(front: Front, back: str) -> None:
    browser = front.browser()
    page = browser.get("/discount/WELCOME10", params={"redirect": back})
    assert str(page.url) == f"{HOME}/"
    browser.post("/cart/add.js", json={"id": front.wares[0].id})
    assert browser.get("/cart.js").json()["total_discount"] > 0
