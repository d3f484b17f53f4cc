"""Variations as their own routes write them: another shape than a product's."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Product
from tests.doubles.woocommerce.rest.product_json import (
    chosen_options,
    image_json,
    links,
    moments,
    permalink,
    pricing,
    variation_name,
)
from tests.doubles.woocommerce.state import State


def variation_json(state: State, product: Product, root: str, *, below_parent: bool) -> Json:
    """Return a variation; ``below_parent`` tells through which route it was asked for."""
    settings = state.settings
    return {
        "id": product.id,
        "type": "variation",
        **moments(settings, "date_created", product.created_at),
        **moments(settings, "date_modified", product.modified_at),
        "description": product.description,
        "permalink": permalink(state, product, root),
        "sku": product.sku,
        "global_unique_id": "",
        **_selling(state, product),
        "weight": product.weight,
        "dimensions": {"length": "", "width": "", "height": ""},
        "shipping_class": "",
        "shipping_class_id": 0,
        "image": image_json(settings, product, root, full=False) if product.image else None,
        "gallery_image_ids": [],
        "attributes": chosen_options(state, product),
        "menu_order": 0,
        "meta_data": [],
        "name": variation_name(state, product),
        "parent_id": product.parent_id,
        "_links": _links(product, root, below_parent=below_parent),
    }


def _selling(state: State, product: Product) -> Json:
    return {
        **pricing(state.settings, product),
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
    }


def _links(product: Product, root: str, *, below_parent: bool) -> Json:
    if below_parent:
        base = f"products/{product.parent_id}/variations"
        shown = links(root, f"{base}/{product.id}", base)
        up = f"products/{product.parent_id}"
    else:
        shown = links(root, f"variations/{product.id}", "variations")
        del shown["self"][0]["targetHints"]
        up = "products/0"
    shown["up"] = [{"href": f"{root}/wp-json/wc/v3/{up}"}]
    return shown
