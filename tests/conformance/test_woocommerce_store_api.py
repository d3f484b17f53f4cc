"""The double's Store API, links and one-click authorization answer as recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest

from tests.conformance.departures import DEPARTURES, unlisted
from tests.conformance.lab import lab_store
from tests.conformance.shapes import (
    body_differences,
    header_differences,
    recorded_headers,
    recording,
)
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.cart import priced
from tests.doubles.woocommerce.records import Visit
from tests.doubles.woocommerce.stockroom import add_coupon, change_product
from tests.doubles.woocommerce.visits import cart_token, nonce, session_cookie_name

Prepare = Callable[[Store], Visit | None]

_GRACE = {
    "first_name": "Grace", "last_name": "Hopper", "company": "", "address_1": "1 Main",
    "address_2": "", "city": "San Francisco", "state": "CA", "postcode": "94107", "country": "US",
}  # fmt: skip


def _stranger(store: Store) -> None:
    """Let the request come from somebody new."""


def _cart(store: Store, *products: tuple[int, int]) -> Visit:
    visit = store.visitor()
    for product_id, quantity in products or ((12, 3),):
        store.add_to_cart(visit, product_id, quantity)
    return visit


def _two(store: Store) -> Visit:
    return _cart(store, (12, 3), (52, 1))


def _full(store: Store) -> Visit:
    visit = _two(store)
    visit.coupons.append("welcome10")
    visit.billing = {**_GRACE, "email": "grace@lab.test", "phone": "5550100"}
    visit.shipping = dict(_GRACE)
    return visit


def _emptied(store: Store) -> Visit:
    return store.visitor()


def _known(store: Store) -> Visit:
    visit = _cart(store, (12, 2))
    visit.billing, visit.shipping = {**_GRACE, "email": "grace@lab.test"}, dict(_GRACE)
    return visit


def _drafted(store: Store) -> Visit:
    visit = _known(store)
    visit.billing["postcode"] = ""
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi)) as client:
        client.post(
            "http://127.0.0.1:8801/wp-json/wc/store/v1/checkout",
            json={"payment_method": "cod"},
            headers={"Cart-Token": cart_token(store.shop, visit)},
        )
    assert visit.draft_order_id
    return visit


def _after(change: Callable[[Store], None], *products: tuple[int, int]) -> Prepare:
    def prepare(store: Store) -> Visit:
        visit = _cart(store, *products)
        change(store)
        return visit

    return prepare


def _sold_out(store: Store) -> None:
    store.change_stock(14, 0)


def _coupon_gone(store: Store) -> Visit:
    visit = _cart(store, (12, 1))
    coupon = add_coupon(store.shop.news, code="gone1", kind="percent", amount="10")
    visit.coupons.append("gone1")
    store.delete("coupon", coupon.id)
    return visit


def _hidden(**changes: object) -> Callable[[Store], None]:
    return lambda store: change_product(store.shop.news, store.state.products[14], **changes)


_MORE = "more/store-api"
CASES: dict[str, Prepare] = {
    "store-api/cart_get_no_session": _stranger,
    "store-api/cart_get_bad_token": _stranger,
    "store-api/cart_get_cross_origin": _stranger,
    "store-api/cart_options_preflight": _stranger,
    "store-api/cart_get_full": _full,
    "store-api/cart_get_other_device_by_token": _full,
    "store-api/cart_get_cross_origin_with_token": lambda store: _cart(store, (12, 1)),
    "store-api/cart_items": _two,
    "store-api/cart_after_checkout": _emptied,
    "store-api/add_item_no_nonce": _stranger,
    "store-api/add_item_bad_nonce": _stranger,
    "store-api/add_item_nonce": _stranger,
    "store-api/add_item_variation": _cart,
    "store-api/add_item_out_of_stock": _two,
    "store-api/add_item_too_many": _two,
    "store-api/add_item_unknown": _two,
    "store-api/add_item_by_token_no_nonce": _full,
    "store-api/update_item": _two,
    "store-api/update_customer": _full,
    "store-api/apply_coupon": _two,
    "store-api/apply_coupon_bad": _two,
    "store-api/batch": _full,
    "store-api/checkout_get": lambda store: _cart(store, (12, 2)),
    "store-api/checkout_put": _known,
    "store-api/checkout_update_customer": _known,
    "store-api/checkout_post": _known,
    f"{_MORE}/checkout/cod": _known,
    f"{_MORE}/checkout/bacs": _known,
    f"{_MORE}/checkout/attempt_invalid_address": _known,
    f"{_MORE}/checkout/attempt_then_valid": _drafted,
    f"{_MORE}/checkout/attempt_out_of_stock": _after(_sold_out, (14, 1)),
    f"{_MORE}/checkout/get_checkout_after_invalid_attempt": _drafted,
    f"{_MORE}/carts/guest-with-email-and-address": _full,
    f"{_MORE}/carts/item-trashed-after-add": _after(_hidden(status="trash"), (12, 1), (14, 1)),
    f"{_MORE}/carts/item-private-after-add": _after(_hidden(status="private"), (12, 1), (14, 1)),
    f"{_MORE}/carts/item-draft-after-add": _after(_hidden(status="draft"), (12, 1), (14, 1)),
    f"{_MORE}/carts/item-deleted-after-add": _after(
        lambda store: store.delete("product", 14), (12, 1), (14, 1)
    ),
    f"{_MORE}/carts/item-out-of-stock-after-add": _after(_sold_out, (12, 1), (14, 1)),
    f"{_MORE}/carts/coupon-deleted-after-apply": _coupon_gone,
    f"{_MORE}/carts/item-price-changed-after-add": _after(
        lambda store: store.change_price(14, "11.00"), (14, 1), (12, 1)
    ),
}
PAGES: dict[str, Prepare] = {
    "store-api/checkout_link": _stranger,
    "store-api/checkout_link_noslash": _stranger,
    "store-api/link_add_to_cart_simple": _stranger,
    "store-api/link_add_to_cart_root": _stranger,
    "store-api/link_add_to_cart_variable": _stranger,
    "store-api/link_add_to_cart_variation_id_only": _stranger,
    "store-api/session_token_link_bad": _stranger,
}


def _replayed(name: str, prepare: Prepare) -> tuple[dict[str, Any], httpx.Response, Store]:
    """Return the recording and the answer to its request, with our own session, nonce and token."""
    recorded, store = recording(name), lab_store()
    visit = prepare(store)
    asked = recorded["request"]
    headers = {}
    for key, value in asked["headers"].items():
        if key == "Nonce":
            headers[key] = nonce(store.shop) if value != "bad" else value
        elif key == "Cart-Token":
            headers[key] = cart_token(store.shop, visit) if visit else value
        elif key == "Cookie" and visit:
            known = f"woocommerce_cart_hash={priced(store.state, deepcopy(visit)).hash}"
            filled = f"woocommerce_items_in_cart=1; {known}; " if visit.lines else ""
            headers[key] = f"{filled}{session_cookie_name(store.shop)}={visit.id}|1|2|3"
        elif key in ("Origin", "Content-Type"):
            headers[key] = value
    content = asked.get("json")
    if name.endswith("batch"):
        content["requests"][0]["headers"]["Nonce"] = nonce(store.shop)
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi)) as client:
        answer = client.request(
            asked["method"], asked["url"], headers=headers, json=content, follow_redirects=False
        )
    return recorded["response"], answer, store


def differences(name: str) -> list[str]:
    """Return every difference between the recorded and the double's answer."""
    recorded, answer, _ = _replayed(name, CASES[name])
    found = [] if answer.status_code == recorded["status"] else [f"~status {answer.status_code}"]
    headers = recorded_headers(recorded["headers"])
    found += header_differences(headers, list(answer.headers.multi_items()))
    theirs = recorded["json"]
    if theirs in ("", None):
        return found
    ours = answer.json()
    if answer.status_code >= 400 and (theirs["code"], theirs["message"]) != (
        ours["code"], ours["message"],
    ):  # fmt: skip
        found.append(f"~error {ours['code']} {ours['message']}")
    return found + body_differences(theirs, ours)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_store_api_answers_as_recorded(name: str) -> None:
    assert unlisted(name, differences(name)) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_cart_links_answer_as_recorded(name: str) -> None:
    recorded, answer, _ = _replayed(name, PAGES[name])
    assert answer.status_code == recorded["status"]
    own_cookies = {one.split("=")[0] for one in answer.headers.get_list("set-cookie")}
    cookies = {value.split("=")[0] for key, value in recorded["headers"] if key == "Set-Cookie"}
    assert {_plain(one) for one in own_cookies} == {_plain(one) for one in cookies}
    theirs = dict(recorded_headers(recorded["headers"])).get("location", "")
    assert (
        answer.headers.get("location", "").partition("session=")[0]
        == theirs.partition("session=")[0]
    )


