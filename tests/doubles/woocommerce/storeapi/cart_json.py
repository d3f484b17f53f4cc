"""The cart as the Store API writes it: amounts are texts in minor units."""

from __future__ import annotations

import html
from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.cart import PricedCart, PricedLine, priced
from tests.doubles.woocommerce.records import EMPTY_ADDRESS, Address, Visit
from tests.doubles.woocommerce.rest.product_json import (
    option_of,
    permalink,
    upload,
    variation_name,
)
from tests.doubles.woocommerce.settings import Settings
from tests.doubles.woocommerce.shop import Shop

_BILLING = [*list(EMPTY_ADDRESS)[:10], "email", "phone"]


def money_fields(settings: Settings) -> Json:
    """Return how amounts beside these fields are to be read."""
    return {
        "currency_code": settings.currency,
        "currency_symbol": settings.symbol,
        "currency_minor_unit": settings.decimals,
        "currency_decimal_separator": settings.decimal,
        "currency_thousand_separator": settings.thousand,
        "currency_prefix": settings.prefix,
        "currency_suffix": settings.suffix,
    }


def address_of(shop: Shop, address: Address, *, billing: bool) -> Address:
    """Return an address with every field; the country is the shop's until it is known."""
    settings = shop.state.settings
    base = {**EMPTY_ADDRESS, "state": settings.state, "country": settings.country}
    keys = _BILLING if billing else list(EMPTY_ADDRESS)
    filled = {**base, "email": "", **{k: v for k, v in address.items() if v or k != "country"}}
    return {key: filled.get(key, "") for key in keys}


def cart_json(shop: Shop, visit: Visit, root: str, cart: PricedCart | None = None) -> Json:
    """Return the cart with every field."""
    state = shop.state
    cart = cart or priced(state, visit)
    extensions: Json = {}
    if shop.plugin and visit.notes.get("cart_id"):
        extensions = {"rebasket": {"cart_id": visit.notes["cart_id"]}}
    shipped = cart.shipping is not None
    return {
        "items": [_item(shop, one, root) for one in cart.lines],
        "coupons": [_coupon(state.settings, one.code, one.kind, off) for one, off in cart.coupons],
        "fees": [],
        "totals": _totals(state.settings, cart),
        "shipping_address": address_of(shop, visit.shipping, billing=False),
        "billing_address": address_of(shop, visit.billing, billing=True),
        "needs_payment": cart.total > 0,
        "needs_shipping": shipped,
        "payment_requirements": ["products"],
        "has_calculated_shipping": shipped,
        "shipping_rates": [_rates(shop, visit, cart)] if shipped else [],
        "items_count": cart.count,
        "items_weight": _weight(cart),
        "cross_sells": [],
        "errors": [{"code": code, "message": message} for code, message in cart.errors],
        "payment_methods": list(state.settings.payment_methods),
        "extensions": extensions,
    }


def _weight(cart: PricedCart) -> float | int:
    """Return the weight in grams of a cart whose products weigh pounds, as in the recordings."""
    pounds = sum(Decimal(one.product.weight or "0") * one.line.quantity for one in cart.lines)
    grams = float(pounds * Decimal("453.592"))
    return int(grams) if grams == int(grams) else grams


def _coupon(settings: Settings, code: str, kind: str, off: Decimal) -> Json:
    totals = {"total_discount": settings.minor(off), "total_discount_tax": "0"}
    totals |= money_fields(settings)
    return {"code": code, "discount_type": kind, "totals": totals}


def _totals(settings: Settings, cart: PricedCart) -> Json:
    shipping = None if cart.shipping is None else settings.minor(cart.shipping)
    return {
        "total_items": settings.minor(cart.items),
        "total_items_tax": "0",
        "total_fees": "0",
        "total_fees_tax": "0",
        "total_discount": settings.minor(cart.discount),
        "total_discount_tax": "0",
        "total_shipping": shipping,
        "total_shipping_tax": None if shipping is None else "0",
        "total_price": settings.minor(cart.total),
        "total_tax": "0",
        "tax_lines": [],
        **money_fields(settings),
    }


