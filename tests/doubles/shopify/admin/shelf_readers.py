"""How the fields of products, variants and collections are read."""

from __future__ import annotations

from typing import Any

from tests.doubles.shopify.admin.call import Call, Page, Reader
from tests.doubles.shopify.admin.paging import page_of
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.payloads.product_json import picture_url
from tests.doubles.shopify.records import Product, Variant


def picture(call: Call, drawn: str, number: int) -> dict[str, Any] | None:
    """Return a drawing as media, None for none."""
    if not drawn:
        return None
    image = {"url": picture_url(call.shop.state, drawn), "altText": None}
    return {
        "__typename": "MediaImage",
        "id": gid("MediaImage", number),
        "preview": {"image": image},
    }


def image_of(call: Call, drawn: str) -> dict[str, Any] | None:
    """Return a drawing as an image, None for none."""
    return {"url": picture_url(call.shop.state, drawn), "altText": None} if drawn else None


def _store_url(product: Product, call: Call) -> str | None:
    if not product.on_sale:
        return None
    home = call.shop.state.url or f"https://{call.shop.host}"
    return f"{home}/products/{product.handle}"


def _variants(product: Product, call: Call) -> Page:
    if call.args.get("sortKey", "POSITION") == "POSITION":
        return page_of(
            product.variants, call.args, key=lambda one: one.position, number=lambda one: one.id
        )
    return page_of(product.variants, call.args, key=lambda one: one.id, number=lambda one: one.id)


def _collections(product: Product, call: Call) -> Page:
    found = [
        call.shop.state.collections[one]
        for one in product.collection_ids
        if one in call.shop.state.collections
    ]
    return page_of(found, call.args, key=lambda one: one.id, number=lambda one: one.id)


def _variant_media(variant: Variant, call: Call) -> Page:
    product = call.shop.state.products[variant.product_id]
    own = variant.picture if variant.picture != product.picture else ""
    media = picture(call, own, variant.id)
    return page_of([media] if media else [], call.args, key=lambda _: 0, number=lambda _: 0)


SHELVES: dict[tuple[str, str], Reader] = {
    ("Product", "featuredMedia"): lambda one, call: picture(call, one.picture, one.image_id),
    ("Product", "hasOnlyDefaultVariant"): lambda one, _: one.single,
    ("Product", "onlineStoreUrl"): _store_url,
    ("Product", "variants"): _variants,
    ("Product", "collections"): _collections,
    ("ProductVariant", "availableForSale"): lambda one, _: one.available,
    ("ProductVariant", "compareAtPrice"): lambda one, call: (
        None if one.compare_at is None else call.shop.settings.fixed(one.compare_at)
    ),
    ("ProductVariant", "price"): lambda one, call: call.shop.settings.fixed(one.price),
    ("ProductVariant", "inventoryQuantity"): lambda one, _: one.stock,
    ("ProductVariant", "inventoryPolicy"): lambda one, _: "CONTINUE" if one.oversell else "DENY",
    ("ProductVariant", "inventoryItem"): lambda one, _: {
        "id": gid("InventoryItem", one.inventory_item_id),
        "tracked": one.tracked,
    },
    ("ProductVariant", "selectedOptions"): lambda one, _: [
        {"name": name, "value": value} for name, value in one.chosen
    ],
    ("ProductVariant", "media"): _variant_media,
    ("ProductVariant", "product"): lambda one, call: call.shop.state.products[one.product_id],
}
