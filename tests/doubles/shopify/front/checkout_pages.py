"""The checkout's pages. No app's script runs here, as on Shopify."""

from __future__ import annotations

from tests.doubles.base.http import Response, text_answer
from tests.doubles.base.markup import Child, Markup, joined, tag
from tests.doubles.shopify.carts import CartRefusal
from tests.doubles.shopify.checkouts import (
    begin_checkout,
    place_order,
    set_address,
    set_contact,
    set_discounts,
)
from tests.doubles.shopify.front.answers import json_answer, moved
from tests.doubles.shopify.front.frame import Page, head_of
from tests.doubles.shopify.front.shelves import not_found
from tests.doubles.shopify.front.till import summary, totals
from tests.doubles.shopify.front.visits import keep_cart
from tests.doubles.shopify.order_records import Order
from tests.doubles.shopify.pricing import Priced, price
from tests.doubles.shopify.records import Address, Checkout

COUNTRIES = {
    "SE": "Sweden", "DE": "Germany", "FR": "France", "DK": "Denmark", "JP": "Japan",
    "GB": "United Kingdom", "US": "United States", "AE": "United Arab Emirates",
}  # fmt: skip
_FIELDS = (
    ("first_name", "first_name", "given-name", True),
    ("last_name", "last_name", "family-name", True),
    ("address1", "address_1", "address-line1", True), ("zip", "postcode", "postal-code", True),
    ("city", "city", "address-level2", True), ("phone", "phone", "tel", False),
)  # fmt: skip
_METHODS = (
    ("Cash on Delivery (COD)", "cod", "cod_text"),
    ("bogus", "card", "card_text"),
)
_CARD = {"card": "Card", "card_text": "A test card: 1 is taken, 2 is declined."}
_NEWS = "Email me with news and offers"


def begin(page: Page) -> Response:
    """Send a cart on to its checkout."""
    if not page.cart.lines:
        return moved("/cart")
    keep_cart(page.shop, page.cart)
    checkout = begin_checkout(page.shop, page.cart, locale=page.shop.settings.locale)
    return moved(f"/checkouts/cn/{checkout.token}")


def recover(page: Page, token: str) -> Response:
    """Open a checkout again, on any device that has its whole address; the cart comes with it."""
    checkout = page.shop.state.checkouts.get(token)
    if checkout is None or page.request.query.get("key") != checkout.key:
        return not_found(page)
    if checkout.completed_at:
        return moved(f"/checkouts/cn/{token}/thank-you")
    cart = page.shop.state.carts.get(checkout.cart_token)
    if cart is not None:
        page.cart = cart
    if code := page.request.query.get("discount", ""):
        set_discounts(page.shop, checkout, [one for one in code.split(",") if one])
    return moved(f"/checkouts/cn/{token}")


def checkout_page(page: Page, token: str) -> Response:
    """Answer the checkout; a POST remembers what is typed, and at last places the order."""
    checkout = page.shop.state.checkouts.get(token)
    if checkout is None:
        return not_found(page)
    if checkout.completed_at:
        return moved(f"/checkouts/cn/{token}/thank-you")
    faults: dict[str, str] = {}
    if page.request.method == "POST":
        if page.request.form.get("step") == "typed":
            _remember(page, checkout)
            return json_answer({})
        faults = _faults(page)
        if "code" in page.request.form and "place" not in page.request.form:
            faults = {}
            set_discounts(page.shop, checkout, _codes(page))
        elif not faults:
            _remember(page, checkout)
            return _pay(page, checkout)
    return _checkout_answer(page, checkout, faults)


def _checkout_answer(page: Page, checkout: Checkout, faults: dict[str, str]) -> Response:
    priced = _priced(page, checkout)
    texts = [page.word("refused")] if faults else []
    notes = [tag("p", text, class_="notice error") for text in texts]
    notes += [tag("p", text, class_=f"notice {kind}") for kind, text in page.notices]
    aside = tag(
        "aside",
        tag("h2", page.word("your_order")),
        summary(page, priced),
        _code_form(page, checkout),
        totals(page, priced, shipping=checkout.shipping_cost is not None),
    )
    body = tag("div", _form(page, checkout, faults), aside, class_="split")
    return _answer(page, page.word("checkout"), tag("h1", page.word("checkout")), *notes, body)


def _priced(page: Page, checkout: Checkout) -> Priced:
    codes, shipping = checkout.discount_codes, checkout.shipping_cost
    return price(page.shop.state, checkout.lines, codes, shipping)


def _codes(page: Page) -> list[str]:
    return [one.strip() for one in page.request.form.get("code", "").split(",") if one.strip()]


def _remember(page: Page, checkout: Checkout) -> None:
    """Keep what is typed so far, as Shopify does while the shopper types."""
    form = {key: value.strip() for key, value in page.request.form.items()}
    email, news = form.get("email", ""), "news" in form
    if "@" in email and (email, news) != (checkout.email, checkout.accepts_marketing):
        set_contact(
            page.shop, checkout, email=email, accepts_marketing=news,
            first_name=form.get("first_name", ""), last_name=form.get("last_name", ""),
        )  # fmt: skip
    country = form.get("country", "")
    address = Address(
        first_name=form.get("first_name", ""), last_name=form.get("last_name", ""),
        address1=form.get("address1", ""), zip=form.get("zip", ""), city=form.get("city", ""),
        phone=form.get("phone", ""), country_code=country, country=COUNTRIES.get(country, ""),
    )  # fmt: skip
    if address.address1 and address.city and address != checkout.shipping:
        set_address(page.shop, checkout, address)


