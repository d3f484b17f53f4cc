"""The double's Ajax cart against Shopify's documented answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.shopify.front import Front

AJAX = Path(__file__).parents[2] / "fixtures" / "shopify" / "ajax"


def recorded(name: str) -> Any:
    return json.loads((AJAX / name).read_text())


def same_kind(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return isinstance(ours, bool) and isinstance(theirs, bool)
    return ours is None or theirs is None or isinstance(ours, type(theirs))


def test_an_empty_cart_has_all_documented_keys(front: Front) -> None:
    cart = front.browser().get("/cart.js").json()
    documented = recorded("ajax_cart_empty.json")
    assert set(documented) <= set(cart)
    assert {key: cart[key] for key in documented if key not in ("token", "currency")} == {
        key: value for key, value in documented.items() if key not in ("token", "currency")
    }
    assert "?key=" in cart["token"]


def test_a_filled_cart_has_all_documented_keys_and_kinds(front: Front) -> None:
    browser, ware = front.browser(), front.wares[0]
    browser.post("/cart/add.js", json={"id": ware.id, "quantity": 2})
    cart, documented = browser.get("/cart.js").json(), recorded("ajax_cart.json")
    assert set(documented) <= set(cart)
    assert set(documented["items"][0]) <= set(cart["items"][0])
    for ours, theirs in ((cart, documented), (cart["items"][0], documented["items"][0])):
        assert [key for key in theirs if not same_kind(ours[key], theirs[key])] == []
    assert cart["item_count"] == 2
    assert cart["total_price"] == cart["items"][0]["line_price"] == int(ware.price * 200)


def test_what_is_added_is_answered_and_told(front: Front) -> None:
    browser, (one, other) = front.browser(), front.wares[:2]
    added = browser.post("/cart/add.js", data={"id": one.id, "quantity": "1"}).json()
    assert (added["variant_id"], added["quantity"]) == (one.id, 1)
    several = {"items": [{"id": other.id, "quantity": 2}], "sections": "cart-icon-bubble"}
    answer = browser.post("/cart/add.js", json=several).json()
    assert [item["variant_id"] for item in answer["items"]] == [other.id]
    assert ">3<" in answer["sections"]["cart-icon-bubble"]
    [created], [updated] = front.told("carts/create"), front.told("carts/update")
    token = browser.get("/cart.js").json()["token"].split("?")[0]
    assert json.loads(created.body)["token"] == json.loads(updated.body)["token"] == token


def test_quantities_attributes_and_codes_are_changed(front: Front) -> None:
    browser, ware = front.browser(), front.wares[0]
    browser.post("/cart/add.js", json={"id": ware.id})
    told = {"attributes": {"gift": "yes", "__own": "x"}, "note": "Hello", "discount": "WELCOME10"}
    cart = browser.post("/cart/update.js", json=told).json()
    assert (cart["attributes"], cart["note"]) == ({"gift": "yes"}, "Hello")
    assert cart["total_discount"] == cart["original_total_price"] // 10 > 0
    cart = browser.post("/cart/update.js", json={"discount": "", "updates": {ware.id: 2}}).json()
    assert (cart["total_discount"], cart["item_count"]) == (0, 2)
    key = cart["items"][0]["key"]
    assert (
        browser.post("/cart/change.js", json={"id": key, "quantity": 1}).json()["item_count"] == 1
    )
    assert browser.post("/cart/change.js", json={"line": 1, "quantity": 0}).json()["items"] == []
    cart = browser.post("/cart/clear.js").json()
    assert (cart["items"], cart["note"]) == ([], "Hello")


@pytest.mark.parametrize(("wanted", "status"), [({"id": 1}, 404), ({"quantity": 9_999}, 422)])
def test_what_cannot_be_had_is_refused_in_words(
    front: Front, wanted: dict[str, int], status: int
) -> None:
    ware = next(one for one in front.wares if one.tracked)
    answer = front.browser().post("/cart/add.js", json={"id": ware.id, "quantity": 1} | wanted)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["message"] == "Cart Error"


def test_each_visitor_has_a_cart_of_their_own(front: Front) -> None:
    one, other = front.browser(), front.browser()
    one.post("/cart/add.js", json={"id": front.wares[0].id})
    assert other.get("/cart.js").json()["items"] == []
    assert len(front.shop.state.carts) == 1
