"""The storefront's doors: the script, its configuration, and what it reports."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from shopapp.kit import clock, limits
from shopapp.kit.addresses import address_key
from shopapp.kit.errors import AppError, Unreachable
from shopapp.kit.middleware import error_json
from shopapp.shops import access
from shopapp.shops.models import Shop
from widgets import services, wire
from widgets.configuration import configuration
from widgets.wordpress.package import build_zip, plugin_version

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SCRIPTS = Path(settings.ROOT) / "static" / "storefront"
LOADER = "rebasket"
ShopDoor = Callable[[HttpRequest, Shop], HttpResponse]


def open_to_shop(door: ShopDoor) -> Callable[[HttpRequest, str], HttpResponse]:
    """Let the shop's own pages call this door from the browser, and nobody else's."""

    @csrf_exempt
    @functools.wraps(door)
    def answered(request: HttpRequest, public_id: str) -> HttpResponse:
        try:
            shop = access.shop_by_public_id(public_id)
        except Unreachable as error:
            return error_json(error)
        return _with_cors(shop, _answer(door, request, shop))

    return answered


def _answer(door: ShopDoor, request: HttpRequest, shop: Shop) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if shop.state == Shop.State.UNINSTALLED:
        return error_json(Unreachable("There is no such shop here."))
    try:
        limits.take("storefront", shop.pk, limits.caller(request), allowed=240, per=MINUTE)
        return door(request, shop)
    except AppError as error:
        return error_json(error)


def _with_cors(shop: Shop, answer: HttpResponse) -> HttpResponse:
    parts = urlsplit(shop.url)
    answer["Access-Control-Allow-Origin"] = f"{parts.scheme}://{parts.netloc}"
    answer["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Access-Control-Max-Age"] = "600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Vary"] = "Origin"
    return answer


@require_safe
def script(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """Serve the loader (fresh for five minutes) or a part of it (for ever: its address changes)."""
    del public_id  # It makes the address the shop's own; the script is the same for all.
    path = SCRIPTS / f"{name}.js"
    if not path.is_file():
        raise Unreachable("There is no such script.")
    answer = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    lasting = "max-age=300" if name == LOADER else "max-age=31536000, immutable"
    answer["Cache-Control"] = f"public, {lasting}"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@open_to_shop
@require_http_methods(["GET", "OPTIONS"])
def config(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Tell the script how this shop wants it, in the shopper's language."""
    country = request.GET.get("country", "")[:2].upper()
    with access.scope(shop):
        told = configuration(shop, country=country, locale=request.GET.get("locale", "")[:16])
    answer = JsonResponse(told)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


@open_to_shop
@require_http_methods(["POST", "OPTIONS"])
def carts(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Take in a cart reported by a page without the plugin."""
    report = wire.read(request.body, wire.CartReport)
    limits.take("cart", shop.pk, report.cart_id, allowed=60, per=MINUTE)
    services.report_cart(shop, report, at=clock.now())
    return _taken()


@open_to_shop
@require_http_methods(["POST", "OPTIONS"])
def captures(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Take in an address left in the pop-up; the answer never tells what is known of it."""
    capture = wire.read(request.body, wire.Capture)
    limits.take("capture", shop.pk, limits.caller(request), allowed=20, per=timedelta(hours=1))
    limits.take("captured", address_key(capture.email), allowed=5, per=DAY)
    services.ask_for_cart(shop, capture, at=clock.now())
    return _taken()


@open_to_shop
@require_http_methods(["POST", "OPTIONS"])
def landings(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Take in that a restored cart's page has run in a browser."""
    landing = wire.read(request.body, wire.Landing)
    limits.take("landing", shop.pk, landing.click_ref, allowed=20, per=timedelta(hours=1))
    services.count_landing(shop, landing.click_ref, at=clock.now())
    return _taken()


def _taken() -> JsonResponse:
    return JsonResponse({"status": "taken"}, status=202)


@require_safe
def plugin_zip(request: HttpRequest) -> HttpResponse:
    """Hand the merchant the companion plugin; there is no secret in it."""
    answer = HttpResponse(build_zip(settings.APP_URL), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="rebasket-{plugin_version()}.zip"'
    return answer
