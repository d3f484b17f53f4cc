"""The table of REST v3 and the way of every call through it: who asks, may they, what is there."""

from __future__ import annotations

from tests.doubles.base.http import Request, Response
from tests.doubles.base.routes import Routes
from tests.doubles.woocommerce.errors import ApiError, no_route
from tests.doubles.woocommerce.records import ApiKey
from tests.doubles.woocommerce.rest import about, orders, people, products, webhooks
from tests.doubles.woocommerce.rest.auth import allow, caller
from tests.doubles.woocommerce.rest.call import Answer, Call, Handler, only_fields
from tests.doubles.woocommerce.settings import dump, now
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.state import Asked

_NO_CACHE = [
    ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"),
    ("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private"),
]
_WP_ONLY = {
    "/wp/v2/plugins": (
        "rest_cannot_view_plugins",
        "Sorry, you are not allowed to manage plugins for this site.",
    ),
    "/wp/v2/users/me": ("rest_not_logged_in", "You are not currently logged in."),
}

ROUTES: Routes[Handler] = Routes()
for _method, _pattern, _target in (
    ("GET", "/products", products.list_products),
    ("POST", "/products", products.create_product),
    ("GET", "/products/categories", products.list_categories),
    ("POST", "/products/categories", products.list_categories),
    ("GET", "/products/tags", products.list_nothing),
    ("POST", "/products/tags", products.list_nothing),
    ("GET", "/products/brands", products.list_nothing),
    ("POST", "/products/brands", products.list_nothing),
    ("GET", "/products/attributes", products.list_attributes),
    ("POST", "/products/attributes", products.list_attributes),
    ("GET", "/products/<id>", products.get_product),
    ("POST", "/products/<id>", products.update_product),
    ("PUT", "/products/<id>", products.update_product),
    ("PATCH", "/products/<id>", products.update_product),
    ("DELETE", "/products/<id>", products.remove_product),
    ("GET", "/products/<id>/variations", products.list_variations),
    ("POST", "/products/<id>/variations", products.list_variations),
    ("GET", "/products/<id>/variations/<variation_id>", products.get_variation),
    ("POST", "/products/<id>/variations/<variation_id>", products.update_variation),
    ("PUT", "/products/<id>/variations/<variation_id>", products.update_variation),
    ("PATCH", "/products/<id>/variations/<variation_id>", products.update_variation),
    ("DELETE", "/products/<id>/variations/<variation_id>", products.get_variation),
    ("GET", "/variations", products.list_variations),
    ("GET", "/orders", orders.list_orders),
    ("POST", "/orders", orders.create),
    ("GET", "/orders/<id>", orders.get_order),
    ("POST", "/orders/<id>", orders.update),
    ("PUT", "/orders/<id>", orders.update),
    ("PATCH", "/orders/<id>", orders.update),
    ("DELETE", "/orders/<id>", orders.remove),
    ("GET", "/orders/<id>/notes", products.list_nothing),
    ("POST", "/orders/<id>/notes", orders.create_note),
    ("POST", "/orders/<id>/refunds", orders.create_refund),
    ("GET", "/customers", people.list_customers),
    ("POST", "/customers", people.create_customer),
    ("GET", "/customers/<id>", people.get_customer),
    ("POST", "/customers/<id>", people.update_customer),
    ("PUT", "/customers/<id>", people.update_customer),
    ("PATCH", "/customers/<id>", people.update_customer),
    ("DELETE", "/customers/<id>", people.remove_customer),
    ("GET", "/coupons", people.list_coupons),
    ("POST", "/coupons", people.create_coupon),
    ("POST", "/coupons/batch", people.batch_coupons),
    ("PUT", "/coupons/batch", people.batch_coupons),
    ("PATCH", "/coupons/batch", people.batch_coupons),
    ("GET", "/coupons/<id>", people.get_coupon),
    ("POST", "/coupons/<id>", people.get_coupon),
    ("PUT", "/coupons/<id>", people.get_coupon),
    ("PATCH", "/coupons/<id>", people.get_coupon),
    ("DELETE", "/coupons/<id>", people.remove_coupon),
    ("GET", "/webhooks", webhooks.list_webhooks),
    ("POST", "/webhooks", webhooks.create_webhook),
    ("GET", "/webhooks/<id>", webhooks.get_webhook),
    ("POST", "/webhooks/<id>", webhooks.update_webhook),
    ("PUT", "/webhooks/<id>", webhooks.update_webhook),
    ("PATCH", "/webhooks/<id>", webhooks.update_webhook),
    ("DELETE", "/webhooks/<id>", webhooks.remove_webhook),
    ("GET", "/settings/general", about.general_settings),
    ("GET", "/settings/general/<name>", about.general_setting),
    ("POST", "/settings/general/<name>", about.general_setting),
    ("PUT", "/settings/general/<name>", about.general_setting),
    ("PATCH", "/settings/general/<name>", about.general_setting),
    ("GET", "/data/currencies/current", about.current_currency),
    ("GET", "/system_status", about.system_status),
):
    ROUTES.add(_method, _pattern, _target)