def _faults(page: Page) -> dict[str, str]:
    form = page.request.form
    faults = {
        own: f"{page.word(label)} {page.word('needed')}"
        for own, label, _, needed in _FIELDS
        if needed and not form.get(own, "").strip()
    }
    if "@" not in form.get("email", ""):
        faults["email"] = f"{page.word('email')} {page.word('needed')}"
    return faults


def _pay(page: Page, checkout: Checkout) -> Response:
    gateway = page.request.form.get("gateway", _METHODS[0][0])
    if gateway == "bogus" and page.request.form.get("card", "1").strip() != "1":
        page.notices.append(("error", "Your card was declined. Try another way to pay."))
        return _checkout_answer(page, checkout, {})
    try:
        place_order(page.shop, checkout, gateway=gateway, paid=gateway == "bogus")
    except CartRefusal as refusal:
        page.notices.append(("error", str(refusal)))
        return _checkout_answer(page, checkout, {})
    return moved(f"/checkouts/cn/{checkout.token}/thank-you", 303)


def thanks(page: Page, token: str) -> Response:
    """Answer the thank-you page."""
    checkout = page.shop.state.checkouts.get(token)
    order = page.shop.state.orders.get(checkout.order_id) if checkout else None
    if checkout is None or order is None:
        return not_found(page)
    body = tag(
        "div",
        tag("h1", page.word("thanks")),
        tag("p", f"{page.word('thanks_text')} {order.email}.", class_="lede"),
        _facts(page, order),
        tag("a", page.word("back"), href="/", class_="button"),
        class_="thanks",
    )
    return _answer(page, page.word("thanks"), body)


def _facts(page: Page, order: Order) -> Markup:
    rows = (
        (page.word("order_number"), order.name),
        (page.word("total"), page.shop.settings.shown(order.total)),
    )
    shown = [tag("div", tag("dt", label), tag("dd", value)) for label, value in rows]
    return tag("dl", *shown, class_="facts")


def _answer(page: Page, title: str, *body: Child) -> Response:
    brand = tag("a", page.shop.settings.name, href="/", class_="brand")
    head = [*head_of(f"{title} – {page.shop.settings.name}"),
            tag("script", src="/assets/checkout.js", defer=True)]  # fmt: skip
    content = joined(
        tag(
            "header",
            brand,
            tag("a", page.word("cart"), href="/cart", class_="to-cart"),
            class_="site",
        ),
        tag("main", *body),
        tag("footer", tag("p", page.word("footer"))),
    )
    html = tag(
        "html", tag("head", *head), tag("body", content, class_="checkout-page"),
        lang=page.shop.settings.locale,
    )  # fmt: skip
    return text_answer("<!doctype html>\n" + html)


def _code_form(page: Page, checkout: Checkout) -> Markup:
    label = page.word("coupon")
    return tag(
        "form",
        tag("label", label, for_="code", class_="hidden"),
        tag("input", id="code", name="code", placeholder=label,
            value=", ".join(checkout.discount_codes)),
        tag("button", page.word("apply"), class_="button"),
        method="post",
        class_="row code",
    )  # fmt: skip


def _form(page: Page, checkout: Checkout, faults: dict[str, str]) -> Markup:
    email = _field(page, "email", "email", "email", checkout.email, faults)
    news = tag(
        "label",
        tag("input", type="checkbox", name="news", checked=checkout.accepts_marketing),
        tag("span", _NEWS),
    )
    at = checkout.shipping or Address(country_code=page.shop.settings.country)
    fields = [
        _field(page, own, label, hint, getattr(at, own), faults) for own, label, hint, _ in _FIELDS
    ]
    options = [
        tag("option", name, value=code, selected=code == at.country_code)
        for code, name in COUNTRIES.items()
    ]
    country = tag(
        "div",
        tag("label", page.word("country"), for_="country"),
        tag("select", *options, id="country", name="country", autocomplete="country"),
        class_="field",
    )
    return tag(
        "form",
        tag("h2", page.word("contact")),
        email,
        tag("div", news, class_="consent"),
        tag("h2", page.word("address")),
        country,
        tag("div", *fields, class_="fields"),
        tag("h2", page.word("payment")),
        *[_method(page, *one, first=place == 0) for place, one in enumerate(_METHODS)],
        tag("button", page.word("place"), name="place", value="1", class_="button primary wide"),
        method="post",
        class_="checkout",
        novalidate=True,
    )


def _method(page: Page, gateway: str, label: str, text: str, *, first: bool) -> Markup:
    card = gateway == "bogus"
    name, about = (_CARD[label], _CARD[text]) if card else (page.word(label), page.word(text))
    number = tag("input", name="card", value="1", aria_label="Card number", inputmode="numeric")
    return tag(
        "label",
        tag("input", type="radio", name="gateway", value=gateway, checked=first),
        tag("span", tag("strong", name), tag("span", about, class_="soft")),
        number if card else None,
        class_="method",
    )


def _field(
    page: Page, own: str, label: str, hint: str, value: str, faults: dict[str, str]
) -> Markup:
    typed = page.request.form.get(own, value) if page.request.method == "POST" else value
    wrong = faults.get(own)
    return tag(
        "div",
        tag("label", page.word(label), for_=own),
        tag("input", id=own, name=own, type="email" if own == "email" else "text", value=typed,
            autocomplete=hint, aria_invalid="true" if wrong else None),
        tag("span", wrong, class_="fault") if wrong else None,
        class_="field",
    )  # fmt: skip
