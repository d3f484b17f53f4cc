"""The frame around every page of the storefront."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.base.http import Request, Response, text_answer
from tests.doubles.base.markup import Child, Markup, joined, tag
from tests.doubles.woocommerce.records import Product, Visit
from tests.doubles.woocommerce.rest.product_json import upload
from tests.doubles.woocommerce.settings import WOOCOMMERCE_VERSION, WORDPRESS_VERSION
from tests.doubles.woocommerce.shop import Shop


@dataclass(slots=True)
class Page:
    """What a page is rendered for: the shop, who visits, and what was asked."""

    shop: Shop
    request: Request
    visit: Visit

    @property
    def root(self) -> str:
        """Return the address of the site as it was asked for."""
        return self.request.root

    def word(self, name: str) -> str:
        """Return what the shop says in its language."""
        return self.shop.profile.words[name]


def picture(page: Page, product: Product, css: str = "") -> Markup:
    """Return the product's drawing, crisp at any size."""
    address = upload(page.root, product.image.replace(".png", ".svg"))
    return tag(
        "img", src=address, alt="", width=400, height=400, loading="lazy", class_=css or None
    )


def page_answer(
    page: Page, title: str, *body: Child, stage: str = "", status: int = 200
) -> Response:
    """Return a whole page; notices that wait are shown once."""
    shop, settings = page.shop, page.shop.state.settings
    notices = [
        tag("p", text, class_=f"notice {kind}", role="status") for kind, text in page.visit.notices
    ]
    page.visit.notices.clear()
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} – {settings.name}"),
        tag("meta", name="generator", content=f"WordPress {WORDPRESS_VERSION}"),
        tag("meta", name="generator", content=f"WooCommerce {WOOCOMMERCE_VERSION}"),
        tag("link", rel="https://api.w.org/", href=f"{page.root}/wp-json/"),
        tag("link", rel="icon", href="/assets/icon.svg"),
        tag("link", rel="stylesheet", href="/assets/store.css"),
        tag("script", src="/assets/store.js", defer=True),
        *_plugin_scripts(shop),
    )
    content = joined(
        _header(page),
        tag("main", *notices, *body),
        tag("footer", tag("p", page.word("footer")), tag("p", f"© {settings.name}")),
    )
    attributes = {"data-stage": stage or None, "data-landing": page.visit.notes.get("landing")}
    html = tag(
        "html",
        tag("head", head),
        tag("body", content, class_=f"woocommerce {stage}".strip(), **attributes),
        lang=settings.language,
        dir=settings.direction,
    )
    return text_answer("<!doctype html>\n" + html, status)


def _plugin_scripts(shop: Shop) -> list[Markup]:
    """Return the script that the plugin puts on every page once it is connected."""
    connection = shop.plugin.connection if shop.plugin else None
    if connection is None or not connection.script_url:
        return []
    return [tag("script", src=connection.script_url, defer=True)]


def _header(page: Page) -> Markup:
    settings = page.shop.state.settings
    count = sum(line.quantity for line in page.visit.lines)
    links = [
        tag("a", name, href=f"/product-category/{slug}/",
            aria_current="page" if f"/{slug}/" in page.request.path else None)
        for slug, name in page.shop.profile.categories
    ]  # fmt: skip
    badge = tag("span", count, class_="count") if count else None
    return tag(
        "header",
        tag("a", settings.name, href="/", class_="brand"),
        tag("nav", *links),
        tag("a", page.word("cart"), badge, href="/cart/", class_="to-cart"),
        class_="site",
    )
