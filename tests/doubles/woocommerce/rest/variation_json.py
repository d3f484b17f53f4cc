"""Variations as their own routes write them: another shape than a product's."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Product
from tests.doubles.woocommerce.rest.product_json import (
    image_json,
    links,
    moments,
    option_of,
    permalink,
    variation_name,
)
from tests.doubles.woocommerce.state import State


def variation_json(state: State, product: Product, root: str, *, below_parent: bool) -> Json:
    """Return a variation; ``below_parent`` tells through which route it was asked for."""
    settings = state.settings
    parent = state.products[product.parent_id]
    if below_parent:
        base = f"products/{parent.id}/variations"
        shown_links = links(root, f"{base}/{product.id}", base)
        up = f"products/{parent.id}"
    else:
        shown_links = links(root, f"variations/{product.id}", "variations")
        del shown_links["self"][0]["targetHints"]
        up = "products/0"
    shown_links["up"] = [{"href": f"{root}/wp-json/wc/v3/{up}"}]
    return {
        "id": product.id,
        "type": "variation",
        **moments(settings, "date_created", product.created_at),
        **moments(settings, "date_modified", product.modified_at),
        "description": product.description,
        "permalink": permalink(state, product, root),
        "sku": product.sku,
        "global_unique_id": "",
        "price": product.price,
        "regular_price": product.regular_price,
        "sale_price": product.sale_price,
        **moments(settings, "date_on_sale_from", None),
        **moments(settings, "date_on_sale_to", None),
        "on_sale": bool(product.sale_price),
        "status": product.status,
        "purchasable": product.buyable,
        "virtual": product.virtual,
        "downloadable": False,
        "downloads": [],
        "download_limit": -1,
        "download_expiry": -1,
        "tax_status": "taxable",
        "tax_class": "",
        "manage_stock": product.manage_stock,
        "stock_quantity": product.stock if product.manage_stock else None,
        "stock_status": product.stock_status,
        "backorders": "no",
        "backorders_allowed": False,
        "backordered": False,
        "low_stock_amount": None,
        "weight": product.weight,
        "dimensions": {"length": "", "width": "", "height": ""},
        "shipping_class": "",
        "shipping_class_id": 0,
        "image": image_json(settings, product, root, full=False) if product.image else None,
        "gallery_image_ids": [],
        "attributes": [
            {
                "id": one.id,
                "name": one.name,
                "slug": one.slug,
                "option": option_of(one, product.chosen[one.slug]),
            }
            for one in parent.attributes
            if one.slug in product.chosen
        ],
        "menu_order": 0,
        "meta_data": [],
        "name": variation_name(state, product),
        "parent_id": parent.id,
        "_links": shown_links,
    }
