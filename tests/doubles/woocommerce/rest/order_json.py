"""Orders as REST v3 and webhooks write them."""

from __future__ import annotations

import json
from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import (
    EMPTY_ADDRESS,
    CouponLine,
    Meta,
    Order,
    OrderLine,
    ShippingLine,
)
from tests.doubles.woocommerce.rest.product_json import links, upload
from tests.doubles.woocommerce.settings import WOOCOMMERCE_VERSION, gmt, number
from tests.doubles.woocommerce.state import State

_BILLING = [*list(EMPTY_ADDRESS)[:10], "email", "phone"]
_SHIPPING = list(EMPTY_ADDRESS)


def meta_json(meta: list[Meta]) -> Json:
    """Return rows of meta data."""
    return [{"id": one.id, "key": one.key, "value": one.value} for one in meta]


def _detail(id: int, key: str, value: str, shown_key: str, shown_value: str) -> Json:
    return {
        "id": id,
        "key": key,
        "value": value,
        "display_key": shown_key,
        "display_value": shown_value,
    }


def _line_json(state: State, line: OrderLine, root: str) -> Json:
    fixed = state.settings.fixed
    per_piece = line.total / line.quantity if line.quantity else Decimal(0)
    meta = [
        _detail(meta_id, slug, option, name, shown)
        for meta_id, (slug, option, name, shown) in zip(line.meta_ids, line.attributes, strict=True)
    ]
    if line.reduced:
        taken = str(line.reduced)
        meta.append(_detail(line.reduced_meta_id, "_reduced_stock", taken, "_reduced_stock", taken))
    image: Json = {"id": 0 if not line.product_id else "", "src": ""}
    if line.image:
        image_id: Json = line.image_id if line.variation_id else str(line.image_id)
        image = {"id": image_id, "src": upload(root, line.image)}
    return {
        "id": line.id,
        "name": line.name,
        "product_id": line.product_id,
        "variation_id": line.variation_id,
        "quantity": line.quantity,
        "tax_class": "",
        "subtotal": fixed(line.subtotal),
        "subtotal_tax": fixed(Decimal(0)),
        "total": fixed(line.total),
        "total_tax": fixed(Decimal(0)),
        "taxes": [],
        "meta_data": meta,
        "sku": line.sku if line.product_id else None,
        "global_unique_id": "" if line.product_id else None,
        "price": number(round(per_piece, 9)),
        "image": image,
        "parent_name": line.parent_name,
    }


def _shipping_json(state: State, line: ShippingLine) -> Json:
    meta = [_detail(line.meta_id, "Items", line.items, "Items", line.items)] if line.items else []
    return {
        "id": line.id,
        "method_title": line.title,
        "method_id": line.method_id,
        "instance_id": line.instance_id,
        "total": state.settings.fixed(line.total),
        "total_tax": state.settings.fixed(Decimal(0)),
        "taxes": [],
        "tax_status": "taxable",
        "meta_data": meta,
    }


def _coupon_json(line: CouponLine) -> Json:
    amount = number(Decimal(line.amount))
    info = json.dumps([line.coupon_id, line.code, line.kind, amount], separators=(",", ":"))
    plain = format(line.discount.normalize(), "f")
    return {
        "id": line.id,
        "code": line.code,
        "discount": plain,
        "discount_tax": "0",
        "meta_data": [_detail(line.meta_id, "coupon_info", info, "coupon_info", info)],
        "discount_type": line.kind,
        "nominal_amount": amount,
        "free_shipping": False,
    }


def _refunds_json(state: State, order: Order) -> Json:
    return [
        {
            "id": refund.id,
            "reason": refund.reason,
            "total": "-" + state.settings.fixed(refund.total),
            "total_tax": state.settings.fixed(Decimal(0)),
        }
        for refund in reversed(order.refunds)
    ]


def _links(order: Order, root: str) -> Json:
    shown = links(root, f"orders/{order.id}", "orders")
    templates = f"{root}/wp-json/wc/v3/orders/{order.id}/actions/email_templates"
    shown["email_templates"] = [{"embeddable": True, "href": templates}]
    if order.customer_id:
        customer = f"{root}/wp-json/wc/v3/customers/{order.customer_id}"
        shown["customer"] = [{"href": customer}]
    return shown


def order_json(state: State, order: Order, root: str) -> Json:
    """Return an order with every field, in order."""
    settings = state.settings
    unpaid = order.status in ("pending", "failed", "checkout-draft") and order.total > 0
    pay = f"{root}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.key}"
    return {
        "id": order.id,
        "parent_id": 0,
        "status": order.status,
        "currency": settings.currency,
        "version": WOOCOMMERCE_VERSION,
        "prices_include_tax": False,
        "date_created": settings.local(order.created_at),
        "date_modified": settings.local(order.modified_at),
        **_sums(state, order),
        **_people(order),
        "date_completed": settings.local(order.completed_at),
        "date_paid": settings.local(order.paid_at),
        "cart_hash": order.cart_hash,
        "number": str(order.id),
        "meta_data": meta_json(order.meta),
        **_rows(state, order, root),
        "payment_url": pay,
        "is_editable": order.status in ("pending", "on-hold", "auto-draft"),
        "needs_payment": unpaid,
        "needs_processing": any(line.product_id for line in order.lines),
        "date_created_gmt": gmt(order.created_at),
        "date_modified_gmt": gmt(order.modified_at),
        "date_completed_gmt": gmt(order.completed_at),
        "date_paid_gmt": gmt(order.paid_at),
        "currency_symbol": settings.symbol,
        "_links": _links(order, root),
    }


def _sums(state: State, order: Order) -> Json:
    fixed = state.settings.fixed
    zero = fixed(Decimal(0))
    shipping = sum((line.total for line in order.shipping_lines), Decimal(0))
    return {
        "discount_total": fixed(order.discount),
        "discount_tax": zero,
        "shipping_total": fixed(shipping),
        "shipping_tax": zero,
        "cart_tax": zero,
        "total": fixed(order.total),
        "total_tax": zero,
    }


def _people(order: Order) -> Json:
    return {
        "customer_id": order.customer_id,
        "order_key": order.key,
        "billing": {key: order.billing.get(key, "") for key in _BILLING},
        "shipping": {key: order.shipping.get(key, "") for key in _SHIPPING},
        "payment_method": order.payment_method,
        "payment_method_title": order.payment_title,
        "transaction_id": "",
        "customer_ip_address": order.ip,
        "customer_user_agent": order.user_agent,
        "created_via": order.created_via,
        "customer_note": order.note,
    }


def _rows(state: State, order: Order, root: str) -> Json:
    return {
        "line_items": [_line_json(state, line, root) for line in order.lines],
        "tax_lines": [],
        "shipping_lines": [_shipping_json(state, line) for line in order.shipping_lines],
        "fee_lines": [],
        "coupon_lines": [_coupon_json(line) for line in order.coupon_lines],
        "refunds": _refunds_json(state, order),
    }
