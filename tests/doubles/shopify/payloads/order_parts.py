"""The parts of an order in payloads: lines, shipping, refunds."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.shopify.order_records import Order, OrderLine, Refund
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.payloads.money_json import money_set
from tests.doubles.shopify.state import State


def line_json(state: State, order: Order, line: OrderLine) -> Json:
    """Return one line of an order."""
    settings = state.settings
    title = f"{line.title} - {line.variant_title}" if line.variant_title else line.title
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "attributed_staffs": [],
        "current_quantity": line.quantity - line.refunded,
        "fulfillable_quantity": 0 if order.fulfilled else line.quantity - line.refunded,
        "fulfillment_service": "manual",
        "fulfillment_status": "fulfilled" if order.fulfilled else None,
        "gift_card": False,
        "grams": 400,
        "name": title,
        "price": settings.fixed(line.price),
        "price_set": money_set(settings, line.price, order.currency),
        "product_exists": line.product_id in state.products,
        "product_id": line.product_id if line.product_id in state.products else None,
        "properties": [{"name": k, "value": v} for k, v in line.properties.items()],
        "quantity": line.quantity,
        "requires_shipping": True,
        "sales_line_item_group_id": None,
        "sku": line.sku,
        "taxable": True,
        "title": line.title,
        "total_discount": settings.fixed(Decimal(0)),
        "total_discount_set": money_set(settings, Decimal(0), order.currency),
        "variant_id": line.variant_id if line.variant_id in state.variants else None,
        "variant_inventory_management": "shopify",
        "variant_title": line.variant_title or None,
        "vendor": settings.name,
        "tax_lines": [],
        "duties": [],
        "discount_allocations": _allocations(state, order, line),
    }


def shipping_json(state: State, order: Order) -> list[Json]:
    """Return an order's shipping, as one line or none."""
    settings, cost = state.settings, order.shipping_cost
    if not cost:
        return []
    amount = money_set(settings, cost, order.currency)
    return [
        {
            "id": order.id + 1,
            "carrier_identifier": None,
            "code": "Standard",
            "current_discounted_price_set": amount,
            "discounted_price": settings.fixed(cost),
            "discounted_price_set": amount,
            "is_removed": False,
            "phone": None,
            "price": settings.fixed(cost),
            "price_set": amount,
            "requested_fulfillment_service_id": None,
            "source": "shopify",
            "title": "Standard",
            "tax_lines": [],
            "discount_allocations": [],
        }
    ]


def refund_json(state: State, order: Order, refund: Refund) -> Json:
    """Return a refund as refunds/create says it and orders hold it."""
    settings, at = state.settings, state.settings.local(refund.created_at)
    lines = {one.id: one for one in order.lines}
    return {
        "id": refund.id,
        "order_id": order.id,
        "created_at": at,
        "note": refund.note or None,
        "user_id": None,
        "processed_at": at,
        "restock": bool(refund.lines),
        "duties": [],
        "total_duties_set": money_set(settings, Decimal(0), order.currency),
        "return": None,
        "admin_graphql_api_id": gid("Refund", refund.id),
        "refund_line_items": [
            _refund_line(state, order, refund, lines[line_id], quantity)
            for line_id, quantity in refund.lines
        ],
        "transactions": [_transaction(state, order, refund)],
        "order_adjustments": [],
    }


def _refund_line(
    state: State, order: Order, refund: Refund, line: OrderLine, quantity: int
) -> Json:
    settings = state.settings
    subtotal = settings.rounded(line.total * quantity / line.quantity)
    return {
        "id": refund.id + line.id % 1000,
        "quantity": quantity,
        "line_item_id": line.id,
        "location_id": None,
        "restock_type": "no_restock",
        "subtotal": float(subtotal),
        "total_tax": 0.0,
        "subtotal_set": money_set(settings, subtotal, order.currency),
        "total_tax_set": money_set(settings, Decimal(0), order.currency),
        "line_item": line_json(state, order, line),
    }


def _transaction(state: State, order: Order, refund: Refund) -> Json:
    at = state.settings.local(refund.created_at)
    return {
        "id": refund.transaction_id,
        "admin_graphql_api_id": gid("OrderTransaction", refund.transaction_id),
        "amount": state.settings.fixed(refund.amount),
        "authorization": None,
        "created_at": at,
        "currency": state.settings.currency,
        "device_id": None,
        "error_code": None,
        "gateway": order.gateway,
        "kind": "refund",
        "location_id": None,
        "message": "Refunded",
        "order_id": order.id,
        "parent_id": None,
        "payment_id": f"{order.name}.2",
        "processed_at": at,
        "receipt": {},
        "source_name": "web",
        "status": "success",
        "test": False,
        "user_id": None,
    }


def _allocations(state: State, order: Order, line: OrderLine) -> list[Json]:
    if not line.discount:
        return []
    return [
        {
            "amount": state.settings.fixed(line.discount),
            "amount_set": money_set(state.settings, line.discount, order.currency),
            "discount_application_index": 0,
        }
    ]
