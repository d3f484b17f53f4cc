"""The Store API's routes: reading and writing the cart, and the block checkout."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.base.http import Json, Request, Response
from tests.doubles.woocommerce import cart as carts
from tests.doubles.woocommerce.cart import PricedCart, coupon_fault, priced
from tests.doubles.woocommerce.checkout import follow_cart
from tests.doubles.woocommerce.errors import ApiError, no_route
from tests.doubles.woocommerce.plugin.snapshots import mint_cart_id, report_cart
from tests.doubles.woocommerce.records import Visit
from tests.doubles.woocommerce.settings import dump
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.storeapi.cart_json import cart_json
from tests.doubles.woocommerce.storeapi.order import checkout_json, post_checkout, put_checkout
from tests.doubles.woocommerce.visits import (
    DamagedToken,
    cart_token,
    has_good_token,
    keep,
    nonce,
    set_cart_cookies,
    visit_of,
)

_ALLOWED = {
    "/cart": "GET",
    "/cart/items": "GET, POST, DELETE",
    "/checkout": "GET, POST, PUT, PATCH",
}
_METHODS = "OPTIONS, GET, POST, PUT, PATCH, DELETE"


@dataclass(slots=True)
class StoreCall:
    """One call: the shop, the request, the visit behind it and the posted fields."""

    shop: Shop
    request: Request
    visit: Visit
    posted: dict[str, Json]


_SENT = (
    "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type, Cart-Token, Nonce"
)

Change = Callable[[StoreCall], None]


def _add_item(call: StoreCall) -> None:
    chosen = {
        str(one["attribute"]).removeprefix("attribute_"): str(one["value"])
        for one in call.posted.get("variation", [])
    }
    product = carts.sellable(call.shop.state, int(call.posted.get("id", 0)), 0, chosen)
    carts.add(call.shop.state, call.visit, product, int(call.posted.get("quantity", 1)))


def _update_item(call: StoreCall) -> None:
    key, quantity = str(call.posted.get("key", "")), int(call.posted.get("quantity", 1))
    carts.change_quantity(call.visit, key, quantity)


def _remove_item(call: StoreCall) -> None:
    carts.change_quantity(call.visit, str(call.posted.get("key", "")), 0)


def _remove_all(call: StoreCall) -> None:
    call.visit.lines.clear()


def _apply_coupon(call: StoreCall) -> None:
    code = str(call.posted.get("code", "")).lower()
    if fault := coupon_fault(call.shop.state, call.visit, code):
        raise ApiError("woocommerce_rest_cart_coupon_error", fault, 400)
    if code not in call.visit.coupons:
        call.visit.coupons.append(code)


def _remove_coupon(call: StoreCall) -> None:
    code = str(call.posted.get("code", "")).lower()
    if code in call.visit.coupons:
        call.visit.coupons.remove(code)


def _update_customer(call: StoreCall) -> None:
    call.visit.billing.update(call.posted.get("billing_address", {}))
    call.visit.shipping.update(call.posted.get("shipping_address", {}))
    keep(call.shop, call.visit)


_CHANGES: dict[str, tuple[Change, int]] = {
    "/cart/add-item": (_add_item, 201),
    "/cart/update-item": (_update_item, 200),
    "/cart/remove-item": (_remove_item, 200),
    "/cart/items": (_remove_all, 200),
    "/cart/apply-coupon": (_apply_coupon, 200),
    "/cart/remove-coupon": (_remove_coupon, 200),
    "/cart/update-customer": (_update_customer, 200),
}


def answer_store_api(shop: Shop, request: Request, route: str) -> Response:
    """Answer a call; ``route`` is what stands after ``/wp-json/wc/store/v1``."""
    route = route.rstrip("/")
    if request.method == "OPTIONS":
        origin = request.headers.get("origin", "")
        return _framed(request, Response(200, b"")).add("Access-Control-Allow-Origin", origin)
    try:
        visit = visit_of(shop, request)
    except DamagedToken:
        page = b"<p>There has been a critical error on this website.</p>"
        return Response(500, page, [("Content-Type", "text/html; charset=UTF-8")])
    if route == "/batch":
        return _batch(shop, request, visit)
    with shop.state.lock:
        status, body = _answered(shop, request, visit, route)
        current = priced(shop.state, visit)
        _end_of_request(shop, request, visit, current)
    return _response(shop, request, visit, current, Response(status, dump(body)))


def _answered(shop: Shop, request: Request, visit: Visit, route: str) -> tuple[int, Json]:
    try:
        if request.method != "GET":
            _may_write(shop, request)
        return _call(StoreCall(shop, request, visit, _posted(request)), route)
    except ApiError as error:
        return error.status, error.json()


def _posted(request: Request) -> dict[str, Json]:
    if not request.body:
        return {}
    try:
        posted = request.json()
    except ValueError as error:
        wrong = {"json_error_code": 4, "json_error_message": "Syntax error"}
        message = "Invalid JSON body passed."
        raise ApiError("rest_invalid_json", message, 400, wrong) from error
    return posted if isinstance(posted, dict) else {}


def _may_write(shop: Shop, request: Request) -> None:
    given = request.headers.get("nonce") or request.headers.get("x-wc-store-api-nonce")
    if has_good_token(shop, request) or given == nonce(shop):
        return
    if not given:
        message = "Missing the Nonce header. This endpoint requires a valid nonce."
        raise ApiError("woocommerce_rest_missing_nonce", message, 401)
    raise ApiError("woocommerce_rest_invalid_nonce", "Nonce is invalid.", 403)


def _call(call: StoreCall, route: str) -> tuple[int, Json]:
    method, shop, visit, root = call.request.method, call.shop, call.visit, call.request.root
    if method == "GET" and route == "/cart":
        return 200, cart_json(shop, visit, root)
    if method == "GET" and route == "/cart/items":
        return 200, _linked(cart_json(shop, visit, root)["items"], root)
    if route == "/checkout":
        if method == "POST":
            return 200, post_checkout(shop, call.request, visit, call.posted)
        if method in ("PUT", "PATCH"):
            return 200, put_checkout(shop, call.request, visit, call.posted)
        return 200, checkout_json(shop, call.request, visit)
    if method in ("POST", "DELETE") and route in _CHANGES:
        change, status = _CHANGES[route]
        change(call)
        follow_cart(shop, visit)
        return status, cart_json(shop, visit, root)
    raise no_route()


def _linked(items: list[dict[str, Json]], root: str) -> Json:
    base = f"{root}/wp-json/wc/store/v1/cart/items"
    allowed = {"allow": ["GET", "POST", "PUT", "PATCH", "DELETE"]}
    return [
        {
            **item,
            "_links": {
                "self": [{"href": f"{base}/{item['key']}", "targetHints": allowed}],
                "collection": [{"href": base}],
            },
        }
        for item in items
    ]


def _end_of_request(shop: Shop, request: Request, visit: Visit, current: PricedCart) -> None:
    if visit.lines:
        keep(shop, visit)
        if shop.plugin:
            mint_cart_id(visit)
    if request.method != "GET":
        report_cart(shop, visit, current)


def _batch(shop: Shop, request: Request, visit: Visit) -> Response:
    """Answer several calls in one: 207, each with its own status and headers."""
    answers = []
    for one in _posted(request).get("requests", []):
        headers = {str(k).lower(): str(v) for k, v in one.get("headers", {}).items()}
        inner = Request(
            method=str(one.get("method", "POST")),
            scheme=request.scheme,
            host=request.host,
            path=str(one["path"]),
            query_string="",
            headers={**request.headers, **headers},
            body=json.dumps(one.get("body", {})).encode(),
        )
        route = inner.path.partition("/wc/store/v1")[2].partition("?")[0]
        with shop.state.lock:
            status, body = _answered(shop, inner, visit, route)
            current = priced(shop.state, visit)
            _end_of_request(shop, inner, visit, current)
        shown = {
            "Nonce": nonce(shop),
            "Nonce-Timestamp": int(time.time()),
            "User-ID": visit.customer_id,
            "Cart-Token": cart_token(shop, visit),
            "Cart-Hash": current.hash,
            "Cache-Control": "no-store",
            "Allow": _ALLOWED.get(route, "POST"),
        }
        answers.append({"body": body, "status": status, "headers": shown})
    response = _framed(request, Response(207, dump({"responses": answers})))
    response.add("Nonce", nonce(shop)).add("Nonce-Timestamp", str(int(time.time())))
    response.add("User-ID", str(visit.customer_id))
    set_cart_cookies(shop, request, response, visit, priced(shop.state, visit).hash)
    return response


def _framed(request: Request, response: Response) -> Response:
    link = f'<{request.root}/wp-json/>; rel="https://api.w.org/"'
    for name, value in (
        ("Content-Type", "application/json; charset=UTF-8"),
        ("X-Robots-Tag", "noindex"),
        ("Link", link),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link, Cart-Token"),
        ("Access-Control-Allow-Headers", _SENT),
        ("Allow", _ALLOWED.get(request.path.partition("/wc/store/v1")[2].rstrip("/"), "POST")),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    ):
        response.add(name, value)
    return response


def _response(
    shop: Shop, request: Request, visit: Visit, current: PricedCart, response: Response
) -> Response:
    _framed(request, response)
    response.add("Nonce", nonce(shop)).add("Nonce-Timestamp", str(int(time.time())))
    response.add("User-ID", str(visit.customer_id))
    response.add("Cart-Token", cart_token(shop, visit)).add("Cart-Hash", current.hash)
    response.add("Cache-Control", "no-store")
    if has_good_token(shop, request):
        origin = request.headers.get("origin", "")
        response.add("Access-Control-Allow-Origin", origin)
    if request.method != "GET" or visit.lines:
        set_cart_cookies(shop, request, response, visit, current.hash)
    return response
