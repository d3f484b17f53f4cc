"""The cart page, whole and in the parts that themes ask for by ``sections``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.doubles.base.http import Response
from tests.doubles.base.markup import Markup, joined, tag
from tests.doubles.shopify.carts import CartRefusal, change_line, describe_cart
from tests.doubles.shopify.front.answers import fields_of, moved
from tests.doubles.shopify.front.frame import Page, page_answer, picture
from tests.doubles.shopify.front.visits import keep_cart
from tests.doubles.shopify.pricing import Priced, PricedLine, price


def cart_page(page: Page) -> Response:
    """Answer the cart; a POST changes quantities, and goes on to the checkout if it says so."""
    if page.request.method == "POST":
        if fault := _change(page):
            page.notices.append(("error", fault))
        elif "checkout" in page.request.form:
            return moved("/checkout")
        else:
            return moved("/cart")
    return page_answer(page, page.word("cart"), cart_section(page), template="cart")


def cart_section(page: Page) -> Markup:
    """Return the cart page's main part."""
    priced = priced_cart(page)
    if not priced.lines:
        button = tag("a", page.word("go_on"), href="/collections/all", class_="button primary")
        return tag("div", tag("h1", page.word("empty")), button, class_="empty", id="cart-items")
    lines = [_line(page, one) for one in priced.lines]
    update = tag("button", page.word("update"), name="update", class_="button")
    code = tag(
        "div",
        tag("label", page.word("coupon"), for_="discount", class_="hidden"),
        tag("input", id="discount", name="discount", placeholder=page.word("coupon"),
            value=", ".join(page.cart.discount_codes)),
        tag("button", page.word("apply"), name="apply", class_="button"),
        update,
        class_="row",
    )  # fmt: skip
    lead = tag("button", page.word("to_checkout"), name="checkout", form="cart-form",
               class_="button primary wide")  # fmt: skip
    form = tag("form", tag("ul", *lines, class_="lines"), code, method="post", action="/cart",
               class_="cart-form", id="cart-form")  # fmt: skip
    body = tag("div", form, tag("aside", totals(page, priced), lead), class_="split")
    return tag("div", tag("h1", page.word("cart")), body, id="cart-items")


def _bubble(page: Page) -> Markup:
    count = sum(one.quantity for one in page.cart.lines)
    return tag("span", count or "", class_="count", hidden=not count, data_count=True)


SECTIONS: dict[str, Callable[[Page], Markup]] = {
    "main-cart-items": cart_section,
    "cart-icon-bubble": _bubble,
}
"""The parts of pages that an Ajax cart's answer can carry."""


def priced_cart(page: Page) -> Priced:
    """Return the visitor's cart with its sums."""
    return price(page.shop.state, page.cart.lines, page.cart.discount_codes)


def _change(page: Page) -> str:
    """Take the posted form; return what the shop will not do, '' when all was done."""
    form = fields_of(page.request)
    keep_cart(page.shop, page.cart)
    wanted = form.get("updates", {})
    if isinstance(wanted, list):
        wanted = {}
    try:
        for line in list(page.cart.lines):
            quantity = str(wanted.get(line.key, line.quantity))
            if quantity.isdigit() and int(quantity) != line.quantity:
                change_line(page.shop, page.cart, line.key, int(quantity))
    except CartRefusal as refusal:
        return str(refusal)
    codes = [one.strip() for one in form.get("discount", "").split(",") if one.strip()]
    if codes != page.cart.discount_codes:
        describe_cart(page.shop, page.cart, discount_codes=codes)
    return ""


def _line(page: Page, one: PricedLine) -> Markup:
    key = one.line.key
    options = "" if one.product.single else one.variant.title
    address = f"/products/{one.product.handle}?variant={one.variant.id}"
    return tag(
        "li",
        tag("a", picture(one.product, "", one.variant.picture), href=address),
        tag(
            "div",
            tag("strong", one.product.title),
            tag("span", options, class_="soft") if options else None,
            tag("button", page.word("remove"), type="button", class_="plain", data_remove=key),
        ),
        tag("input", type="number", name=f"updates[{key}]", value=one.line.quantity, min=0, max=99,
            aria_label=page.word("quantity"), data_key=key),
        tag("span", page.shop.settings.shown(one.original), class_="num"),
    )  # fmt: skip


def totals(page: Page, priced: Priced, *, shipping: bool = False) -> Markup:
    """Return the sums of a cart or checkout."""
    rows = [(page.word("subtotal"), priced.original)]
    rows += [(f"{page.word('discount')} ({code})", -off) for code, off in priced.codes]
    if shipping:
        rows.append((page.word("shipping"), priced.shipping))
    return sums(page, rows, priced.total)


def sums(page: Page, rows: list[tuple[str, Decimal]], total: Decimal) -> Markup:
    """Return rows of amounts with their total."""
    shown = page.shop.settings.shown
    body = [tag("div", tag("dt", label), tag("dd", shown(amount))) for label, amount in rows]
    last = tag("div", tag("dt", page.word("total")), tag("dd", shown(total)), class_="total")
    return tag("dl", *body, last, class_="sums")


def summary(page: Page, priced: Priced) -> Markup:
    """Return the lines as a short list."""
    rows = [
        tag(
            "li",
            picture(one.product, "", one.variant.picture),
            tag("span", joined(one.title, f" × {one.line.quantity}")),
            tag("span", page.shop.settings.shown(one.original), class_="num"),
        )
        for one in priced.lines
    ]
    return tag("ul", *rows, class_="summary")
