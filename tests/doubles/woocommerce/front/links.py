"""The links that change a cart: add-to-cart, checkout-link, a shared session, and a restore."""

from __future__ import annotations

from urllib.parse import quote

from tests.doubles.base.http import Response, redirect_to
from tests.doubles.base.markup import plain
from tests.doubles.woocommerce import cart as carts
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.front.frame import Page
from tests.doubles.woocommerce.plugin.restore import restore
from tests.doubles.woocommerce.records import CartLine
from tests.doubles.woocommerce.visits import DamagedToken, cart_token, keep, token_owner

_OWN = ("products", "coupon")


def follow_link(page: Page) -> Response | None:
    """Do what the query of a front page asks for; return a redirect where it ends in one."""
    query = page.request.query
    if "rebasket-restore" in query and page.shop.plugin:
        restore(page.shop, page.visit, query["rebasket-restore"])
        keep(page.shop, page.visit)
        kept = [(name, value) for name, value in page.request.pairs if name != "rebasket-restore"]
        tags = "&".join(f"{name}={quote(value, safe='')}" for name, value in kept)
        return redirect_to(f"{page.root}/cart/" + (f"?{tags}" if tags else ""))
    if "session" in query:
        _clone(page, query["session"])
    if query.get("add-to-cart", "").isdigit() and page.request.method == "GET":
        _add(page)
    return None


def _add(page: Page) -> None:
    query, shop = page.request.query, page.shop
    quantity, variation = query.get("quantity", "1"), query.get("variation_id", "0")
    chosen = {
        name.removeprefix("attribute_"): value
        for name, value in query.items()
        if name.startswith("attribute_")
    }
    try:
        wanted = int(variation) if variation.isdigit() else 0
        product = carts.sellable(shop.state, int(query["add-to-cart"]), wanted, chosen)
        carts.add(shop.state, page.visit, product, int(quantity) if quantity.isdigit() else 1)
    except ApiError as error:
        page.visit.notices.append(("error", plain(error.message)))


def _clone(page: Page, token: str) -> None:
    """Copy a guest's cart and coupons into this visit, whose own lines are lost."""
    try:
        owner = token_owner(page.shop, token)
    except DamagedToken:
        return
    theirs = page.shop.state.visits.get(owner)
    if theirs and not theirs.customer_id and theirs.id != page.visit.id:
        page.visit.lines = [
            CartLine(one.key, one.product_id, one.variation_id, one.quantity)
            for one in theirs.lines
        ]
        page.visit.coupons = list(theirs.coupons)


def checkout_link(page: Page) -> Response:
    """Replace the cart by what the link names, then go to the checkout."""
    shop, visit, query = page.shop, page.visit, page.request.query
    if not page.request.path.endswith("/"):
        return redirect_to(f"{page.root}/checkout-link/?{page.request.query_string}", 301)
    wanted = [part.partition(":") for part in query.get("products", "").split(",") if part]
    visit.lines.clear()
    visit.coupons.clear()
    for product_id, _, quantity in wanted:
        try:
            number = int(product_id) if product_id.isdigit() else 0
            product = carts.sellable(shop.state, number)
        except ApiError:
            fault = "The provided checkout link was out of date or invalid."
            return redirect_to(f"{page.root}/cart/?wc_error={quote(fault)}")
        try:
            carts.add(shop.state, visit, product, int(quantity) if quantity.isdigit() else 1)
        except ApiError as error:
            visit.notices.append(("error", plain(error.message)))
    code = query.get("coupon", "").lower()
    if code:
        fault = carts.coupon_fault(shop.state, visit, code)
        if fault:
            visit.notices.append(("error", plain(fault)))
        else:
            visit.coupons.append(code)
    keep(shop, visit)
    kept = [f"{name}={quote(value)}&" for name, value in page.request.pairs if name not in _OWN]
    address = f"{page.root}/checkout/?{''.join(kept)}session={cart_token(shop, visit)}"
    return redirect_to(address)