def _plain(cookie: str) -> str:
    return "session" if cookie.startswith("wp_woocommerce_session_") else cookie


def test_every_listed_store_api_departure_is_still_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Count what departs; a departure that no longer exists must leave the table."""
    found = [(name, place) for name in CASES for place in differences(name)]
    mine = [one for one in DEPARTURES if "store-api" in one.recording]
    counts = {one: sum(one.covers(*pair) for pair in found) for one in mine}
    with capsys.disabled():
        for departure, count in counts.items():
            sys.stdout.write(f"\n{departure.recording}: {count} places differ, {departure.reason}")
    assert all(counts.values())


def test_a_token_with_a_damaged_payload_is_a_500_as_measured() -> None:
    store = lab_store()
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi)) as client:
        answer = client.get(
            "http://127.0.0.1:8801/wp-json/wc/store/v1/cart",
            headers={"Cart-Token": "eyJh.%%%damaged.sig"},
        )
    assert answer.status_code == 500


def test_a_stock_that_shrank_lowers_the_quantity_for_good() -> None:
    store = lab_store()
    visit = _cart(store, (14, 2))
    store.change_stock(14, 1)
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi)) as client:
        headers = {"Cart-Token": cart_token(store.shop, visit)}
        address = "http://127.0.0.1:8801/wp-json/wc/store/v1/cart"
        first = client.get(address, headers=headers).json()
        store.change_stock(14, 9)
        second = client.get(address, headers=headers).json()
    assert [one["items"][0]["quantity"] for one in (first, second)] == [1, 1]
    assert first["errors"] == []


def test_recovered_orders_carry_the_recorded_attribution() -> None:
    store = lab_store()
    recorded = recording("recovery/order_94")
    order = recorded.get("response", recorded).get("json", recorded)
    wanted = {
        row["key"] for row in order["meta_data"] if row["key"].startswith("_wc_order_attribution")
    }
    tags = "utm_source=rebasket&utm_medium=email&utm_campaign=f&utm_content=tok123&utm_id=9"
    with httpx.Client(
        transport=httpx.WSGITransport(app=store.wsgi),
        base_url="http://127.0.0.1:8801",
        follow_redirects=True,
    ) as client:
        client.get(f"/checkout-link/?products=12:1&{tags}")
        fields = {f"billing_{key}": value for key, value in _GRACE.items()}
        form = {**fields, "billing_email": "g@lab.test", "payment_method": "cod"}
        placed = client.post("/checkout/", data=form)
    assert placed.status_code == 200
    [ours] = store.state.orders.values()
    rows = {row.key: row.value for row in ours.meta}
    assert wanted <= set(rows)
    assert rows["_wc_order_attribution_utm_content"] == "tok123"
