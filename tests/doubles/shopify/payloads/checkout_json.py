"""Checkouts in payloads."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.shopify.payloads.address_json import address_json
from tests.doubles.shopify.payloads.customer_json import customer_inside_json
from tests.doubles.shopify.pricing import Priced, PricedLine, price
from tests.doubles.shopify.records import Checkout
from tests.doubles.shopify.state import State


def recovery_url(state: State, checkout: Checkout) -> str:
    """Return the address that opens a checkout again for whoever follows it."""
    home = state.url or f"https://{state.settings.host}"
    return (
        f"{home}/{state.settings.shop_id}/checkouts/{checkout.token}/recover?key={checkout.key}"
        f"&locale={checkout.locale or state.settings.locale}"
    )


def checkout_json(state: State, checkout: Checkout) -> Json:
    """Return what checkouts/create and checkouts/update say: no ``id`` since 2026-07."""
    settings = state.settings
    priced = price(state, checkout.lines, checkout.discount_codes, checkout.shipping_cost)
    return {
        "token": checkout.token,
        "cart_token": checkout.cart_token or None,
        "email": checkout.email or None,
        "gateway": None,
        "buyer_accepts_marketing": checkout.accepts_marketing,
        "created_at": settings.local(checkout.created_at),
        "updated_at": settings.local(checkout.updated_at),
        "landing_site": checkout.landing_site or None,
        "note": checkout.note or None,
        "note_attributes": [
            {"name": key, "value": value} for key, value in checkout.attributes.items()
        ],
        "referring_site": checkout.referring_site or None,
        "shipping_lines": _shipping(state, checkout),
        "taxes_included": True,
        "total_weight": sum(one.variant.grams * one.line.quantity for one in priced.lines),
        "currency": settings.currency,
        "completed_at": settings.local(checkout.completed_at),
        "closed_at": None,
        "user_id": None,
        "location_id": None,
        "source_identifier": None,
        "source_url": None,
        "device_id": None,
        "phone": checkout.phone or None,
        "customer_locale": checkout.locale or None,
        "line_items": [_line(state, one) for one in priced.lines],
        "name": f"#{checkout.id}",
        "source": None,
        "abandoned_checkout_url": recovery_url(state, checkout),
        "discount_codes": [
            {"code": code, "amount": settings.fixed(amount), "type": "percentage"}
            for code, amount in priced.codes
        ],
        "tax_lines": [],
        "source_name": "web",
        **_sums(state, checkout, priced),
        "billing_address": address_json(checkout.billing),
        "shipping_address": address_json(checkout.shipping),
        "customer": customer_inside_json(state, state.customers.get(checkout.customer_id)),
    }


def deleted_checkout_json(state: State, checkout: Checkout) -> Json:
    """Return what checkouts/delete says: a number and sums, and the cart's token."""
    priced = price(state, checkout.lines, checkout.discount_codes, checkout.shipping_cost)
    return {
        "id": checkout.id,
        "cart_token": checkout.cart_token or None,
        **_sums(state, checkout, priced),
    }


def _sums(state: State, checkout: Checkout, priced: Priced) -> Json:
    fixed = state.settings.fixed
    return {
        "presentment_currency": checkout.currency or state.settings.currency,
        "buyer_accepts_sms_marketing": False,
        "sms_marketing_phone": None,
        "total_discounts": fixed(priced.discount),
        "total_line_items_price": fixed(priced.original),
        "total_price": fixed(priced.total),
        "total_tax": fixed(Decimal(0)),
        "subtotal_price": fixed(priced.subtotal),
        "total_duties": None,
        "reservation_token": None,
    }


def _line(state: State, priced: PricedLine) -> Json:
    settings, variant, product = state.settings, priced.variant, priced.product
    return {
        "applied_discounts": [],
        "discount_allocations": _allocations(state, priced),
        "key": hashlib.md5(priced.line.key.encode(), usedforsecurity=False).hexdigest(),
        "destination_location_id": None,
        "fulfillment_service": "manual",
        "gift_card": False,
        "grams": variant.grams,
        "origin_location_id": None,
        "presentment_title": product.title,
        "presentment_variant_title": "" if product.single else variant.title,
        "product_id": product.id,
        "properties": [
            {"name": key, "value": value} for key, value in priced.line.properties.items()
        ]
        or None,
        "quantity": priced.line.quantity,
        "requires_shipping": True,
        "sku": variant.sku,
        "tax_lines": [],
        "taxable": True,
        "title": product.title,
        "variant_id": variant.id,
        "variant_title": "" if product.single else variant.title,
        "variant_price": settings.fixed(variant.price),
        "vendor": product.vendor,
        "user_id": None,
        "unit_price_measurement": {
            "measured_type": None,
            "quantity_value": None,
            "quantity_unit": None,
            "reference_value": None,
            "reference_unit": None,
        },
        "rank": None,
        "compare_at_price": None
        if variant.compare_at is None
        else settings.fixed(variant.compare_at),
        "line_price": settings.fixed(priced.total),
        "price": settings.fixed(variant.price),
    }


def _allocations(state: State, priced: PricedLine) -> list[Json]:
    if not priced.discount:
        return []
    amount = state.settings.fixed(priced.discount)
    return [{"amount": amount, "discount_application_index": 0}]


def _shipping(state: State, checkout: Checkout) -> list[Json]:
    if checkout.shipping_cost is None:
        return []
    price_text = state.settings.fixed(checkout.shipping_cost)
    return [
        {
            "code": "Standard",
            "price": price_text,
            "original_shop_price": price_text,
            "original_shop_markup": state.settings.fixed(Decimal(0)),
            "source": "shopify",
            "title": "Standard",
            "presentment_title": "Standard",
            "phone": None,
            "tax_lines": [],
            "custom_tax_lines": None,
            "markup": state.settings.fixed(Decimal(0)),
            "carrier_identifier": None,
            "carrier_service_id": None,
            "api_client_id": None,
            "delivery_option_group": None,
            "delivery_expectation_range": None,
            "delivery_expectation_type": None,
            "id": None,
            "requested_fulfillment_service_id": None,
            "delivery_category": None,
            "validation_context": None,
            "applied_discounts": [],
        }
    ]
