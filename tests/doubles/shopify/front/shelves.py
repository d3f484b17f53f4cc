"""The pages that show products: the home page, a collection and one product."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Json, Response
from tests.doubles.base.markup import Markup, tag
from tests.doubles.shopify.carts import CartRefusal, add_to_cart
from tests.doubles.shopify.front.answers import drawn, moved
from tests.doubles.shopify.front.frame import Page, page_answer, picture
from tests.doubles.shopify.front.visits import keep_cart
from tests.doubles.shopify.records import Product, Variant
from tests.doubles.shopify.settings import utc

_FEW = 5
_COLOURS = ("oat", "fjord", "clay", "ink", "moss", "sage", "ecru")


def home(page: Page) -> Response:
    """Answer the home page: a welcome, this season's things, then everything."""
    shown = _on_shelf(page)
    lead = next((one for one in shown if one.featured), shown[0])
    hero = tag(
        "section",
        tag(
            "div",
            tag("p", page.shop.settings.tagline, class_="kicker"),
            tag("h1", page.word("hero")),
            tag("p", page.word("hero_text"), class_="lede"),
            tag("a", page.word("featured"), href="#all", class_="button"),
        ),
        tag("a", picture(lead), href=f"/products/{lead.handle}", aria_label=lead.title),
        class_="hero",
    )
    first = sorted(shown, key=lambda one: not one.featured)
    grid = _grid(page, first, page.word("all"))
    return page_answer(page, page.word("shop"), hero, grid, template="index")


def collection(page: Page, handle: str) -> Response:
    """Answer one collection; ``all`` has everything."""
    if handle == "all":
        everything = _grid(page, _on_shelf(page), page.word("all"), level="h1")
        return page_answer(page, page.word("all"), everything, template="collection")
    found = next((o for o in page.shop.state.collections.values() if o.handle == handle), None)
    if found is None:
        return not_found(page)
    shown = [one for one in _on_shelf(page) if found.id in one.collection_ids]
    grid = _grid(page, shown, found.title, level="h1")
    return page_answer(page, found.title, grid, template="collection")


def not_found(page: Page) -> Response:
    """Answer that there is no such page."""
    back = tag("a", page.word("back"), href="/", class_="button")
    body = tag("div", tag("h1", "404"), back, class_="empty")
    return page_answer(page, "404", body, template="404", status=404)


def product_page(page: Page, handle: str) -> Response:
    """Answer one product with its pickers; ``?variant=`` chooses; a POST puts it into the cart."""
    product = on_sale(page, handle)
    if product is None:
        return not_found(page)
    if page.request.method == "POST":
        return _put(page)
    asked = page.request.query.get("variant", "")
    chosen = next((one for one in product.variants if str(one.id) == asked), None)
    chosen = chosen or next((one for one in product.variants if one.available), product.variants[0])
    shown = picture(product, "main-picture", chosen.picture)
    body = tag(
        "article",
        tag("div", shown, class_="stage"),
        tag(
            "div",
            tag("h1", product.title),
            _price(page, [chosen]),
            Markup(product.description),
            _form(page, product, chosen),
            tag("p", page.word("size_note"), class_="soft"),
            class_="buy",
        ),
        class_="product",
    )
    near = [
        one for one in _on_shelf(page)
        if one.id != product.id and set(one.collection_ids) & set(product.collection_ids)
    ][:4]  # fmt: skip
    related = _grid(page, near, page.word("related"))
    return page_answer(page, product.title, body, related, template="product")


def on_sale(page: Page, handle: str) -> Product | None:
    """Return the product of this handle, None where shoppers see none."""
    products = page.shop.state.products.values()
    return next((one for one in products if one.handle == handle and one.on_sale), None)


def product_js(page: Page, product: Product) -> Json:
    """Return what ``/products/{handle}.js`` tells: prices in hundredths."""
    minor = page.shop.settings.minor
    prices = [minor(one.price) for one in product.variants]
    image = drawn(product.picture)
    return {
        "id": product.id,
        "title": product.title,
        "handle": product.handle,
        "description": product.description,
        "published_at": utc(product.published_at),
        "created_at": utc(product.created_at),
        "vendor": product.vendor,
        "type": product.product_type,
        "tags": list(product.tags),
        "price": min(prices),
        "price_min": min(prices),
        "price_max": max(prices),
        "available": any(one.available for one in product.variants),
        "price_varies": len(set(prices)) > 1,
        "compare_at_price": None,
        "variants": [_variant_js(page, product, one) for one in product.variants],
        "images": [image],
        "featured_image": image,
        "options": [
            {"name": name, "position": place, "values": list(values)}
            for place, (name, values) in enumerate(product.options, start=1)
        ],
        "url": f"/products/{product.handle}",
        "requires_selling_plan": False,
    }


