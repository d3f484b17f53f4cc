"""Products and variations as REST v3 and webhooks write them."""

from __future__ import annotations

import html
from datetime import datetime
from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Attribute, Product
from tests.doubles.woocommerce.settings import Settings, gmt
from tests.doubles.woocommerce.state import State

ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_NO_SIZE = {"length": "", "width": "", "height": ""}


def links(root: str, path: str, collection: str) -> Json:
    """Return the ``_links`` of one thing at this path."""
    itself = {"href": f"{root}/wp-json/wc/v3/{path}", "targetHints": {"allow": ALL_METHODS}}
    return {"self": [itself], "collection": [{"href": f"{root}/wp-json/wc/v3/{collection}"}]}


def moments(settings: Settings, name: str, moment: datetime | None) -> Json:
    """Return the pair of a local and a UTC moment."""
    return {name: settings.local(moment), f"{name}_gmt": gmt(moment)}


def permalink(state: State, product: Product, root: str) -> str:
    """Return the address of the product's page; a variation's names its options."""
    if product.kind != "variation":
        return f"{root}/product/{product.slug}/"
    parent = state.products[product.parent_id]
    query = "&".join(
        f"attribute_{attribute.slug}={product.chosen[attribute.slug]}"
        for attribute in parent.attributes
        if product.chosen.get(attribute.slug)
    )
    return f"{root}/product/{parent.slug}/?{query}"


def upload(root: str, name: str, size: str = "") -> str:
    """Return the address of a picture in the uploads folder."""
    stem, _, ending = name.rpartition(".")
    return f"{root}/wp-content/uploads/2026/11/{stem}{size}.{ending}"


def image_json(settings: Settings, product: Product, root: str, *, full: bool = True) -> Json:
    """Return the product's picture; ``full`` adds the smaller sizes."""
    address = upload(root, product.image)
    shown: Json = {
        "id": product.image_id,
        **moments(settings, "date_created", product.created_at),
        **moments(settings, "date_modified", product.created_at),
        "src": address,
        "name": html.unescape(product.name.split(" - ")[0]),
        "alt": "",
    }
    if full:
        small = upload(root, product.image, "-300x300")
        sizes = [(address, 600)]
        sizes += [(upload(root, product.image, f"-{n}x{n}"), n) for n in (300, 150, 100)]
        shown["srcset"] = ", ".join(f"{one} {width}w" for one, width in sizes)
        shown["sizes"] = "(max-width: 600px) 100vw, 600px"
        shown["thumbnail"] = small
    return shown


def option_of(attribute: Attribute, slug: str) -> str:
    """Return the shown name of an option."""
    return dict(attribute.options).get(slug, slug)


def variation_name(state: State, product: Product, comma: str = ", ") -> str:
    """Return the options of a variation in words."""
    parent = state.products[product.parent_id]
    words = [option_of(a, product.chosen.get(a.slug, "")) for a in parent.attributes]
    return comma.join(word for word in words if word)


def pricing(settings: Settings, product: Product) -> Json:
    """Return what a product or variation costs itself."""
    return {
        "price": product.price,
        "regular_price": product.regular_price,
        "sale_price": product.sale_price,
        **moments(settings, "date_on_sale_from", None),
        **moments(settings, "date_on_sale_to", None),
        "on_sale": bool(product.sale_price),
    }


def _stock(product: Product) -> Json:
    return {
        "manage_stock": product.manage_stock,
        "stock_quantity": product.stock if product.manage_stock else None,
        "backorders": "no",
        "backorders_allowed": False,
        "backordered": False,
        "low_stock_amount": None,
    }


def _size(product: Product) -> Json:
    if not product.size_cm:
        return dict(_NO_SIZE)
    return {"length": product.size_cm, "width": product.size_cm, "height": product.size_cm}


