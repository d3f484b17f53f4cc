"""Who visits: the cart by its cookie, and where the visit began."""

from __future__ import annotations

from urllib.parse import quote, unquote

from tests.doubles.base.http import Request, Response
from tests.doubles.shopify.carts import cart_with, new_cart
from tests.doubles.shopify.records import Cart
from tests.doubles.shopify.shop import Shop

CART_COOKIE = "cart"
_LANDING, _REFERRER, _DISCOUNT = "landing", "referrer", "discount_code"
_FORTNIGHT = 14 * 24 * 3600


def cart_of(shop: Shop, request: Request) -> Cart:
    """Return the visitor's cart; a new one is kept only once it holds something."""
    known = cart_with(shop, unquote(request.cookies.get(CART_COOKIE, "")))
    if known is not None:
        return known
    cart = new_cart(shop)
    shop.state.carts.pop(cart.token)
    cart.landing_site, cart.referring_site = landing_of(request)
    if code := unquote(request.cookies.get(_DISCOUNT, "")):
        cart.discount_codes = [code]
    return cart


def keep_cart(shop: Shop, cart: Cart) -> None:
    """Keep the cart from now on."""
    shop.state.carts[cart.token] = cart


def landing_of(request: Request) -> tuple[str, str]:
    """Return the path and query that this visit began with, and the page before it."""
    if _begins_visit(request):
        return request.uri, request.headers.get("referer", "")
    cookies = request.cookies
    return unquote(cookies.get(_LANDING, "/")), unquote(cookies.get(_REFERRER, ""))


def _begins_visit(request: Request) -> bool:
    """A campaign's link begins a new visit; otherwise the first page does."""
    return _LANDING not in request.cookies or "utm_source" in request.query


def set_cookies(shop: Shop, request: Request, response: Response, cart: Cart) -> None:
    """Set what the browser keeps: the cart, once it is kept, and where the visit began."""
    if cart.token in shop.state.carts:
        value = quote(cart.ajax_token, safe="")
        if request.cookies.get(CART_COOKIE) != value:
            _set(response, CART_COOKIE, value)
    if _begins_visit(request):
        for name, text in zip((_LANDING, _REFERRER), landing_of(request), strict=True):
            _set(response, name, quote(text[:1000], safe=""))


def remember_discount(response: Response, code: str) -> Response:
    """Keep a code for the cart that the visitor will have."""
    return _set(response, _DISCOUNT, quote(code, safe=""))


def _set(response: Response, name: str, value: str) -> Response:
    return response.add("Set-Cookie", f"{name}={value}; path=/; Max-Age={_FORTNIGHT}; SameSite=Lax")
