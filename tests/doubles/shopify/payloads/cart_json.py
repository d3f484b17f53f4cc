"""Carts in payloads: token and lines, nobody's name and no total."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.shopify.payloads.money_json import money_set
from tests.doubles.shopify.pricing import PricedLine, price
from tests.doubles.shopify.records import Cart
from tests.doubles.shopify.settings import utc_thousandths
from tests.doubles.shopify.state import State


def cart_json(state: State, cart: Cart) -> Json:
    """Return what carts/create and carts/update say."""
    priced = price(state, cart.lines, cart.discount_codes)
    return {
        "id": cart.token,
        "token": cart.token,
        "line_items": [_line(state, one, cart.currency) for one in priced.lines],
        "note": cart.note,
        "updated_at": utc_thousandths(cart.updated_at),
        "created_at": utc_thousandths(cart.created_at),
    }


def _line(state: State, priced: PricedLine, currency: str) -> Json:
    settings, variant, line = state.settings, priced.variant, priced.line
    unit = settings.rounded(priced.total / line.quantity)

    amounts = {
        "discounted_price": unit,
        "line_price": priced.total,
        "original_line_price": priced.original,
        "price": variant.price,
        "total_discount": priced.discount,
    }
    texts = {key: settings.fixed(value) for key, value in amounts.items()}
    sets = {f"{key}_set": money_set(settings, value, currency) for key, value in amounts.items()}
    return {
        "id": variant.id,
        "properties": line.properties or None,
        "quantity": line.quantity,
        "variant_id": variant.id,
        "key": line.key,
        "discounts": [],
        "gift_card": False,
        "grams": variant.grams,
        "original_price": settings.fixed(variant.price),
        "product_id": priced.product.id,
        "sku": variant.sku,
        "taxable": True,
        "title": priced.title,
        "vendor": priced.product.vendor,
        "parent_relationship": None,
        **texts,
        **sets,
    }
