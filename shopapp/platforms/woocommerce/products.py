"""Products, variations and categories, from webhooks and from REST reads alike."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import (
    CategoryChanged,
    ProductChanged,
    Unreadable,
    VariantChanged,
    VariantState,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import fields, money

_MAX_SKU = 200
_IN_STOCK = frozenset({"instock", "onbackorder"})


def parse_product(source: Json, store: StoreFacts) -> ProductChanged | VariantChanged:
    """Return the product, or the variation (``/products/<variation>`` and ``product.*`` webhooks
    give both in one shape)."""
    product = fields.as_object(source, "product")
    if fields.text(product, "type") == "variation":
        return parse_variation(product, store)
    product_id = fields.identifier(product, "id")
    price, regular = _prices(product, store)
    kind = _kind(product)
    return ProductChanged(
        product_id=product_id,
        name=fields.name(product, "name"),
        url=fields.url(product.get("permalink")),
        image_url=_image(product),
        published=_published(product),
        kind=kind,
        price=price,
        regular_price=regular,
        available=_available(product),
        stock=_stock(product),
        category_ids=tuple(
            fields.identifier(row, "id") for row in fields.rows(product, "categories")
        ),
        changed_at=_changed_at(product),
        variants=None if kind == "variable" else (_own_variant(product, product_id, store),),
        variant_ids=_variation_ids(product) if kind == "variable" else (product_id,),
        sku=fields.optional_text(product, "sku", _MAX_SKU),
    )


def parse_variation(source: Json, store: StoreFacts, *, product_id: str = "") -> VariantChanged:
    """Return the variation, in the shape of ``/products/<id>/variations`` or of a product.

    ``product_id``: its product, for stores whose answers do not name it (WooCommerce before 9).
    """
    variation = fields.as_object(source, "variation")
    parent = product_id or fields.identifier(variation, "parent_id")
    return VariantChanged(_variant(variation, parent, store), _changed_at(variation))


def parse_category(source: Json) -> CategoryChanged:
    """Return the product category."""
    category = fields.as_object(source, "category")
    return CategoryChanged(
        category_id=fields.identifier(category, "id"),
        name=fields.name(category, "name"),
        parent_id=fields.optional_identifier(category, "parent"),
        slug=fields.optional_text(category, "slug"),
    )


def _own_variant(product: JsonObject, product_id: str, store: StoreFacts) -> VariantState:
    """A product without variations is its own single variant, under its own id. (The
    ``attributes`` of a product describe it; only a variation's are a choice.)"""
    return _variant({**product, "attributes": []}, product_id, store)


def _variant(source: JsonObject, product_id: str, store: StoreFacts) -> VariantState:
    price, regular = _prices(source, store)
    attributes = _attributes(source)
    return VariantState(
        variant_id=fields.identifier(source, "id"),
        product_id=product_id,
        # The three sources write three names ("A2", "Poster - A2", "Poster"): only the chosen
        # options are the same in all.
        name=", ".join(option for _, option in attributes),
        attributes=attributes,
        price=price,
        regular_price=regular,
        available=_available(source),
        stock=_stock(source),
        sku=fields.optional_text(source, "sku", _MAX_SKU),
        image_url=_image(source),
        url=fields.url(source.get("permalink")),
        changed_at=_changed_at(source),
    )


def _prices(source: JsonObject, store: StoreFacts) -> tuple[Money, Money]:
    """Return the price now and the regular one. Without a price it is not for sale (and
    `available` says so); a variable product has no regular price of its own."""
    now = money.price(source, "price", currency=store.currency, decimals=store.decimals)
    regular = money.price(source, "regular_price", currency=store.currency, decimals=store.decimals)
    price = now or Money(0, store.currency, store.decimals)
    return price, regular or price


def _kind(product: JsonObject) -> Literal["simple", "variable", "other"]:
    kind = fields.text(product, "type")
    # "variable-subscription" and its like name variations as well.
    if kind.startswith("variable"):
        return "variable"
    return "simple" if kind == "simple" else "other"


def _published(source: JsonObject) -> bool:
    return fields.text(source, "status") == "publish" and not source.get("post_password")


def _available(source: JsonObject) -> bool:
    return (
        _published(source)
        and fields.flag(source, "purchasable")
        and fields.text(source, "stock_status") in _IN_STOCK
    )


def _stock(source: JsonObject) -> int | None:
    """Return the pieces left, None where the shop does not count. ``manage_stock`` of a
    variation may be "parent": its product counts for it, and the number is the product's."""
    counted = source.get("manage_stock")
    if counted not in (True, False, "parent"):
        raise Unreadable("manage_stock is neither true nor false")
    left = source.get("stock_quantity")
    if not counted or left is None:
        return None
    return math.floor(left) if isinstance(left, float) else fields.as_whole(left, "stock_quantity")


def _attributes(source: JsonObject) -> tuple[tuple[str, str], ...]:
    return tuple(
        (fields.name(row, "name"), fields.name(row, "option"))
        for row in fields.rows(source, "attributes")
        if row.get("option")
    )


def _image(source: JsonObject) -> str:
    """Return the first picture: ``images`` of a product, ``image`` of a variation, or ''."""
    first = source.get("image")
    if first is None:
        images = source.get("images")
        first = images[0] if isinstance(images, list) and images else None
    return fields.url(first.get("src")) if isinstance(first, dict) else ""


def _variation_ids(product: JsonObject) -> tuple[str, ...]:
    ids = fields.as_list(product.get("variations"), "variations")
    return tuple(str(fields.as_whole(one, "variation")) for one in ids)


def _changed_at(source: JsonObject) -> datetime:
    changed = fields.optional_gmt(source, "date_modified_gmt")
    return changed or fields.gmt(source, "date_created_gmt")
