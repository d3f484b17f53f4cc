"""The theme's frame around every page of the online store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.markup import Child, Markup, joined, tag
from tests.doubles.shelves.words import ENGLISH
from tests.doubles.shopify.front.answers import drawn
from tests.doubles.shopify.front.embeds import embedded
from tests.doubles.shopify.records import Cart, Product
from tests.doubles.shopify.shop import Shop


@dataclass(slots=True)
class Page:
    """What a page is rendered for: the shop, whose cart, and what was asked."""

    shop: Shop
    request: Request
    cart: Cart
    notices: list[tuple[str, str]] = field(default_factory=list)

    def word(self, name: str) -> str:
        """Return what the theme says."""
        return ENGLISH[name]


def picture(product: Product, css: str = "", drawing: str = "") -> Markup:
    """Return the product's drawing, or one of its variants', crisp at any size."""
    return tag(
        "img", src=drawn(drawing or product.picture), alt="",
        width=400, height=400, loading="lazy", class_=css or None,
    )  # fmt: skip


def page_answer(
    page: Page, title: str, *body: Child, template: str = "page", status: int = 200
) -> Response:
    """Return a whole page of the theme, with the app embeds that are switched on at its end."""
    settings = page.shop.settings
    notices = [
        tag("p", text, class_=f"notice {kind}", role="status") for kind, text in page.notices
    ]
    head = joined(
        *head_of(f"{title} – {settings.name}"),
        tag("script", Markup(_shopify_object(page))),
        tag("script", src="/assets/standard-actions.js", type="module"),
        tag("script", src="/assets/theme.js", defer=True),
    )
    content = joined(
        _header(page),
        tag("main", *notices, *body),
        tag("footer", tag("p", page.word("footer")), tag("p", f"© {settings.name}")),
        Markup(embedded(page.shop)),
    )
    html = tag(
        "html",
        tag("head", head),
        tag("body", content, class_=f"template-{template}"),
        lang=settings.locale,
    )
    return text_answer("<!doctype html>\n" + html, status)


def head_of(title: str, *, css: str = "store.css") -> list[Markup]:
    """Return what stands in every head."""
    return [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="icon", href="/assets/icon.svg"),
        tag("link", rel="stylesheet", href=f"/assets/{css}"),
    ]


def _shopify_object(page: Page) -> str:
    """Return the global that Shopify puts on every page of every theme."""
    settings = page.shop.settings
    told = {
        "shop": settings.host,
        "locale": settings.locale,
        "currency": {"active": settings.currency, "rate": "1.0"},
        "country": settings.country,
        "theme": {"name": "Double", "role": "main"},
        "routes": {"root": "/"},
    }
    text = json.dumps(told).replace("<", "\\u003c")
    return (
        f"var Shopify = Object.assign(window.Shopify || {{}}, {text});"
        "Shopify.loadFeatures = (features, done) => {"
        " Shopify.customerPrivacy ??= { marketingAllowed: () => false,"
        " analyticsProcessingAllowed: () => true, preferencesProcessingAllowed: () => true,"
        " saleOfDataAllowed: () => false }; done?.(); };"
    )


def _header(page: Page) -> Markup:
    count = sum(line.quantity for line in page.cart.lines)
    links = [
        tag("a", one.title, href=f"/collections/{one.handle}",
            aria_current="page" if page.request.path.endswith(f"/{one.handle}") else None)
        for one in page.shop.state.collections.values()
    ]  # fmt: skip
    badge = tag("span", count or "", class_="count", hidden=not count, data_count=True)
    return tag(
        "header",
        tag("a", page.shop.settings.name, href="/", class_="brand"),
        tag("nav", *links),
        tag("a", page.word("cart"), badge, href="/cart", class_="to-cart"),
        class_="site",
    )
