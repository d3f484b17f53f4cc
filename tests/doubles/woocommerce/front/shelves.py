"""The pages that show products: the home page, a category and one product."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Response, redirect_to
from tests.doubles.base.markup import Markup, plain, tag
from tests.doubles.woocommerce import cart as carts
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.front.frame import Page, page_answer, picture
from tests.doubles.woocommerce.records import Attribute, Product
from tests.doubles.woocommerce.rest.product_json import offered

_FEW = 5


def home(page: Page) -> Response:
    """Answer the home page: a welcome, this season's things, then everything."""
    shown = _on_shelf(page)
    lead = next((one for one in shown if one.featured), shown[0])
    hero = tag(
        "section",
        tag(
            "div",
            tag("p", page.shop.state.settings.tagline, class_="kicker"),
            tag("h1", page.word("hero")),
            tag("p", page.word("hero_text"), class_="lede"),
            tag("a", page.word("featured"), href="#all", class_="button"),
        ),
        tag("a", picture(page, lead), href=f"/product/{lead.slug}/", aria_label=plain(lead.name)),
        class_="hero",
    )
    first = [one for one in shown if one.featured] + [one for one in shown if not one.featured]
    return page_answer(page, page.word("shop"), hero, _grid(page, first, page.word("all")))


def category(page: Page, slug: str) -> Response:
    """Answer one category."""
    found = next((one for one in page.shop.state.categories.values() if one.slug == slug), None)
    if found is None:
        return not_found(page)
    shown = [one for one in _on_shelf(page) if found.id in one.category_ids]
    return page_answer(page, found.name, _grid(page, shown, found.name, level="h1"))


def not_found(page: Page) -> Response:
    """Answer that there is no such page."""
    back = tag("a", page.word("back"), href="/", class_="button")
    return page_answer(page, "404", tag("div", tag("h1", "404"), back, class_="empty"), status=404)


def product_page(page: Page, slug: str) -> Response:
    """Answer one product with its pickers; a POST puts it into the cart."""
    product = next(
        (one for one in page.shop.state.products.values()
         if one.slug == slug and one.kind != "variation" and one.status == "publish"), None,
    )  # fmt: skip
    if product is None:
        return not_found(page)
    if page.request.method == "POST":
        return _put(page, product)
    options = offered(page.shop.state, product)
    body = tag(
        "article",
        tag("div", picture(page, product, "main-picture"), class_="stage"),
        tag(
            "div",
            tag("h1", plain(product.name)),
            _price(page, product),
            Markup(product.description),
            _form(page, product, options),
            tag("p", page.word("size_note"), class_="soft"),
            class_="buy",
        ),
        class_="product",
    )
    near = [
        one for one in _on_shelf(page)
        if one.id != product.id and set(one.category_ids) & set(product.category_ids)
    ][:4]  # fmt: skip
    return page_answer(page, plain(product.name), body, _grid(page, near, page.word("related")))


def _on_shelf(page: Page) -> list[Product]:
    return [
        one for one in page.shop.state.products.values()
        if one.kind != "variation" and one.status == "publish" and one.visibility == "visible"
    ]  # fmt: skip


def _grid(page: Page, products: list[Product], title: str, level: str = "h2") -> Markup:
    cards = [tag("li", _card(page, one)) for one in products]
    return tag("section", tag(level, title), tag("ul", *cards, class_="grid"), id="all")


def _card(page: Page, product: Product) -> Markup:
    badge = None
    if not product.available:
        badge = tag("span", page.word("sold_out"), class_="badge")
    elif any(one.sale_price for one in offered(page.shop.state, product)):
        badge = tag("span", page.word("sale"), class_="badge sale")
    colours = next((a.options for a in product.attributes if a.slug == "pa_colour"), [])
    dots = [tag("i", class_=f"dot {slug}", title=name) for slug, name in colours]
    return tag(
        "a",
        tag("span", picture(page, product), badge, class_="picture"),
        tag("span", plain(product.name), class_="name"),
        _price(page, product),
        tag("span", *dots, class_="dots") if len(dots) > 1 else None,
        href=f"/product/{product.slug}/",
        class_="card",
    )


def _price(page: Page, product: Product) -> Markup:
    settings = page.shop.state.settings
    options = [one for one in offered(page.shop.state, product) if one.price]
    if not options:
        return tag("span", "–", class_="price")
    lowest = min(options, key=lambda one: one.amount)
    varied = len({one.amount for one in options}) > 1
    shown: list[str] = [f"{page.word('from')} " if varied else "", settings.shown(lowest.amount)]
    was = None
    if lowest.sale_price:
        was = tag("s", settings.shown(Decimal(lowest.regular_price)))
    return tag("span", tag("bdi", *shown), " ", was, class_="price")


def _form(page: Page, product: Product, options: list[Product]) -> Markup:
    sold_out = not any(one.available for one in options)
    pickers = [_picker(product, one, options) for one in product.attributes]
    lowest = min((one.stock or 0 for one in options if one.available), default=0)
    few = product.kind == "simple" and product.manage_stock and 0 < lowest <= _FEW
    label = page.word("sold_out") if sold_out else page.word("add")
    return tag(
        "form",
        *pickers,
        tag("p", page.word("last").format(n=lowest), class_="few") if few else None,
        tag(
            "div",
            tag("label", page.word("quantity"), for_="quantity", class_="hidden"),
            tag("input", id="quantity", name="quantity", type="number", value=1, min=1, max=99),
            tag("button", label, class_="button primary", disabled=sold_out),
            class_="row",
        ),
        tag("input", type="hidden", name="add-to-cart", value=product.id),
        method="post",
        class_="cart variations_form",
    )


def _picker(product: Product, attribute: Attribute, options: list[Product]) -> Markup:
    """Return the choice of one attribute as radio buttons; the first that is in stock is set."""
    live = {one.chosen.get(attribute.slug) for one in options if one.available}
    first = next((slug for slug, _ in attribute.options if slug in live), None)
    choices = []
    for slug, name in attribute.options:
        field = f"attribute_{attribute.slug}"
        own = next((one.image for one in options if one.chosen.get(attribute.slug) == slug), "")
        box = tag(
            "input", type="radio", name=field, value=slug, checked=slug == first,
            disabled=slug not in live, data_picture=own.replace(".png", ".svg"),
        )  # fmt: skip
        dot = tag("i", class_=f"dot {slug}") if attribute.slug == "pa_colour" else None
        choices.append(tag("label", box, tag("span", dot, name), class_="choice"))
    legend = tag("legend", attribute.name)
    return tag(
        "fieldset", legend, tag("div", *choices, class_="choices"), data_attribute=attribute.slug
    )


def _put(page: Page, product: Product) -> Response:
    form, shop = page.request.form, page.shop
    chosen = {a.slug: form.get(f"attribute_{a.slug}", "") for a in product.attributes}
    quantity = form.get("quantity", "1")
    pieces = min(99, max(1, int(quantity))) if quantity.isdigit() else 1
    name = plain(product.name)
    try:
        carts.add(shop.state, page.visit, carts.sellable(shop.state, product.id, 0, chosen), pieces)
        page.visit.notices.append(("success", f"{name} {page.word('added')}"))
    except ApiError as error:
        few = error.code == "woocommerce_rest_product_partially_out_of_stock"
        text = page.word("not_enough") if few else f"{name} {page.word('out_of_stock')}"
        page.visit.notices.append(("error", text))
    return redirect_to(page.request.path, 303)
