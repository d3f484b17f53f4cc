"""The storefront's routes, and what each page does at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.routes import Routes
from tests.doubles.pictures.draw import png, svg
from tests.doubles.shelves import THEME
from tests.doubles.woocommerce.attribution import landing_cookie
from tests.doubles.woocommerce.cart import priced
from tests.doubles.woocommerce.front.consent_flow import authorization
from tests.doubles.woocommerce.front.frame import Page
from tests.doubles.woocommerce.front.links import checkout_link, follow_link
from tests.doubles.woocommerce.front.office import login_page, plugin_page
from tests.doubles.woocommerce.front.shelves import category, home, not_found, product_page
from tests.doubles.woocommerce.front.till import cart_page, checkout_page, thanks_page
from tests.doubles.woocommerce.plugin.consent import remember_consent
from tests.doubles.woocommerce.plugin.restore import landed
from tests.doubles.woocommerce.plugin.snapshots import mint_cart_id, report_cart
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.visits import keep, set_cart_cookies, visit_of

_HERE = Path(__file__).parent
_ASSETS = {
    "store.css": ("text/css; charset=utf-8", THEME.read_bytes()),
    "store.js": ("text/javascript; charset=utf-8", (_HERE / "store.js").read_bytes()),
    "icon.svg": ("image/svg+xml", svg("basket/moss")),
}
_KINDS = {"svg": ("image/svg+xml", svg), "png": ("image/png", png)}
_OFFICE = ("/wc-auth/", "/wp-admin/", "/wp-login.php")
_SMALLER = ("-300x300", "-150x150", "-100x100")

PageHandler = Callable[[Page, dict[str, str]], Response]
ROUTES: Routes[PageHandler] = Routes()
for _pattern, _target in (
    ("/", lambda page, _: home(page)),
    ("/shop/", lambda page, _: home(page)),
    ("/product-category/<slug>/", lambda page, named: category(page, named["slug"])),
    ("/product/<slug>/", lambda page, named: product_page(page, named["slug"])),
    ("/cart/", lambda page, _: cart_page(page)),
    ("/checkout/", lambda page, _: checkout_page(page)),
    ("/checkout/order-received/<id>/", lambda page, named: thanks_page(page, int(named["id"]))),
    ("/checkout-link/", lambda page, _: checkout_link(page)),
    ("/checkout-link", lambda page, _: checkout_link(page)),
    ("/wp-login.php", lambda page, _: login_page(page)),
    ("/wp-admin/admin.php", lambda page, _: plugin_page(page)),
    ("/wc-auth/v1/<step>", lambda page, named: authorization(page, named["step"])),
    ("/wc-auth/v1/<step>/", lambda page, named: authorization(page, named["step"])),
):
    ROUTES.add("*", _pattern, _target)


def answer_file(shop: Shop, request: Request) -> Response | None:
    """Return an asset or a picture, or None for other addresses."""
    folder, _, name = request.path.rpartition("/")
    if folder == "/assets" and name in _ASSETS:
        kind, body = _ASSETS[name]
        return Response(200, body, [("Content-Type", kind), ("Cache-Control", "max-age=300")])
    if not folder.startswith("/wp-content/uploads/"):
        return None
    stem, _, ending = name.rpartition(".")
    for size in _SMALLER:
        stem = stem.removesuffix(size)
    wanted = f"{stem}.png"
    found = next((one for one in shop.state.products.values() if one.image == wanted), None)
    if found is None or ending not in _KINDS:
        return text_answer("", 404)
    kind, draw = _KINDS[ending]
    headers = [("Content-Type", kind), ("Cache-Control", "max-age=86400")]
    return Response(200, draw(found.picture), headers)


def answer_page(shop: Shop, request: Request) -> Response:
    """Answer a page of the storefront; what changed is reported at its end."""
    if request.path.startswith(_OFFICE) or "wc-auth-version" in request.query:
        # These speak to the app, which may ask the shop something before it answers.
        return _routed(Page(shop, request, visit_of(shop, request)))
    with shop.state.lock:
        page = Page(shop, request, visit_of(shop, request))
        response = follow_link(page) or _routed(page)
        visit = page.visit
        if visit.lines and shop.plugin:
            mint_cart_id(visit)
        cart = priced(shop.state, visit)
        report_cart(shop, visit, cart)
        set_cart_cookies(shop, request, response, visit, cart.hash)
    cookie = landing_cookie(request) if response.status == 200 else ""
    if cookie:
        response.add("Set-Cookie", cookie)
    return response.add("Link", f'<{request.root}/wp-json/>; rel="https://api.w.org/"')


def _routed(page: Page) -> Response:
    query = page.request.query
    if "wc-ajax" in query:
        return _ajax(page, query["wc-ajax"])
    if query.get("wc-auth-version") == "1":
        return authorization(page, query.get("wc-auth-route", ""))
    found = ROUTES.find(page.request.method, page.request.path)
    if found is None:
        return not_found(page)
    target, named = found
    return target(page, named)


def _ajax(page: Page, name: str) -> Response:
    """Answer the scripts of our own pages and of the plugin."""
    shop, visit = page.shop, page.visit
    if name == "checkout_fields":
        form = page.request.form
        fields = {
            key.removeprefix("billing_"): value.strip()
            for key, value in form.items()
            if key.startswith("billing_")
        }
        visit.billing.update(fields)
        remember_consent(shop, visit, form)
        keep(shop, visit)
    elif name == "rebasket_landing":
        landed(shop, visit)
    return text_answer("{}", 200, "application/json")
