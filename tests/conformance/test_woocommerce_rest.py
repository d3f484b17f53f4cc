"""The double answers the recorded REST calls with their status, headers and types."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import httpx
import pytest
from woocommerce import oauth

from tests.conformance.departures import DEPARTURES, unlisted
from tests.conformance.lab import KEYS, lab_store, lab_webhook
from tests.conformance.shapes import (
    body_differences,
    header_differences,
    recorded_headers,
    recording,
)
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.records import Meta
from tests.doubles.woocommerce.shopkeeping import Wanted, create_order, set_status
from tests.doubles.woocommerce.stockroom import add_coupon, add_customer

Prepare = Callable[[Store], None]

_ADDRESS = {"first_name": "Ada", "last_name": "King", "email": "ada@lab.test", "country": "US"}


def _nothing(store: Store) -> None:
    """Leave the shop as it was found."""


def _customer(store: Store) -> None:
    customer = add_customer(store.shop.news, email="ada@lab.test", username="ada")
    customer.billing.update(_ADDRESS)


def _coupon(store: Store) -> None:
    made = add_coupon(
        store.shop.news,
        code="CR-7F3K9Q",
        kind="percent",
        amount="10",
        fields={
            "usage_limit": 1,
            "usage_limit_per_user": 1,
            "email_restrictions": ["ada@lab.test"],
        },
        meta=[Meta(1003, "_cr_flow", "77")],
    )
    del store.state.coupons[made.id]
    made.id = 79
    store.state.coupons[79] = made


def _third_coupon(store: Store) -> None:
    _coupon(store)
    add_coupon(store.shop.news, code="third", amount="5")


def _order(store: Store) -> None:
    _customer(store)
    order = recording("rest-v3/order_create")["request"]["json"]
    response = _ask(store, "POST", "/wp-json/wc/v3/orders", order)
    assert response.json()["id"] == 77


def _processing(store: Store) -> None:
    _order(store)
    set_status(store.shop.news, store.state.orders[77], "processing")


def _eleven_orders(store: Store) -> None:
    for _ in range(11):
        create_order(store.shop.news, Wanted(billing=_ADDRESS, status="processing"))


def _webhooks(store: Store) -> None:
    for number in range(1, 24):
        topic = "coupon.deleted" if number == 23 else "order.created"
        lab_webhook(store, number, topic, modified=number in (1, 22))


def _changed_webhooks(store: Store) -> None:
    for number in (9, 22):
        lab_webhook(store, number, "coupon.updated", modified=True)


CASES: dict[str, Prepare] = {
    "index_wp_json": _nothing,
    "err_400_body_json": _nothing,
    "err_400_order_product": _nothing,
    "err_400_param": _nothing,
    "err_401_bad_key": _nothing,
    "err_401_bad_secret": _nothing,
    "err_401_no_auth": _nothing,
    "err_401_revoked_key": _nothing,
    "err_404_order": _nothing,
    "err_404_product": _nothing,
    "err_404_route": _nothing,
    "err_basic_over_http": _nothing,
    "rest_route_fallback": _nothing,
    "query_string_auth_https": _nothing,
    "scope_read_get_products": _nothing,
    "scope_read_post_webhook": _nothing,
    "scope_write_get_products": _nothing,
    "scope_write_post_webhook": _nothing,
    "wc_key_on_wp_v2_plugins": _nothing,
    "wc_key_on_wp_v2_users_me": _nothing,
    "products_page1": _nothing,
    "products_page2": _nothing,
    "products_last_plus1": _nothing,
    "products_per_page_101": _nothing,
    "products_fields": _nothing,
    "products_modified_after": _nothing,
    "products_variable": _nothing,
    "product_single": _nothing,
    "product_by_sku": _nothing,
    "product_by_variation_id": _nothing,
    "product_variations": _nothing,
    "product_variation_single": _nothing,
    "variations_all": _nothing,
    "categories": _nothing,
    "attributes": _nothing,
    "tags": _nothing,
    "brands": _nothing,
    "customers": _customer,
    "customers_by_email": _customer,
    "customer_create": _nothing,
    "customer_create_dup": _customer,
    "customer_update": _customer,
    "coupon_create": _nothing,
    "coupon_create_bad": _nothing,
    "coupon_create_bad_type": _nothing,
    "coupon_create_dup": _coupon,
    "coupon_create_percent_over_100": _nothing,
    "coupon_delete": _coupon,
    "coupon_delete_noforce": _nothing,
    "coupons_batch": _nothing,
    "coupons_by_code": _coupon,
    "coupons_list": _third_coupon,
    "order_create": _customer,
    "order_get": _order,
    "order_update_processing": _order,
    "order_note_create": _order,
    "orders_list": _processing,
    "orders_modified_after": _processing,
    "orders_modified_after_future": _processing,
    "orders_status_any": _eleven_orders,
    "orders_default_list_after_draft": _eleven_orders,
    "orders_status_bad": _nothing,
    "orders_status_checkout_draft": _processing,
    "webhook_create_order_created": _nothing,
    "webhook_create_order_updated": _nothing,
    "webhook_create_order_deleted": _nothing,
    "webhook_create_product_created": _nothing,
    "webhook_create_product_updated": _nothing,
    "webhook_create_product_deleted": _nothing,
    "webhook_create_customer_created": _nothing,
    "webhook_create_customer_updated": _nothing,
    "webhook_create_coupon_created": _nothing,
    "webhook_create_action_woocommerce_add_to_cart": _nothing,
    "webhook_create_https_order_created": _nothing,
    "webhook_create_no_secret": _nothing,
    "webhook_create_ping500": _nothing,
    "webhook_create_unsafe_url": _nothing,
    "webhook_create_bad_topic": _nothing,
    "webhook_create_bad_topic_orderpublished": _nothing,
    "webhook_create_bad_url": _nothing,
    "webhook_get": _webhooks,
    "webhook_get_404": _webhooks,
    "webhook_delete": _webhooks,
    "webhook_delete_noforce": _webhooks,
    "webhook_pause": _changed_webhooks,
    "webhook_reactivate": _changed_webhooks,
    "webhook_disabled_after_failures": _changed_webhooks,
    "webhooks_list": _webhooks,
    "webhooks_list_active": _webhooks,
    "settings_currency": _nothing,
    "settings_general": _nothing,
    "system_status": _nothing,
    "data_currencies_current": _nothing,
}


def _ask(store: Store, method: str, path: str, json: object = None) -> httpx.Response:
    auth = httpx.BasicAuth(KEYS[0][0], KEYS[0][1])
    with _client(store) as client:
        return client.request(method, f"https://127.0.0.1:8802{path}", json=json, auth=auth)


def _client(store: Store) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app=store.wsgi))


def _replayed(name: str) -> tuple[dict[str, object], httpx.Response]:
    """Return the recording and what the double answers to the very same request."""
    recorded = recording(f"rest-v3/{name}")
    store = lab_store()
    CASES[name](store)
    asked = recorded["request"]
    kept = ("Authorization", "Content-Type", "User-Agent", "Accept")
    headers = {key: value for key, value in asked["headers"].items() if key in kept}
    content = asked["json"]
    with _client(store) as client:
        if isinstance(content, str):
            answer = client.request(asked["method"], asked["url"], headers=headers, content=content)
        else:
            answer = client.request(asked["method"], asked["url"], headers=headers, json=content)
    response: dict[str, object] = recorded["response"]
    return response, answer


def differences(name: str) -> list[str]:
    """Return every difference between the recording and the double's answer."""
    recorded, answer = _replayed(name)
    found = [] if answer.status_code == recorded["status"] else [f"~status {answer.status_code}"]
    headers = recorded_headers(recorded["headers"])  # type: ignore[arg-type]
    found += header_differences(headers, list(answer.headers.multi_items()))
    if answer.status_code >= 400 and answer.json() != recorded["json"]:
        found.append(f"~error {answer.json()}")
    return found + body_differences(recorded["json"], answer.json())


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_double_answers_as_recorded(name: str) -> None:
    assert unlisted(f"rest-v3/{name}", differences(name)) == []


