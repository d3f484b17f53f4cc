"""The online store's routes, and what each page does at its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.routes import Routes
from tests.doubles.pictures.draw import png, svg
from tests.doubles.shelves import THEME
from tests.doubles.shopify.front.ajax import ACTIONS, answer_ajax
from tests.doubles.shopify.front.answers import json_answer
from tests.doubles.shopify.front.checkout_pages import begin, checkout_page, recover, thanks
from tests.doubles.shopify.front.frame import Page
from tests.doubles.shopify.front.links import discount_link, is_permalink, permalink
from tests.doubles.shopify.front.shelves import (
    collection,
    home,
    not_found,
    on_sale,
    product_js,
    product_page,
)
from tests.doubles.shopify.front.till import cart_page
from tests.doubles.shopify.front.visits import cart_of, set_cookies
from tests.doubles.shopify.shop import Shop

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FILES = {
    path.name: (_KINDS[path.suffix], path.read_bytes())
    for path in (THEME, *sorted(_HERE.glob("*.js")), *sorted(_HERE.glob("*.css")))
}
_FILES["icon.svg"] = ("image/svg+xml", svg("basket/moss"))
_DRAWN = {"svg": ("image/svg+xml", svg), "png": ("image/png", png)}
_PICTURE = re.compile(r"/cdn/pictures/([a-z]+/[a-z]+)\.(svg|png)")

PageHandler = Callable[[Page, dict[str, str]], Response]
ROUTES: Routes[PageHandler] = Routes()
for _pattern, _target in (
    ("/", lambda page, _: home(page)),
    ("/collections", lambda page, _: collection(page, "all")),
    ("/collections/<handle>", lambda page, named: collection(page, named["handle"])),
    ("/products/<handle>", lambda page, named: _product(page, named["handle"])),
    ("/cart", lambda page, _: cart_page(page)),
    ("/cart.js", lambda page, _: answer_ajax(page, "cart")),
    ("/cart.json", lambda page, _: answer_ajax(page, "cart")),
    ("/cart/<rest>", lambda page, named: _below_cart(page, named["rest"])),
    ("/discount/<code>", lambda page, named: discount_link(page, named["code"])),
    ("/checkout", lambda page, _: begin(page)),
    ("/checkouts/cn/<token>", lambda page, named: checkout_page(page, named["token"])),
    ("/checkouts/cn/<token>/thank-you", lambda page, named: thanks(page, named["token"])),
    ("/<shop_id>/checkouts/<token>/recover", lambda page, named: recover(page, named["token"])),
):
    ROUTES.add("*", _pattern, _target)


def answer_file(request: Request) -> Response | None:
    """Return an asset or a drawing, None for other addresses."""
    folder, _, name = request.path.rpartition("/")
    if request.path == "/app-bridge.js":
        folder = "/assets"
    if folder == "/assets" and name in _FILES:
        kind, body = _FILES[name]
        return Response(200, body, [("Content-Type", kind), ("Cache-Control", "max-age=300")])
    found = _PICTURE.fullmatch(request.path)
    if found is None:
        return None
    kind, draw = _DRAWN[found[2]]
    try:
        body = draw(found[1])
    except KeyError:
        return text_answer("", 404)
    return Response(200, body, [("Content-Type", kind), ("Cache-Control", "max-age=86400")])


def answer_store(shop: Shop, request: Request) -> Response:
    """Answer a page of the online store."""
    with shop.state.lock:
        page = Page(shop, request, cart_of(shop, request))
        found = ROUTES.find(request.method, request.path.rstrip("/") or "/")
        if found is None:
            answer = not_found(page)
        else:
            target, named = found
            answer = target(page, named)
        set_cookies(shop, request, answer, page.cart)
    return answer


def _product(page: Page, handle: str) -> Response:
    bare = handle.removesuffix(".json").removesuffix(".js")
    if bare == handle:
        return product_page(page, handle)
    product = on_sale(page, bare)
    if product is None:
        return json_answer({"status": 404, "message": "Not Found", "description": "Not Found"}, 404)
    return json_answer(product_js(page, product))


def _below_cart(page: Page, rest: str) -> Response:
    if rest.removesuffix(".js").removesuffix(".json") in ACTIONS:
        return answer_ajax(page, rest)
    return permalink(page, rest) if is_permalink(rest) else not_found(page)
