"""The block checkout of the Store API."""

from __future__ import annotations

import html

from tests.doubles.base.http import Json, Request
from tests.doubles.woocommerce.attribution import attribution_meta
from tests.doubles.woocommerce.cart import priced
from tests.doubles.woocommerce.checkout import (
    REACHES,
    Caller,
    faults_of,
    leave_draft,
    place_block,
)
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.records import Order, Visit
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.storeapi.cart_json import address_of, cart_json
from tests.doubles.woocommerce.visits import keep

_UNPAID: Json = {"payment_status": "", "payment_details": [], "redirect_url": ""}


def _written(visit: Visit, posted: dict[str, Json]) -> None:
    visit.billing.update(posted.get("billing_address", {}))
    visit.shipping.update(posted.get("shipping_address", {}))
    visit.notes["block"] = "yes"


def _caller(request: Request) -> Caller:
    agent = request.headers.get("user-agent", "")
    return Caller(user_agent=agent, meta=attribution_meta(request))


def put_checkout(shop: Shop, request: Request, visit: Visit, posted: dict[str, Json]) -> Json:
    """Keep what was typed; no order is made of it."""
    _written(visit, posted)
    if "order_notes" in posted:
        visit.notes["order_notes"] = str(posted["order_notes"])
    return checkout_json(shop, request, visit)


def checkout_json(shop: Shop, request: Request, visit: Visit) -> Json:
    """Return the checkout before it is placed."""
    visit.notes["stage"] = "checkout"
    order = shop.state.orders.get(visit.draft_order_id)
    return {
        **_body(shop, visit, order, visit.notes.get("order_notes", "")),
        "payment_result": dict(_UNPAID) if order else None,
        "additional_fields": {},
        "__experimentalCart": None if order else cart_json(shop, visit, request.root),
        "extensions": {},
    }


def _body(shop: Shop, visit: Visit, order: Order | None, note: str) -> Json:
    settings = shop.state.settings
    billing = order.billing if order else visit.billing
    shipping = order.shipping if order else visit.shipping
    return {
        "order_id": order.id if order else 0,
        "status": order.status if order else "checkout-draft",
        "order_key": order.key if order else "",
        "order_number": str(order.id) if order else "0",
        "customer_note": order.note if order else note,
        "customer_id": order.customer_id if order else visit.customer_id,
        "billing_address": address_of(shop, billing, billing=True),
        "shipping_address": address_of(shop, shipping, billing=False),
        "payment_method": order.payment_method if order else settings.payment_methods[0],
    }


def post_checkout(shop: Shop, request: Request, visit: Visit, posted: dict[str, Json]) -> Json:
    """Place the order; raises ApiError, having left a draft, when an address is wanting."""
    _written(visit, posted)
    payment = str(posted.get("payment_method", ""))
    _sellable(shop, request, visit)
    if payment not in REACHES:
        message = "No payment method provided."
        raise ApiError("woocommerce_rest_checkout_missing_payment_method", message, 400)
    _addressed(shop, request, visit, payment)
    note = str(posted.get("customer_note", ""))
    order = place_block(shop, visit, payment, _caller(request), note)
    keep(shop, visit)
    return {
        **_body(shop, visit, order, note),
        "payment_result": _result(order, request.root),
        "additional_fields": {},
        "__experimentalCart": None,
        "extensions": {},
    }


def _result(order: Order, root: str) -> Json:
    state = {"failed": "failure", "pending": "pending"}.get(order.status, "success")
    address = f"{root}/checkout/order-received/{order.id}/?key={order.key}"
    details = [{"key": "result", "value": state}, {"key": "redirect", "value": address}]
    return {"payment_status": state, "payment_details": details, "redirect_url": address}


def _sellable(shop: Shop, request: Request, visit: Visit) -> None:
    cart = priced(shop.state, visit)
    if not cart.lines:
        message = "Cannot create order from empty cart."
        raise ApiError("woocommerce_rest_cart_empty", message, 400)
    gone = next((one for one in cart.lines if not one.product.available), None)
    if gone:
        name = html.unescape(gone.name)
        message = (
            f'"{name}" is out of stock and cannot be purchased. Please remove it from your cart.'
        )
        data: dict[str, Json] = {"0": 409, "cart": cart_json(shop, visit, request.root)}
        raise ApiError("woocommerce_rest_product_out_of_stock", message, 409, data)


def _addressed(shop: Shop, request: Request, visit: Visit, payment: str) -> None:
    shipping = list(faults_of(visit.shipping or visit.billing, billing=False).values())
    billing = list(faults_of(visit.billing, billing=True).values())
    if not shipping and not billing:
        return
    leave_draft(shop, visit, payment, _caller(request))
    keep(shop, visit)
    kind, first = ("shipping", shipping[0]) if shipping else ("billing", billing[0])
    named = {"shipping": shipping, "billing": billing}
    errors = {name: words for name, words in named.items() if words}
    message = f"There was a problem with the provided {kind} address: {first}"
    raise ApiError("woocommerce_rest_invalid_address", message, 400, {"errors": errors})
