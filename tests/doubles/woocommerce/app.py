"""The whole double as one handler: outages first, then files, interfaces and pages."""

from __future__ import annotations

import time

from tests.doubles.base.http import Request, Response, redirect_to, text_answer
from tests.doubles.woocommerce.control import answer_control
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.front.routes import answer_file, answer_page
from tests.doubles.woocommerce.plugin.routes import answer_plugin
from tests.doubles.woocommerce.rest.api import answer_api
from tests.doubles.woocommerce.rest.auth import allow, caller
from tests.doubles.woocommerce.settings import dump
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.storeapi.api import answer_store_api

_STORE = "/wc/store/v1"


def answer(shop: Shop, request: Request) -> Response:
    """Answer any request to the shop."""
    if request.path.startswith("/__double/"):
        return answer_control(shop, request)
    if request.path == "/wp-cron.php":
        shop.deliveries.run()
        return text_answer("")
    if found := answer_file(shop, request):
        return found
    route = _api_route(shop, request)
    if route is None:
        return answer_page(shop, request)
    if broken := _outage(shop, request):
        return broken
    if route.startswith(_STORE):
        return answer_store_api(shop, request, route.removeprefix(_STORE))
    if route.startswith("/wc-rebasket/v1/"):
        return _plugin(shop, request, route)
    return answer_api(shop, request, route)


def _api_route(shop: Shop, request: Request) -> str | None:
    """Return what stands after ``/wp-json``, or None where the pages answer.

    In a shop with plain permalinks ``/wp-json`` is the front page, 200 and HTML, as measured.
    """
    if "rest_route" in request.query:
        return request.query["rest_route"]
    pretty = request.path == "/wp-json" or request.path.startswith("/wp-json/")
    if not pretty:
        return None
    if shop.plain_permalinks:
        request.path = "/"
        return None
    return request.path.removeprefix("/wp-json")


def _plugin(shop: Shop, request: Request, route: str) -> Response:
    try:
        key = caller(shop, request)
        if key:
            allow(key, request.method)
        status, body = 200, answer_plugin(shop, request, route, key)
    except ApiError as error:
        status, body = error.status, error.json()
    return Response(status, dump(body), [("Content-Type", "application/json; charset=UTF-8")])


def _outage(shop: Shop, request: Request) -> Response | None:
    """Return how the interfaces answer while something is wrong with the shop."""
    faults = shop.news.faults
    match faults.outage:
        case "500":
            return text_answer("<p>There has been a critical error on this website.</p>", 500)
        case "html":
            return text_answer("<!doctype html><title>Maintenance</title><h1>Back soon</h1>", 200)
        case "redirect":
            return redirect_to(f"{request.root}/maintenance/")
        case "slow":
            time.sleep(faults.slow_seconds)
    return None
