"""How a cart becomes an order: the block checkout and the classic one, each with its news."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from tests.doubles.woocommerce.cart import PricedCart, priced
from tests.doubles.woocommerce.plugin.snapshots import (
    forget_cart,
    order_meta,
    report_order,
)
from tests.doubles.woocommerce.records import Meta, Order, Visit
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.shopkeeping import (
    PAYMENT_TITLES,
    Wanted,
    arrive,
    create_order,
    fill_order,
    new_order,
    set_status,
)

REACHES = {"cod": "processing", "bacs": "on-hold", "declined": "failed", "waiting": "pending"}
"""Which status each way to pay leads to; the last two stand for card payments that fail or hang."""

_NEEDED = {
    "first_name": "First name",
    "last_name": "Last name",
    "address_1": "Street address",
    "city": "Town / City",
    "postcode": "Postcode / ZIP",
    "email": "Email address",
}


@dataclass(slots=True)
class Caller:
    """What a checkout knows of the browser. ``meta``: rows of order attribution."""

    ip: str = "127.0.0.1"
    user_agent: str = ""
    meta: list[tuple[str, str]] = field(default_factory=list)


def faults_of(address: dict[str, str], *, billing: bool) -> dict[str, str]:
    """Return which fields are wanting, with WooCommerce's sentence for each."""
    names = dict(_NEEDED)
    if not billing:
        names.pop("email")
    if address.get("country") == "US":
        names["postcode"] = "ZIP Code"
    found = {
        key: f"{label} is required"
        for key, label in names.items()
        if not address.get(key, "").strip()
    }
    email = address.get("email", "")
    if billing and email and ("@" not in email or "." not in email.rpartition("@")[2]):
        found["email"] = "Email address is not valid"
    return found


def place_classic(shop: Shop, visit: Visit, payment: str, caller: Caller, note: str = "") -> Order:
    """Place an order as the classic checkout does: told as created, then as updated."""
    with shop.state.lock:
        cart = priced(shop.state, visit)
        order = _retried(shop, visit)
        if order:
            _refill(shop, order, visit, cart, payment)
            set_status(shop.news, order, REACHES[payment])
        else:
            order = create_order(shop.news, _wanted(shop, visit, cart, payment, caller, note))
        return _done(shop, visit, order)


def place_block(shop: Shop, visit: Visit, payment: str, caller: Caller, note: str = "") -> Order:
    """Place an order as the block checkout does: told as updated, then as created."""
    with shop.state.lock:
        cart = priced(shop.state, visit)
        order = _retried(shop, visit)
        fresh = order is None or order.status == "checkout-draft"
        if order is None:
            order = new_order(shop.state, _wanted(shop, visit, cart, payment, caller, note))
        else:
            _refill(shop, order, visit, cart, payment)
        before, order.status = order.status, REACHES[payment]
        order.modified_at = now()
        shop.news.tell("order.updated", order.id)
        if fresh:
            shop.news.tell("order.created", order.id)
        arrive(shop.news, order, order.status, before)
        return _done(shop, visit, order)


def leave_draft(shop: Shop, visit: Visit, payment: str, caller: Caller) -> Order:
    """Keep a refused block checkout as a draft order, which is told as updated."""
    with shop.state.lock:
        cart = priced(shop.state, visit)
        order = _retried(shop, visit)
        if order is None:
            wanted = _wanted(shop, visit, cart, payment, caller, "")
            wanted.status = "checkout-draft"
            order = new_order(shop.state, wanted)
            visit.draft_order_id = order.id
        else:
            _refill(shop, order, visit, cart, payment)
        order.modified_at = now()
        shop.news.tell("order.updated", order.id)
        return order


def follow_cart(shop: Shop, visit: Visit) -> None:
    """Let a draft order follow its cart, which is told as updated."""
    order = shop.state.orders.get(visit.draft_order_id)
    if order is not None and order.status == "checkout-draft":
        with shop.state.lock:
            _refill(shop, order, visit, priced(shop.state, visit), order.payment_method)
            order.modified_at = now()
            shop.news.tell("order.updated", order.id)


def _retried(shop: Shop, visit: Visit) -> Order | None:
    """Return the order that an earlier attempt of this session left."""
    order = shop.state.orders.get(visit.draft_order_id)
    waiting = ("checkout-draft", "failed", "pending")
    return order if order is not None and order.status in waiting else None


def _wanted(
    shop: Shop, visit: Visit, cart: PricedCart, payment: str, caller: Caller, note: str
) -> Wanted:
    via_block = bool(visit.notes.get("block"))
    empty = hashlib.md5(b"[]", usedforsecurity=False).hexdigest()
    hashes = ("_shipping_hash", "_coupons_hash", "_fees_hash", "_taxes_hash")
    meta = [(name, empty) for name in hashes] if via_block else []
    return Wanted(
        lines=[
            (one.line.product_id, one.line.variation_id, one.line.quantity) for one in cart.lines
        ],
        billing=visit.billing,
        shipping=visit.shipping or visit.billing,
        status=REACHES[payment],
        created_via="store-api" if via_block else "checkout",
        customer_id=visit.customer_id,
        payment_method=payment,
        coupons=[coupon.code for coupon, _ in cart.coupons],
        shipping_cost=cart.shipping,
        shipping_method=("flat_rate", "Flat rate", "1"),
        note=note,
        meta=[*meta, ("is_vat_exempt", "no"), *order_meta(shop, visit), *caller.meta],
        cart_hash=cart.hash,
        ip=caller.ip,
        user_agent=caller.user_agent,
    )


def _refill(shop: Shop, order: Order, visit: Visit, cart: PricedCart, payment: str) -> None:
    """Bring an earlier attempt's order up to the cart and the addresses as they are now."""
    wanted = _wanted(shop, visit, cart, payment, Caller(), "")
    order.billing, order.shipping = dict(wanted.billing), dict(wanted.shipping)
    order.payment_method = payment
    order.payment_title = PAYMENT_TITLES.get(payment, payment)
    order.cart_hash = cart.hash
    fill_order(shop.state, order, wanted)
    known = {row.key for row in order.meta}
    for key, value in order_meta(shop, visit):
        if key not in known:
            order.meta.append(Meta(shop.state.next_id("meta"), key, value))


def _done(shop: Shop, visit: Visit, order: Order) -> Order:
    """Empty the cart after a purchase; a failed or waiting payment keeps it for another try."""
    report_order(shop, order)
    if order.status in ("failed", "pending"):
        visit.draft_order_id = order.id
        return order
    for line in order.coupon_lines:
        coupon = shop.state.coupons.get(line.coupon_id)
        if coupon:
            coupon.usage_count += 1
    visit.lines.clear()
    visit.coupons.clear()
    visit.draft_order_id = 0
    forget_cart(visit)
    return order


def total_of(shop: Shop, order: Order) -> Decimal:
    """Return what the shopper owes, rounded as the shop shows it."""
    return shop.state.settings.rounded(order.total)
