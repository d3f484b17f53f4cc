"""The Ajax cart as ``cart.js`` writes it: money in hundredths, the token with its key."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.shopify.front.answers import drawn
from tests.doubles.shopify.pricing import Priced, PricedLine, price
from tests.doubles.shopify.records import Cart
from tests.doubles.shopify.shop import Shop


def ajax_cart(shop: Shop, cart: Cart) -> Json:
    """Return the whole cart."""
    priced = price(shop.state, cart.lines, cart.discount_codes)
    minor = shop.settings.minor
    return {
        "token": cart.ajax_token,
        "note": cart.note,
        "attributes": {k: v for k, v in cart.attributes.items() if not k.startswith("__")},
        "original_total_price": minor(priced.original),
        "total_price": minor(priced.subtotal),
        "total_discount": minor(priced.discount),
        "total_weight": sum(one.variant.grams * one.line.quantity for one in priced.lines),
        "item_count": sum(one.line.quantity for one in priced.lines),
        "items": [ajax_item(shop, one) for one in priced.lines],
        "requires_shipping": bool(priced.lines),
        "currency": cart.currency or shop.settings.currency,
        "items_subtotal_price": minor(priced.subtotal),
        "cart_level_discount_applications": _applications(shop, priced),
        "discount_codes": [
            {"code": code, "applicable": any(code == used for used, _ in priced.codes)}
            for code in cart.discount_codes
        ],
    }


def _applications(shop: Shop, priced: Priced) -> Json:
    return [
        {
            "type": "discount_code",
            "key": code,
            "title": code,
            "description": code,
            "value": str(off),
            "created_at": None,
            "value_type": "fixed_amount",
            "allocation_method": "across",
            "target_selection": "all",
            "target_type": "line_item",
            "total_allocated_amount": shop.settings.minor(off),
        }
        for code, off in priced.codes
    ]


def ajax_item(shop: Shop, one: PricedLine) -> Json:
    """Return one line."""
    minor, product, variant = shop.settings.minor, one.product, one.variant
    each = minor(variant.price)
    image = shop.state.url + drawn(variant.picture or product.picture)
    return {
        "id": variant.id,
        "properties": dict(one.line.properties),
        "quantity": one.line.quantity,
        "variant_id": variant.id,
        "key": one.line.key,
        "title": one.title,
        "price": each,
        "original_price": each,
        "presentment_price": each / 100,
        "discounted_price": each,
        "line_price": minor(one.original),
        "original_line_price": minor(one.original),
        "total_discount": 0,
        "discounts": [],
        "sku": variant.sku or None,
        "grams": variant.grams,
        "vendor": product.vendor,
        "taxable": True,
        "product_id": product.id,
        "product_has_only_default_variant": product.single,
        "gift_card": False,
        "final_price": each,
        "final_line_price": minor(one.original),
        "url": f"/products/{product.handle}?variant={variant.id}",
        "featured_image": {"aspect_ratio": 1.0, "alt": product.title, "height": 400, "url": image,
                           "width": 400},
        "image": image,
        "handle": product.handle,
        "requires_shipping": True,
        "product_type": product.product_type,
        "product_title": product.title,
        "product_description": product.description,
        "variant_title": None if product.single else variant.title,
        "variant_options": [value for _, value in variant.chosen],
        "options_with_values": [{"name": name, "value": value} for name, value in variant.chosen],
        "line_level_discount_allocations": [],
        "line_level_total_discount": 0,
    }  # fmt: skip