def answer_api(shop: Shop, request: Request, route: str) -> Response:
    """Answer a call of the REST interface; ``route`` is what stands after ``/wp-json``."""
    key: ApiKey | None = None
    answer: Answer
    try:
        key = caller(shop, request)
        answer = _called(shop, request, route, key)
    except ApiError as error:
        answer = Answer(error.json(), error.status)
    if (wanted := request.query.get("_fields")) and answer.status < 400:
        answer.body = only_fields(answer.body, wanted)
    shop.state.asked.append(Asked(request.method, route, request.query, answer.status, now()))
    return _response(shop, request, route, key, answer)


def _called(shop: Shop, request: Request, route: str, key: ApiKey | None) -> Answer:
    if route in ("", "/"):
        return about.index(Call(shop, request, {}))
    if route in _WP_ONLY:
        code, message = _WP_ONLY[route]
        raise ApiError(code, message, 401)
    found = ROUTES.find(request.method, route.removeprefix("/wc/v3").rstrip("/"))
    if key:
        allow(key, request.method)
    if found is None or not route.startswith("/wc/v3/"):
        raise no_route()
    target, named = found
    if key is None:
        raise _stranger(request.method, named)
    if route.startswith("/wc/v3/webhooks"):
        # Making one pings the reader, who may ask the shop something before it answers.
        return target(Call(shop, request, named))
    with shop.state.lock:
        return target(Call(shop, request, named))


def _stranger(method: str, named: dict[str, str]) -> ApiError:
    if method == "POST":
        message = "Sorry, you are not allowed to create resources."
        return ApiError("woocommerce_rest_cannot_create", message, 401)
    if method in ("PUT", "PATCH"):
        message = "Sorry, you are not allowed to edit this resource."
        return ApiError("woocommerce_rest_cannot_edit", message, 401)
    message = (
        "Sorry, you cannot view this resource." if named else "Sorry, you cannot list resources."
    )
    return ApiError("woocommerce_rest_cannot_view", message, 401)


def _response(
    shop: Shop, request: Request, route: str, key: ApiKey | None, answer: Answer
) -> Response:
    """Return the answer with the headers that WordPress sends around it."""
    response = Response(answer.status, dump(answer.body))
    add = response.headers.append
    add(("Content-Type", "application/json; charset=UTF-8"))
    add(("X-Robots-Tag", "noindex"))
    if not any(name == "Link" for name, _ in answer.headers):
        add(("Link", f'<{request.root}/wp-json/>; rel="https://api.w.org/"'))
    add(("X-Content-Type-Options", "nosniff"))
    add(("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link"))
    allowed = "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"
    add(("Access-Control-Allow-Headers", allowed))
    response.headers.extend(answer.headers)
    open_to_all = route in ("", "/", "/wp/v2/users/me")
    methods = ["GET"] if open_to_all else ROUTES.methods(route.removeprefix("/wc/v3"))
    if methods and (answer.status != 401 or open_to_all):
        add(("Allow", ", ".join(methods)))
    if key:
        response.headers.extend(_NO_CACHE)
    else:
        add(("Vary", "Origin"))
    return response