def chosen_options(state: State, product: Product) -> Json:
    """Return the option that a variation has of each attribute."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "slug": one.slug,
            "option": option_of(one, product.chosen[one.slug]),
        }
        for one in state.products[product.parent_id].attributes
        if one.slug in product.chosen
    ]


def _attributes(state: State, product: Product) -> Json:
    if product.kind == "variation":
        return chosen_options(state, product)
    return [
        {
            "id": one.id,
            "name": one.name,
            "slug": one.slug,
            "position": place,
            "visible": True,
            "variation": True,
            "options": [shown for _, shown in one.options],
        }
        for place, one in enumerate(product.attributes)
    ]


def offered(state: State, product: Product) -> list[Product]:
    """Return what can be bought of a product: itself, or its published variations."""
    if product.kind != "variable":
        return [product]
    found = [state.products[one] for one in product.variation_ids if one in state.products]
    return [one for one in found if one.status == "publish"]


def _priced_as(state: State, product: Product) -> tuple[str, bool]:
    """Return the price and whether it is on sale: a parent takes both from its variations."""
    if product.kind != "variable":
        return product.price, bool(product.sale_price)
    variants = [one for one in offered(state, product) if one.price]
    lowest = min(variants, key=lambda one: one.amount, default=None)
    return (lowest.price if lowest else ""), any(one.sale_price for one in variants)


def _money_html(settings: Settings, amount: Decimal, hidden: bool = False) -> str:
    aside = ' aria-hidden="true"' if hidden else ""
    symbol = (
        f'<span class="woocommerce-Price-currencySymbol" translate="no">'
        f"{settings.symbol_html}</span>"
    )
    fixed = settings.fixed(amount)
    inner = f"{symbol}{fixed}" if settings.position.startswith("left") else f"{fixed}{symbol}"
    return f'<span class="woocommerce-Price-amount amount"{aside}><bdi>{inner}</bdi></span>'


def price_html(state: State, product: Product) -> str:
    """Return the price as the shop's pages write it."""
    settings = state.settings
    prices = sorted(one.amount for one in offered(state, product) if one.price)
    if product.kind == "variable" and prices and prices[0] != prices[-1]:
        low, high = prices[0], prices[-1]
        words = f"Price range: {settings.shown(low)} through {settings.shown(high)}"
        return (
            f'{_money_html(settings, low, True)} <span aria-hidden="true">&ndash;</span> '
            f'{_money_html(settings, high, True)}<span class="screen-reader-text">{words}</span>'
        )
    if product.sale_price:
        was = _money_html(settings, Decimal(product.regular_price or "0"))
        return (
            f'<del aria-hidden="true">{was}</del> '
            f'<ins aria-hidden="true">{_money_html(settings, product.amount)}</ins>'
        )
    return _money_html(settings, prices[0]) if prices else ""


def _related(state: State, product: Product) -> list[int]:
    if product.kind == "variation":
        return []
    shared = set(product.category_ids)
    return [
        one.id
        for one in state.products.values()
        if one.id != product.id and one.kind != "variation" and shared & set(one.category_ids)
    ][:5]


_FIXED: Json = {
    "downloadable": False,
    "downloads": [],
    "download_limit": -1,
    "download_expiry": -1,
}
_UNUSED: Json = {"external_url": "", "button_text": ""}
_TAXED: Json = {"tax_status": "taxable", "tax_class": ""}


def product_json(state: State, product: Product, root: str) -> Json:
    """Return a product (or a variation asked for as one) with every field, in order."""
    price, on_sale = _priced_as(state, product)
    variation = product.kind == "variation"
    return {
        **_identity(state, product, root),
        **pricing(state.settings, product),
        "price": price,
        "on_sale": on_sale,
        "purchasable": product.status == "publish" and price != "",
        "total_sales": str(product.total_sales) if variation else product.total_sales,
        "virtual": product.virtual,
        **_FIXED,
        **_UNUSED,
        **_TAXED,
        **_stock(product),
        "sold_individually": False,
        **_sending(product),
        "reviews_allowed": not variation,
        "average_rating": "0.00",
        "rating_count": 0,
        "upsell_ids": [],
        "cross_sell_ids": [],
        "parent_id": product.parent_id,
        "purchase_note": "",
        **_relations(state, product, root),
        "price_html": price_html(state, product),
        "related_ids": _related(state, product),
        "meta_data": [],
        "stock_status": product.stock_status,
        "has_options": product.kind == "variable",
        "post_password": "",
        "global_unique_id": "",
        "_links": _product_links(product, root),
    }


def _identity(state: State, product: Product, root: str) -> Json:
    options = variation_name(state, product) if product.kind == "variation" else ""
    return {
        "id": product.id,
        "name": f"{product.name} - {options}" if options else product.name,
        "slug": product.slug,
        "permalink": permalink(state, product, root),
        **moments(state.settings, "date_created", product.created_at),
        **moments(state.settings, "date_modified", product.modified_at),
        "type": product.kind,
        "status": product.status,
        "featured": product.featured,
        "catalog_visibility": product.visibility,
        "description": product.description,
        "short_description": product.short_description,
        "sku": product.sku,
    }


def _sending(product: Product) -> Json:
    return {
        "weight": product.weight,
        "dimensions": _size(product),
        "shipping_required": not product.virtual,
        "shipping_taxable": not product.virtual,
        "shipping_class": "",
        "shipping_class_id": 0,
    }


def _relations(state: State, product: Product, root: str) -> Json:
    categories = [state.categories[one] for one in product.category_ids]
    return {
        "categories": [{"id": c.id, "name": c.name, "slug": c.slug} for c in categories],
        "brands": [],
        "tags": [],
        "images": [image_json(state.settings, product, root)] if product.image else [],
        "attributes": _attributes(state, product),
        "default_attributes": [],
        "variations": list(product.variation_ids),
        "grouped_products": [],
        "menu_order": 0,
    }


def _product_links(product: Product, root: str) -> Json:
    shown = links(root, f"products/{product.id}", "products")
    if product.kind == "variation":
        shown["up"] = [{"href": f"{root}/wp-json/wc/v3/products/{product.parent_id}"}]
    return shown
