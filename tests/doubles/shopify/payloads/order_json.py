"""Orders in payloads."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.shopify.order_records import Order
from tests.doubles.shopify.payloads.address_json import address_json
from tests.doubles.shopify.payloads.customer_json import customer_inside_json, gid
from tests.doubles.shopify.payloads.money_json import money_set
from tests.doubles.shopify.payloads.order_parts import line_json, refund_json, shipping_json
from tests.doubles.shopify.state import State

__all__ = ["order_json", "refund_json"]


def order_json(state: State, order: Order) -> Json:
    """Return the order resource, which all topics about orders send."""
    return {
        **_head(state, order),
        **_sums(state, order),
        "billing_address": address_json(order.billing),
        "customer": customer_inside_json(state, state.customers.get(order.customer_id)),
        "discount_applications": [
            {
                "target_type": "line_item",
                "type": "discount_code",
                "value": state.settings.fixed(amount),
                "value_type": "fixed_amount",
                "allocation_method": "across",
                "target_selection": "all",
                "code": code,
            }
            for code, amount in order.discount_codes
        ],
        "fulfillments": [],
        "line_items": [line_json(state, order, one) for one in order.lines],
        "payment_terms": None,
        "refunds": [refund_json(state, order, one) for one in order.refunds],
        "shipping_address": address_json(order.shipping),
        "shipping_lines": shipping_json(state, order),
        "returns": [],
        "line_item_groups": [],
    }


def status_url(state: State, order: Order) -> str:
    """Return the page where a shopper follows the order."""
    home = state.url or f"https://{state.settings.host}"
    return (
        f"{home}/{state.settings.shop_id}/orders/{order.token}/authenticate?key={order.token[:8]}"
    )


def _head(state: State, order: Order) -> Json:
    settings = state.settings
    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": order.accepts_marketing,
        "cancel_reason": order.cancel_reason or None,
        "cancelled_at": settings.local(order.cancelled_at),
        "cart_token": order.cart_token or None,
        "checkout_token": order.checkout_token or None,
        "client_details": None,
        "closed_at": settings.local(order.closed_at),
        "confirmation_number": order.token[:9].upper(),
        "confirmed": True,
        "contact_email": order.email or None,
        "created_at": settings.local(order.created_at),
        "currency": settings.currency,
        "customer_locale": order.locale or None,
        "device_id": None,
        "discount_codes": [
            {"code": code, "amount": settings.fixed(amount), "type": "percentage"}
            for code, amount in order.discount_codes
        ],
        "duties_included": False,
        "email": order.email,
        "estimated_taxes": False,
        "financial_status": order.financial_status.lower(),
        "fulfillment_status": "fulfilled" if order.fulfilled else None,
        "landing_site": order.landing_site or None,
        "landing_site_ref": None,
        "location_id": None,
        "merchant_business_entity_id": "MTU0ODM4MDAwOQ",
        "merchant_of_record_app_id": None,
        "name": order.name,
        "note": order.note or None,
        "note_attributes": [{"name": k, "value": v} for k, v in order.attributes.items()],
        "number": order.number - 1000,
        "order_number": order.number,
        "order_status_url": status_url(state, order),
        "payment_gateway_names": [order.gateway],
        "phone": order.phone or None,
        "po_number": None,
        "presentment_currency": order.currency,
        "processed_at": settings.local(order.created_at),
        "reference": None,
        "referring_site": order.referring_site or None,
        "source_identifier": None,
        "source_name": "web" if order.checkout_token else "shopify_draft_order",
        "source_url": None,
        "tags": "",
        "tax_exempt": False,
        "tax_lines": [],
        "taxes_included": True,
        "test": False,
        "token": order.token,
        "total_weight": 0,
        "updated_at": settings.local(order.updated_at),
        "user_id": None,
    }


def _sums(state: State, order: Order) -> Json:
    nothing = Decimal(0)
    original = order.subtotal + order.discount
    pairs = {
        "current_subtotal_price": order.current_total - order.shipping_cost
        if order.current_total
        else nothing,
        "current_total_discounts": order.discount,
        "current_total_price": order.current_total,
        "current_total_tax": nothing,
        "subtotal_price": order.subtotal,
        "total_discounts": order.discount,
        "total_line_items_price": original,
        "total_price": order.total,
        "total_tax": nothing,
    }
    only_sets = {
        "current_shipping_price_set": order.shipping_cost,
        "total_cash_rounding_payment_adjustment_set": nothing,
        "total_cash_rounding_refund_adjustment_set": nothing,
        "total_shipping_price_set": order.shipping_cost,
    }
    settings, sums = state.settings, {}
    for key, amount in pairs.items():
        sums[key] = settings.fixed(amount)
        sums[f"{key}_set"] = money_set(settings, amount, order.currency)
    return {
        **sums,
        **{key: money_set(settings, one, order.currency) for key, one in only_sets.items()},
        "current_total_additional_fees_set": None,
        "current_total_duties_set": None,
        "original_total_additional_fees_set": None,
        "original_total_duties_set": None,
        "total_outstanding": settings.fixed(nothing if order.paid else order.total),
        "total_tip_received": settings.fixed(nothing),
    }
