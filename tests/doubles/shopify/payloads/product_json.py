"""Products and variants in payloads. The fields are those of the documented product resource:
https://shopify.dev/docs/api/admin-rest/latest/resources/product"""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.records import Product, Variant
from tests.doubles.shopify.settings import Settings
from tests.doubles.shopify.state import State


def picture_url(state: State, picture: str) -> str:
    """Return where a drawing is served, '' for none."""
    home = state.url or f"https://{state.settings.host}"
    return f"{home}/cdn/pictures/{picture}.png" if picture else ""


def product_json(state: State, product: Product) -> Json:
    """Return what products/create and products/update say: no collections."""
    settings = state.settings
    images = _images(state, product)
    return {
        "admin_graphql_api_id": gid("Product", product.id),
        "body_html": product.description,
        "created_at": settings.local(product.created_at),
        "handle": product.handle,
        "id": product.id,
        "product_type": product.product_type,
        "published_at": settings.local(product.published_at),
        "template_suffix": None,
        "title": product.title,
        "updated_at": settings.local(product.updated_at),
        "vendor": product.vendor,
        "status": product.status.lower(),
        "published_scope": "web",
        "tags": ", ".join(product.tags),
        "variants": [
            {**variant_json(one, settings), "image_id": _own_image(product, one) or None}
            for one in product.variants
        ],
        "options": [
            {
                "name": name,
                "id": product.id + place,
                "product_id": product.id,
                "position": place,
                "values": list(values),
            }
            for place, (name, values) in enumerate(
                product.options or (("Title", ("Default Title",)),), 1
            )
        ],
        "images": images,
        "image": images[0] if product.picture else None,
    }


def variant_json(variant: Variant, settings: Settings) -> Json:
    """Return a variant as its product's payload holds it, and as the stock topics say it."""
    values = [value for _, value in variant.chosen]
    fixed, local = settings.fixed, settings.local
    return {
        "admin_graphql_api_id": gid("ProductVariant", variant.id),
        "barcode": None,
        "compare_at_price": None if variant.compare_at is None else fixed(variant.compare_at),
        "created_at": local(variant.created_at),
        "fulfillment_service": "manual",
        "id": variant.id,
        "inventory_management": "shopify" if variant.tracked else None,
        "inventory_policy": "continue" if variant.oversell else "deny",
        "position": variant.position,
        "price": fixed(variant.price),
        "product_id": variant.product_id,
        "sku": variant.sku,
        "taxable": True,
        "title": variant.title,
        "updated_at": local(variant.updated_at),
        "option1": values[0] if values else None,
        "option2": values[1] if len(values) > 1 else None,
        "option3": values[2] if len(values) > 2 else None,
        "grams": variant.grams,
        "image_id": variant.image_id or None,
        "weight": variant.grams,
        "weight_unit": "g",
        "inventory_item_id": variant.inventory_item_id or None,
        "inventory_quantity": variant.stock,
        "old_inventory_quantity": variant.stock,
        "requires_shipping": True,
    }


def _own_image(product: Product, variant: Variant) -> int:
    """Return the number of a variant's own picture, 0 where it shows the product's."""
    own = variant.picture and variant.picture != product.picture
    return (variant.image_id or variant.id) if own else 0


def _images(state: State, product: Product) -> list[Json]:
    whole: list[tuple[int, str, list[int]]] = [(product.image_id, product.picture, [])]
    own = [
        (number, variant.picture, [variant.id])
        for variant in product.variants
        if (number := _own_image(product, variant))
    ]
    found = (whole if product.picture else []) + own
    return [
        {
            "id": number,
            "product_id": product.id,
            "position": place,
            "created_at": state.settings.local(product.created_at),
            "updated_at": state.settings.local(product.updated_at),
            "alt": None,
            "width": 600,
            "height": 600,
            "src": picture_url(state, picture),
            "variant_ids": shown_by,
            "admin_graphql_api_id": gid("ProductImage", number),
        }
        for place, (number, picture, shown_by) in enumerate(found, 1)
    ]