def _prices(settings: Settings, one: PricedLine) -> Json:
    price = one.product.amount
    regular = Decimal(one.product.regular_price or "0")
    fine = {"precision": 6}
    raw = {
        "price": str(int(price.scaleb(6))),
        "regular_price": str(int(regular.scaleb(6))),
        "sale_price": str(int(price.scaleb(6))),
    }
    return {
        "price": settings.minor(price),
        "regular_price": settings.minor(regular),
        "sale_price": settings.minor(price),
        "price_range": None,
        **money_fields(settings),
        "raw_prices": {**fine, **raw},
    }


def _image(one: PricedLine, root: str) -> Json:
    name = one.product.image
    address, small = upload(root, name), upload(root, name, "-300x300")
    sizes = [(upload(root, name, f"-{n}x{n}"), n) for n in (300, 150, 100)]
    written = [f"{each} {width}w" for each, width in sizes]
    return {
        "id": one.product.image_id,
        "src": address,
        "thumbnail": small,
        "srcset": ", ".join([f"{address} 600w", *written]),
        "sizes": "(max-width: 600px) 100vw, 600px",
        "thumbnail_srcset": ", ".join([*written, f"{address} 600w"]),
        "thumbnail_sizes": "(max-width: 300px) 100vw, 300px",
        "name": html.unescape(one.name),
        "alt": "",
    }


def _limits(one: PricedLine) -> Json:
    counted = one.product.manage_stock and one.product.stock
    return {
        "minimum": 1,
        "maximum": one.product.stock if counted else 9999,
        "multiple_of": 1,
        "editable": True,
    }


def _variation(one: PricedLine) -> Json:
    parent = one.parent
    if parent is None:
        return []
    return [
        {
            "raw_attribute": f"attribute_{attribute.slug}",
            "attribute": attribute.name,
            "value": option_of(attribute, one.product.chosen[attribute.slug]),
        }
        for attribute in parent.attributes
        if attribute.slug in one.product.chosen
    ]


def _item(shop: Shop, one: PricedLine, root: str) -> Json:
    settings = shop.state.settings
    low = 0 if not one.product.available else None
    if one.product.manage_stock and one.product.stock and one.product.stock <= 2:
        low = one.product.stock
    return {
        "key": one.line.key,
        "id": one.product.id,
        "type": one.product.kind,
        "quantity": one.line.quantity,
        "quantity_limits": _limits(one),
        "name": one.name,
        "short_description": one.product.short_description.strip(),
        "description": one.product.description.strip(),
        "sku": one.product.sku,
        "low_stock_remaining": low,
        "backorders_allowed": False,
        "show_backorder_badge": False,
        "sold_individually": False,
        "permalink": permalink(shop.state, one.product, root),
        "images": [_image(one, root)] if one.product.image else [],
        "variation": _variation(one),
        "item_data": [],
        "prices": _prices(settings, one),
        "totals": {
            "line_subtotal": settings.minor(one.subtotal),
            "line_subtotal_tax": "0",
            "line_total": settings.minor(one.total),
            "line_total_tax": "0",
            **money_fields(settings),
        },
        "catalog_visibility": one.product.visibility,
        "extensions": {},
    }


def _full_name(shop: Shop, one: PricedLine) -> str:
    return f"{one.name} - {variation_name(shop.state, one.product)}" if one.parent else one.name


def _rates(shop: Shop, visit: Visit, cart: PricedCart) -> Json:
    settings = shop.state.settings
    to = address_of(shop, visit.shipping, billing=False)
    names = ("address_1", "address_2", "city", "state", "postcode", "country")
    items = [(one.line.key, _full_name(shop, one), one.line.quantity) for one in cart.lines]
    packed = ", ".join(f"{name} &times; {quantity}" for _, name, quantity in items)
    rate = {
        "rate_id": "flat_rate:1",
        "name": "Flat rate",
        "description": "",
        "delivery_time": "",
        "price": settings.minor(cart.shipping or Decimal(0)),
        "taxes": "0",
        "instance_id": 1,
        "method_id": "flat_rate",
        "meta_data": [{"key": "Items", "value": packed}],
        "selected": True,
        **money_fields(settings),
    }
    return {
        "package_id": 0,
        "name": "Shipment",
        "destination": {name: to[name] for name in names},
        "items": [{"key": k, "name": name, "quantity": n} for k, name, n in items],
        "shipping_rates": [rate],
    }
