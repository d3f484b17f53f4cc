"""What happens to orders, and the news each step makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tests.doubles.shopify.order_records import Order, OrderLine, Refund
from tests.doubles.shopify.payloads.order_json import order_json, refund_json
from tests.doubles.shopify.people import tell_customer
from tests.doubles.shopify.pricing import Priced, code_named
from tests.doubles.shopify.records import Checkout
from tests.doubles.shopify.shelving import move_stock
from tests.doubles.shopify.shop import Shop


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order shall hold. Without ``checkout`` it was made in the admin."""

    priced: Priced
    email: str = ""
    phone: str = ""
    customer_id: int = 0
    accepts_marketing: bool = False
    checkout: Checkout | None = None
    gateway: str = "bogus"
    paid: bool = True
    at: datetime | None = None


def new_order(shop: Shop, wanted: Wanted) -> Order:
    """Return an order, kept and not told of."""
    with shop.action() as now:
        state, priced = shop.state, wanted.priced
        at = wanted.at or now
        lines = [
            OrderLine(
                state.next_id("line"),
                one.variant.id,
                one.product.id,
                one.product.title,
                "" if one.product.single else one.variant.title,
                one.line.quantity,
                one.variant.price,
                one.variant.sku,
                one.discount,
                dict(one.line.properties),
            )
            for one in priced.lines
        ]
        order = Order(
            state.next_id("order"), 1000 + state.next_count("order number"),
            state.token("order"), at, at, lines,
        )  # fmt: skip
        order.email, order.phone = wanted.email, wanted.phone
        order.customer_id, order.accepts_marketing = wanted.customer_id, wanted.accepts_marketing
        order.gateway, order.paid = wanted.gateway, wanted.paid
        order.discount_codes = list(priced.codes)
        order.shipping_cost = priced.shipping
        order.currency, order.locale = shop.settings.currency, shop.settings.locale
        if wanted.checkout:
            _remember_checkout(order, wanted.checkout)
        state.orders[order.id] = order
        return order


def create_order(shop: Shop, wanted: Wanted) -> Order:
    """Create an order, take its pieces off the shelves and tell of all that."""
    with shop.action() as at:
        order = new_order(shop, wanted)
        for code, _ in order.discount_codes:
            if found := code_named(shop.state, code):
                found[1].used += 1
        shop.tell("orders/create", order_json(shop.state, order))
        if order.paid:
            shop.tell("orders/paid", order_json(shop.state, order))
        for line in order.lines:
            move_stock(shop, line.variant_id, -line.quantity)
        credit_customer(shop, order)
        if customer := shop.state.customers.get(order.customer_id):
            customer.updated_at = at
            tell_customer(shop, customer)
        return order


def credit_customer(shop: Shop, order: Order) -> None:
    """Count an order for its customer; nothing is told."""
    if customer := shop.state.customers.get(order.customer_id):
        customer.orders_count += 1
        customer.amount_spent += order.total
        customer.last_order_id = order.id


def pay_order(shop: Shop, order: Order) -> Order:
    """Mark an order paid."""
    with shop.action():
        order.paid = True
        tell_order(shop, order, "orders/paid")
        return order


def cancel_order(
    shop: Shop, order: Order, *, reason: str = "customer", restock: bool = True
) -> Order:
    """Cancel an order; what was paid is given back."""
    with shop.action() as at:
        order.cancelled_at, order.cancel_reason, order.closed_at = at, reason, at
        if order.paid and order.refunded < order.total:
            _give_back(shop, order, order.total - order.refunded, "", ())
        for line in order.lines if restock else ():
            move_stock(shop, line.variant_id, line.quantity)
        tell_order(shop, order, "orders/cancelled")
        return order


def refund_order(
    shop: Shop,
    order: Order,
    amount: Decimal | str,
    *,
    note: str = "",
    lines: tuple[tuple[int, int], ...] = (),
) -> Refund:
    """Give money back for an order. ``lines``: (line's id, pieces) that come back with it."""
    with shop.action():
        made = _give_back(shop, order, Decimal(amount), note, lines)
        tell_order(shop, order)
        return made


def fulfil_order(shop: Shop, order: Order) -> Order:
    """Send an order out."""
    with shop.action():
        order.fulfilled = True
        tell_order(shop, order, "orders/fulfilled")
        return order


def touch_order(shop: Shop, order: Order) -> None:
    """Save an order as it is."""
    with shop.action():
        tell_order(shop, order)


def delete_order(shop: Shop, order: Order) -> None:
    """Delete an order for good."""
    with shop.action():
        shop.state.orders.pop(order.id, None)
        shop.tell("orders/delete", {"id": order.id})


def tell_order(shop: Shop, order: Order, topic: str = "") -> None:
    """Mark an order changed now; tell of it under its own topic and as updated."""
    with shop.action() as at:
        order.updated_at = at
        payload = order_json(shop.state, order)
        if topic:
            shop.tell(topic, payload)
        shop.tell("orders/updated", payload)


def _remember_checkout(order: Order, checkout: Checkout) -> None:
    order.cart_token, order.checkout_token = checkout.cart_token, checkout.token
    order.checkout_id, order.locale = checkout.id, checkout.locale
    order.currency = checkout.currency or order.currency
    order.landing_site, order.referring_site = checkout.landing_site, checkout.referring_site
    order.note, order.attributes = checkout.note, dict(checkout.attributes)
    order.billing, order.shipping = checkout.billing, checkout.shipping


def _give_back(
    shop: Shop, order: Order, amount: Decimal, note: str, lines: tuple[tuple[int, int], ...]
) -> Refund:
    with shop.action() as at:
        made = Refund(
            shop.state.next_id("refund"), at, amount, note, shop.state.next_id("transaction"),
            list(lines),
        )  # fmt: skip
        order.refunds.append(made)
        for line_id, quantity in lines:
            line = next(one for one in order.lines if one.id == line_id)
            line.refunded += quantity
        shop.tell("refunds/create", refund_json(shop.state, order, made))
        return made