def test_an_order_adds_up_to_the_recorded_amounts() -> None:
    recorded, answer = _replayed("order_create")
    theirs, ours = recorded["json"], answer.json()
    assert isinstance(theirs, dict)
    for name in ("total", "discount_total", "shipping_total", "status", "number", "customer_id"):
        assert (name, ours[name]) == (name, theirs[name])
    of_line = ("name", "parent_name", "subtotal", "total", "price", "product_id", "variation_id")
    rows = [[{name: row[name] for name in of_line} for row in one["line_items"]]
            for one in (ours, theirs)]  # fmt: skip
    assert rows[0] == rows[1]
    assert ours["coupon_lines"][0]["discount"] == theirs["coupon_lines"][0]["discount"]
    assert ours["shipping_lines"][0]["total"] == theirs["shipping_lines"][0]["total"]


def test_a_variation_asked_for_as_a_product_names_its_parent() -> None:
    recorded, answer = _replayed("product_by_variation_id")
    theirs = recorded["json"]
    assert isinstance(theirs, dict)
    for name in ("name", "type", "parent_id", "permalink"):
        assert (name, answer.json()[name]) == (name, theirs[name])


def test_plain_http_is_signed_as_the_woocommerce_package_signs() -> None:
    store = lab_store()
    key, secret, _ = KEYS[0]
    signer = oauth.OAuth(
        url="http://127.0.0.1:8801/wp-json/wc/v3/products?per_page=2&_fields=id,name",
        consumer_key=key,
        consumer_secret=secret,
        version="wc/v3",
        method="GET",
        oauth_timestamp=int(time.time()),
    )
    with _client(store) as client:
        address = signer.get_oauth_url()
        answer = client.get(address)
        again = client.get(address)
        wrong = client.get(address.replace("oauth_signature=", "oauth_signature=A"))
    recorded = recording("rest-v3/oauth1_http_products")["response"]
    assert (answer.status_code, answer.json()) == (200, recorded["json"])
    assert (again.status_code, again.json()["code"]) == (
        401,
        "woocommerce_rest_authentication_error",
    )
    refusal = recording("rest-v3/err_401_oauth1_bad_signature")["response"]["json"]
    assert (wrong.status_code, wrong.json()) == (401, refusal)


def test_every_listed_departure_is_still_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Count what departs; a departure that no longer exists must leave the table."""
    found = [(f"rest-v3/{name}", place) for name in CASES for place in differences(name)]
    mine = [one for one in DEPARTURES if one.recording.startswith("rest-v3/")]
    counts = {one: sum(one.covers(*pair) for pair in found) for one in mine}
    with capsys.disabled():
        for departure, count in counts.items():
            sys.stdout.write(f"\n{departure.recording}: {count} places differ, {departure.reason}")
    assert all(counts.values())
