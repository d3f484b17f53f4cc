"""The pages of buying: cart, checkout and thank-you."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Response, redirect_to
from tests.doubles.base.markup import Markup, plain, tag
from tests.doubles.woocommerce import cart as carts
from tests.doubles.woocommerce.attribution import attribution_meta
from tests.doubles.woocommerce.cart import PricedCart, PricedLine, priced
from tests.doubles.woocommerce.checkout import (
    Caller,
    faults_of,
    leave_draft,
    place_block,
    place_classic,
)
from tests.doubles.woocommerce.front.frame import Page, page_answer, picture
from tests.doubles.woocommerce.front.shelves import not_found
from tests.doubles.woocommerce.plugin.consent import consent_field, remember_consent
from tests.doubles.woocommerce.records import Order
from tests.doubles.woocommerce.rest.product_json import permalink, variation_name

_FIELDS = (
    ("first_name", "given-name", True), ("last_name", "family-name", True),
    ("address_1", "address-line1", True), ("postcode", "postal-code", True),
    ("city", "address-level2", True), ("phone", "tel", False),
)  # fmt: skip
COUNTRIES = {
    "SE": "Sverige", "DE": "Deutschland", "FR": "France", "DK": "Danmark", "GB": "United Kingdom",
    "US": "United States", "AE": "الإمارات",
}  # fmt: skip


def cart_page(page: Page) -> Response:
    """Answer the cart; a POST changes quantities or applies a code."""
    shop, visit = page.shop, page.visit
    if page.request.method == "POST":
        _change(page)
        return redirect_to("/cart/", 303)
    cart = priced(shop.state, visit)
    faults = [tag("p", Markup(text), class_="notice error") for _, text in cart.errors]
    if not cart.lines:
        button = tag("a", page.word("go_on"), href="/", class_="button primary")
        empty = tag("div", tag("h1", page.word("empty")), button, class_="empty")
        return page_answer(page, page.word("cart"), *faults, empty, stage="cart")
    lines = [_cart_line(page, one) for one in cart.lines]
    coupon = tag(
        "div",
        tag("label", page.word("coupon"), for_="coupon", class_="hidden"),
        tag("input", id="coupon", name="coupon", placeholder=page.word("coupon")),
        tag("button", page.word("apply"), name="apply_coupon", value="1", class_="button"),
        tag("button", page.word("update"), name="update_cart", value="1", class_="button"),
        class_="row",
    )
    form = tag("form", tag("ul", *lines, class_="lines"), coupon, method="post", class_="cart-form")
    go = tag("a", page.word("to_checkout"), href="/checkout/", class_="button primary wide")
    body = tag("div", form, tag("aside", _totals(page, cart), go), class_="split")
    return page_answer(
        page, page.word("cart"), *faults, tag("h1", page.word("cart")), body, stage="cart"
    )


def _change(page: Page) -> None:
    form, visit = page.request.form, page.visit
    if "remove" in form:
        carts.change_quantity(visit, form["remove"], 0)
        return
    for line in list(visit.lines):
        wanted = form.get(f"quantity_{line.key}", "")
        if wanted.isdigit():
            carts.change_quantity(visit, line.key, min(99, int(wanted)))
    code = form.get("coupon", "").strip().lower()
    if code:
        fault = carts.coupon_fault(page.shop.state, visit, code)
        if fault:
            visit.notices.append(("error", plain(fault)))
        elif code not in visit.coupons:
            visit.coupons.append(code)


def _cart_line(page: Page, one: PricedLine) -> Markup:
    settings, key = page.shop.state.settings, one.line.key
    options = variation_name(page.shop.state, one.product) if one.parent else ""
    limit = one.product.stock if one.product.manage_stock and one.product.stock else 99
    return tag(
        "li",
        tag("a", picture(page, one.product), href=permalink(page.shop.state, one.product, "")),
        tag(
            "div",
            tag("strong", plain(one.name)),
            tag("span", options, class_="soft") if options else None,
            tag("button", page.word("remove"), name="remove", value=key, class_="plain"),
        ),
        tag("input", type="number", name=f"quantity_{key}", value=one.line.quantity, min=0,
            max=limit, aria_label=page.word("quantity")),
        tag("span", settings.shown(one.total), class_="num"),
    )  # fmt: skip


def _totals(page: Page, cart: PricedCart) -> Markup:
    rows = [(page.word("subtotal"), cart.items)]
    rows += [(f"{page.word('discount')} ({coupon.code})", -off) for coupon, off in cart.coupons]
    if cart.shipping is not None:
        rows.append((page.word("shipping"), cart.shipping))
    return _sums(page, rows, cart.total)


def _sums(page: Page, rows: list[tuple[str, Decimal]], total: Decimal) -> Markup:
    shown = page.shop.state.settings.shown
    body = [tag("div", tag("dt", label), tag("dd", shown(amount))) for label, amount in rows]
    last = tag("div", tag("dt", page.word("total")), tag("dd", shown(total)), class_="total")
    return tag("dl", *body, last, class_="sums")


def checkout_page(page: Page) -> Response:
    """Answer the checkout; a POST places the order or says beside each field what is wrong."""
    shop, visit = page.shop, page.visit
    cart = priced(shop.state, visit)
    if not cart.lines:
        return redirect_to("/cart/", 302)
    faults: dict[str, str] = {}
    if page.request.method == "POST":
        faults = _take_form(page)
        payment = page.request.form.get("payment_method", "cod")
        caller = Caller(
            user_agent=page.request.headers.get("user-agent", ""),
            meta=attribution_meta(page.request),
        )
        if not faults and all(one.product.available for one in cart.lines):
            place = place_block if visit.notes.get("block") else place_classic
            order = place(shop, visit, payment, caller)
            return redirect_to(f"/checkout/order-received/{order.id}/?key={order.key}", 303)
        if faults and visit.notes.get("block"):
            leave_draft(shop, visit, payment, caller)
    visit.notes["stage"] = "checkout"
    notes = [tag("p", page.word("refused"), class_="notice error")] if faults else []
    notes += [tag("p", Markup(text), class_="notice error") for _, text in cart.errors]
    aside = tag(
        "aside", tag("h2", page.word("your_order")), _summary(page, cart), _totals(page, cart)
    )
    body = tag("div", _form(page, faults), aside, class_="split")
    heading = tag("h1", page.word("checkout"))
    return page_answer(page, page.word("checkout"), heading, *notes, body, stage="checkout")


def _take_form(page: Page) -> dict[str, str]:
    form, visit = page.request.form, page.visit
    names = ("email", "country", *(name for name, _, _ in _FIELDS))
    visit.billing.update({name: form.get(f"billing_{name}", "").strip() for name in names})
    visit.shipping.update({k: v for k, v in visit.billing.items() if k != "email"})
    if page.shop.block_checkout:
        visit.notes["block"] = "yes"
    remember_consent(page.shop, visit, form)
    return faults_of(visit.billing, billing=True)


def _form(page: Page, faults: dict[str, str]) -> Markup:
    visit, settings = page.visit, page.shop.state.settings
    country = visit.billing.get("country") or settings.country
    options = [
        tag("option", name, value=code, selected=code == country)
        for code, name in COUNTRIES.items()
    ]
    methods = [_method(page, name, first=not n) for n, name in enumerate(settings.payment_methods)]
    return tag(
        "form",
        tag("h2", page.word("contact")),
        _field(page, "email", "email", True, faults),
        consent_field(page.shop, visit, country),
        tag("h2", page.word("address")),
        tag(
            "p",
            tag("label", page.word("country"), for_="billing_country"),
            tag("select", *options, id="billing_country", name="billing_country"),
            class_="field",
        ),
        tag("div", *[_field(page, n, auto, needed, faults) for n, auto, needed in _FIELDS],
            class_="fields"),
        tag("h2", page.word("payment")),
        *methods,
        tag("button", page.word("place"), class_="button primary wide", id="place_order"),
        method="post", class_="checkout", novalidate=True,
    )  # fmt: skip


def _field(page: Page, name: str, auto: str, needed: bool, faults: dict[str, str]) -> Markup:
    """Return one field; the e-mail field has the id that the block checkout gives it."""
    own = "email" if name == "email" else f"billing_{name}"
    word = name
    fault = f"{page.word(word)} {page.word('needed')}" if name in faults else ""
    return tag(
        "p",
        tag("label", page.word(word), for_=own),
        tag("input", id=own, name=f"billing_{name}", value=page.visit.billing.get(name, ""),
            type="email" if name == "email" else "text", autocomplete=auto, required=needed,
            aria_invalid="true" if fault else None),
        tag("span", fault, class_="fault") if fault else None,
        class_="field",
    )  # fmt: skip


def _method(page: Page, name: str, *, first: bool) -> Markup:
    box = tag("input", type="radio", name="payment_method", value=name, checked=first)
    words = tag(
        "span",
        tag("strong", page.word(name)),
        tag("span", page.word(f"{name}_text"), class_="soft"),
    )
    return tag("label", box, words, class_="method")


def _summary(page: Page, cart: PricedCart) -> Markup:
    shown = page.shop.state.settings.shown
    rows = [
        tag("li", picture(page, one.product),
            tag("span", plain(one.name), tag("span", f" × {one.line.quantity}", class_="soft")),
            tag("span", shown(one.total), class_="num"))
        for one in cart.lines
    ]  # fmt: skip
    return tag("ul", *rows, class_="summary")


def thanks_page(page: Page, order_id: int) -> Response:
    """Answer the thank-you page to the one who knows the order's key."""
    order = page.shop.state.orders.get(order_id)
    if order is None or page.request.query.get("key") != order.key:
        return not_found(page)
    facts = [
        (page.word("order_number"), f"#{order.id}"),
        (page.word("date"), f"{order.created_at:%Y-%m-%d}"),
        (page.word("payment"), page.word(order.payment_method)),
    ]
    told = tag("p", page.word("thanks_text"), " ", tag("bdi", order.billing.get("email", "")), ".")
    shown = [tag("div", tag("dt", label), tag("dd", value)) for label, value in facts]
    body = tag(
        "article",
        tag("h1", page.word("thanks")),
        told,
        tag("dl", *shown, class_="facts"),
        _ordered(page, order),
        tag("a", page.word("back"), href="/", class_="button"),
        class_="thanks woocommerce-order",
    )
    return page_answer(page, page.word("thanks"), body, stage="order-received")


def _ordered(page: Page, order: Order) -> Markup:
    rows = [(f"{plain(line.name)} × {line.quantity}", line.total) for line in order.lines]
    rows += [(page.word("shipping"), line.total) for line in order.shipping_lines]
    return _sums(page, rows, order.total)