def _variant_js(page: Page, product: Product, one: Variant) -> Json:
    minor = page.shop.settings.minor
    values = [value for _, value in one.chosen] + [None] * 3
    return {
        "id": one.id,
        "title": one.title,
        "option1": values[0],
        "option2": values[1],
        "option3": values[2],
        "sku": one.sku,
        "requires_shipping": True,
        "taxable": True,
        "featured_image": None,
        "available": one.available,
        "name": product.title if product.single else f"{product.title} - {one.title}",
        "public_title": None if product.single else one.title,
        "options": [value for _, value in one.chosen],
        "price": minor(one.price),
        "weight": one.grams,
        "compare_at_price": None if one.compare_at is None else minor(one.compare_at),
        "inventory_management": "shopify" if one.tracked else None,
        "barcode": "",
    }


def _on_shelf(page: Page) -> list[Product]:
    return [one for one in page.shop.state.products.values() if one.on_sale]


def _grid(page: Page, products: list[Product], title: str, level: str = "h2") -> Markup:
    cards = [tag("li", _card(page, one)) for one in products]
    return tag("section", tag(level, title), tag("ul", *cards, class_="grid"), id="all")


def _card(page: Page, product: Product) -> Markup:
    badge = None
    if not any(one.available for one in product.variants):
        badge = tag("span", page.word("sold_out"), class_="badge")
    elif any(one.compare_at for one in product.variants):
        badge = tag("span", page.word("sale"), class_="badge sale")
    return tag(
        "a",
        tag("span", picture(product), badge, class_="picture"),
        tag("span", product.title, class_="name"),
        _price(page, product.variants),
        href=f"/products/{product.handle}",
        class_="card",
    )


def _price(page: Page, variants: list[Variant]) -> Markup:
    shown = page.shop.settings.shown
    lowest = min(variants, key=lambda one: one.price)
    varied = len({one.price for one in variants}) > 1
    was = lowest.compare_at
    old = tag("s", shown(was)) if was and was > Decimal(lowest.price) else None
    text = f"{page.word('from')} " if varied else ""
    return tag("span", tag("bdi", text, shown(lowest.price)), " ", old, class_="price")


def _form(page: Page, product: Product, chosen: Variant) -> Markup:
    label = page.word("add") if chosen.available else page.word("sold_out")
    few = chosen.tracked and 0 < chosen.stock <= _FEW
    return tag(
        "form",
        *(
            []
            if product.single
            else [_picker(product, name, chosen) for name, _ in product.options]
        ),
        tag("p", page.word("last").format(n=chosen.stock), class_="few") if few else None,
        tag(
            "div",
            tag("label", page.word("quantity"), for_="quantity", class_="hidden"),
            tag("input", id="quantity", name="quantity", type="number", value=1, min=1, max=99),
            tag("button", label, class_="button primary", disabled=not chosen.available),
            class_="row",
        ),
        tag("input", type="hidden", name="id", value=chosen.id),
        method="post",
        class_="cart product-form",
        data_handle=product.handle,
    )


def _picker(product: Product, name: str, chosen: Variant) -> Markup:
    """Return the choice of one option; each radio names the variant that it would lead to."""
    own = dict(chosen.chosen)
    choices = []
    for value in dict(product.options)[name]:
        target = _leads_to(product, {**own, name: value}, (name, value))
        box = tag(
            "input", type="radio", name=f"options[{name}]", value=value, checked=own[name] == value,
            data_variant=target.id if target else None,
            disabled=target is None or not target.available,
        )  # fmt: skip
        dot = tag("i", class_=f"dot {value.lower()}") if value.lower() in _COLOURS else None
        choices.append(tag("label", box, tag("span", dot, value), class_="choice"))
    return tag("fieldset", tag("legend", name), tag("div", *choices, class_="choices"))


def _leads_to(product: Product, wanted: dict[str, str], own: tuple[str, str]) -> Variant | None:
    """Return the variant with these options, or one that shares at least the option just chosen:
    not every size comes in every colour."""
    exact = next((one for one in product.variants if dict(one.chosen) == wanted), None)
    near = [one for one in product.variants if own in one.chosen]
    return exact or next((one for one in near if one.available), near[0] if near else None)


def _put(page: Page) -> Response:
    """Take the form of a page without scripts; the theme's script asks the Ajax cart instead."""
    form = page.request.form
    quantity = form.get("quantity", "1")
    pieces = min(99, max(1, int(quantity))) if quantity.isdigit() else 1
    try:
        keep_cart(page.shop, page.cart)
        wanted = form.get("id", "")
        add_to_cart(page.shop, page.cart, int(wanted) if wanted.isdigit() else 0, pieces)
    except CartRefusal as refusal:
        page.notices.append(("error", str(refusal)))
        return page_answer(page, page.word("cart"), status=422)
    return moved("/cart")
