"""The addresses that change a cart: permalinks and discount links."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from tests.doubles.base.http import Response
from tests.doubles.shopify.carts import CartRefusal, add_lines, describe_cart, new_cart
from tests.doubles.shopify.checkouts import begin_checkout, set_contact
from tests.doubles.shopify.front.answers import moved, nested
from tests.doubles.shopify.front.frame import Page, page_answer
from tests.doubles.shopify.front.visits import landing_of, remember_discount
from tests.doubles.shopify.records import Cart

_LINES = re.compile(r"\d+:\d+(,\d+:\d+)*")
_OWN = ("storefront", "discount", "note", "ref", "payment", "properties", "access_token")


def is_permalink(rest: str) -> bool:
    """Say whether what follows ``/cart/`` names lines."""
    return bool(_LINES.fullmatch(rest))


def permalink(page: Page, rest: str) -> Response:
    """Make a new cart of these lines in place of the visitor's; what is sold out is left out.

    With ``storefront=true`` it leads to the cart page, otherwise to the checkout.
    """
    wanted = [(int(v), int(q)) for v, _, q in (one.partition(":") for one in rest.split(","))]
    query = nested(page.request.pairs)
    cart = new_cart(page.shop)
    cart.landing_site, cart.referring_site = landing_of(page.request)
    refused = _fill(page, cart, wanted)
    if not cart.lines:
        page.notices.append(("error", refused or page.word("restore_gone")))
        page.shop.state.carts.pop(cart.token)
        return page_answer(page, page.word("cart"), template="cart")
    page.cart = cart
    attributes = {str(key): str(value) for key, value in _mapping(query.get("attributes")).items()}
    codes = [one for one in str(query.get("discount", "")).split(",") if one]
    note = query.get("note")
    if attributes or codes or note:
        describe_cart(page.shop, cart, note=note, attributes=attributes, discount_codes=codes)
    kept = [
        (key, value) for key, value in page.request.pairs
        if key.partition("[")[0] not in (*_OWN, "attributes", "checkout")
    ]  # fmt: skip
    tail = f"?{urlencode(kept)}" if kept else ""
    if query.get("storefront") == "true":
        return moved(f"/cart{tail}")
    checkout = begin_checkout(page.shop, cart)
    email = _mapping(query.get("checkout")).get("email", "")
    if "@" in email:
        set_contact(page.shop, checkout, email=email)
    return moved(f"/checkouts/cn/{checkout.token}{tail}")


def discount_link(page: Page, code: str) -> Response:
    """Apply a code to the visitor's cart, now or when there is one; then go on."""
    back = page.request.query.get("redirect", "/")
    answer = moved(back if back.startswith("/") and not back.startswith("//") else "/")
    if page.cart.token in page.shop.state.carts:
        describe_cart(page.shop, page.cart, discount_codes=[code])
    return remember_discount(answer, code)


def _fill(page: Page, cart: Cart, wanted: list[tuple[int, int]]) -> str:
    """Put what can be had into the cart, told as one change; return why something could not."""
    refused = ""
    with page.shop.action():
        for line in wanted:
            try:
                add_lines(page.shop, cart, [line])
            except CartRefusal as refusal:
                refused = str(refusal)
    return refused


def _mapping(value: object) -> dict[str, str]:
    return value if isinstance(value, dict) else {}
