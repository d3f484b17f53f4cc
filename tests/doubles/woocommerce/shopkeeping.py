"""What happens to orders, and the news each step makes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tests.doubles.woocommerce.news import News
from tests.doubles.woocommerce.records import (
    Address,
    Coupon,
    CouponLine,
    Meta,
    Order,
    OrderLine,
    Product,
    Refund,
    ShippingLine,
)
from tests.doubles.woocommerce.rest.product_json import option_of, variation_name
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.state import State
from tests.doubles.woocommerce.stockroom import move_stock

PAYMENT_TITLES = {"cod": "Cash on delivery", "bacs": "Direct bank transfer", "": ""}
STATUSES = [
    "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded",
    "failed", "checkout-draft",
]  # fmt: skip
_TAKES_STOCK = {"processing", "on-hold", "completed"}
_GIVES_STOCK_BACK = {"cancelled", "pending"}
_NO_ORDER_YET = {"checkout-draft", "auto-draft", "new"}


@dataclass(slots=True)
class Wanted:
    """What an order shall hold. ``lines``: (product id, variation id, quantity)."""

    lines: list[tuple[int, int, int]] = field(default_factory=list)
    billing: Address = field(default_factory=dict)
    shipping: Address = field(default_factory=dict)
    status: str = "pending"
    created_via: str = "rest-api"
    customer_id: int = 0
    payment_method: str = ""
    payment_title: str = ""
    coupons: list[str] = field(default_factory=list)
    shipping_cost: Decimal | None = None
    shipping_method: tuple[str, str, str] = ("flat_rate", "Flat rate", "")
    note: str = ""
    meta: list[tuple[str, str]] = field(default_factory=list)
    cart_hash: str = ""
    ip: str = ""
    user_agent: str = ""
    paid: bool = False
    at: datetime | None = None


def coupon_named(state: State, code: str) -> Coupon | None:
    """Return the living coupon with this code."""
    found = (one for one in state.coupons.values() if one.code == code.lower())
    return next((one for one in found if one.status == "publish"), None)


def line_discount(coupon: Coupon, amount: Decimal, share: Decimal) -> Decimal:
    """Return what the coupon takes off an amount; ``share``: its part of the whole, 0 to 1."""
    if coupon.kind == "percent":
        return amount * Decimal(coupon.amount or "0") / 100
    return min(amount, Decimal(coupon.amount or "0") * share)


def new_order_key(seed: str) -> str:
    """Return an order's secret key."""
    return "wc_order_" + hashlib.sha256(seed.encode()).hexdigest()[:13]


def order_line(
    state: State, product_id: int, variation_id: int, quantity: int, coupons: list[Coupon]
) -> OrderLine:
    """Return the line for a product; one that does not exist gives an empty line."""
    product = state.variation_of(product_id, variation_id)
    line_id = state.next_id("item")
    if product is None:
        zero = Decimal(0)
        return OrderLine(line_id, 0, 0, "", None, quantity, zero, zero, "", 0, "")
    if product.kind == "variation":
        product_id, variation_id = product.parent_id, product.id
    subtotal = state.settings.rounded(product.amount * quantity)
    off = sum((line_discount(one, subtotal, Decimal(1)) for one in coupons), Decimal(0))
    parent = state.products.get(product.parent_id)
    options = _options(product, parent) if parent else []
    name = f"{parent.name} - {variation_name(state, product)}" if parent else product.name
    return OrderLine(
        id=line_id,
        product_id=product_id,
        variation_id=variation_id,
        name=name,
        parent_name=parent.name if parent else None,
        quantity=quantity,
        subtotal=subtotal,
        total=state.settings.rounded(subtotal - min(off, subtotal)),
        sku=product.sku,
        image_id=product.image_id,
        image=product.image,
        attributes=options,
        meta_ids=[state.next_id("itemmeta") for _ in options],
    )


def _options(product: Product, parent: Product) -> list[tuple[str, str, str, str]]:
    chosen = product.chosen
    return [
        (one.slug, chosen[one.slug], one.name, option_of(one, chosen[one.slug]))
        for one in parent.attributes
        if one.slug in chosen
    ]


def fill_order(state: State, order: Order, wanted: Wanted) -> None:
    """Put lines, coupons and shipping into an order."""
    coupons = [one for code in wanted.coupons if (one := coupon_named(state, code))]
    order.lines = [order_line(state, *line, coupons) for line in wanted.lines]
    order.shipping_lines = []
    if wanted.shipping_cost is not None:
        method, title, instance = wanted.shipping_method
        via_rest = order.created_via == "rest-api"
        items = ", ".join(f"{line.name} &times; {line.quantity}" for line in order.lines)
        order.shipping_lines = [
            ShippingLine(
                state.next_id("item"), method, title, wanted.shipping_cost, instance,
                "" if via_rest else items, state.next_id("itemmeta"),
            )
        ]  # fmt: skip
    order.coupon_lines = [
        CouponLine(
            state.next_id("item"), one.code, order.discount / len(coupons), one.id, one.kind,
            one.amount, state.next_id("itemmeta"),
        )
        for one in coupons
    ]  # fmt: skip


def new_order(state: State, wanted: Wanted) -> Order:
    """Return an order, kept and not told of."""
    with state.lock:
        at = wanted.at or now()
        order_id = state.next_id("post")
        order = Order(
            id=order_id,
            key=new_order_key(f"{state.settings.name}-{order_id}"),
            status=wanted.status,
            created_at=at,
            modified_at=at,
            created_via=wanted.created_via,
            billing=dict(wanted.billing),
            shipping=dict(wanted.shipping),
            customer_id=wanted.customer_id,
            payment_method=wanted.payment_method,
            payment_title=wanted.payment_title or PAYMENT_TITLES.get(wanted.payment_method, ""),
            note=wanted.note,
            cart_hash=wanted.cart_hash,
            ip=wanted.ip,
            user_agent=wanted.user_agent,
        )
        order.meta = [Meta(state.next_id("meta"), key, value) for key, value in wanted.meta]
        fill_order(state, order, wanted)
        state.orders[order.id] = order
        return order


def create_order(news: News, wanted: Wanted) -> Order:
    """Create an order and tell of it: as created, then as updated, as REST and classic do.

    The block checkout tells its news itself, in the other order.
    """
    with news.state.lock:
        order = new_order(news.state, wanted)
        news.tell("order.created", order.id)
        news.tell("order.updated", order.id)
        arrive(news, order, wanted.status, "new")
        if wanted.paid:
            pay(news, order)
        return order


def set_status(news: News, order: Order, status: str) -> None:
    """Move an order to another status, with what follows for its dates and for stock."""
    with news.state.lock:
        before, order.status = order.status, status
        order.modified_at = now()
        if before in _NO_ORDER_YET and status not in _NO_ORDER_YET:
            news.tell("order.created", order.id)
        news.tell("order.updated", order.id)
        arrive(news, order, status, before)


def arrive(news: News, order: Order, status: str, before: str) -> None:
    """Do what arriving at this status means for dates and stock."""
    if status in ("processing", "completed") and not order.paid_at:
        unpaid_cod = order.payment_method == "cod" and status == "processing"
        order.paid_at = None if unpaid_cod else order.modified_at
    if status == "completed" and not order.completed_at:
        order.completed_at = order.modified_at
    if status in _TAKES_STOCK:
        _move_lines(news, order, out=True)
    elif status in _GIVES_STOCK_BACK and before in _TAKES_STOCK:
        _move_lines(news, order, out=False)


def pay(news: News, order: Order) -> None:
    """Mark an order paid; as measured, cash on delivery jumps to completed."""
    status = "completed" if order.payment_method == "cod" else "processing"
    order.paid_at = order.modified_at
    set_status(news, order, status)


def refund(news: News, order: Order, amount: Decimal, reason: str = "") -> Refund:
    """Give money back; the status changes only when all of it is."""
    with news.state.lock:
        made = Refund(news.state.next_id("post"), reason, amount)
        order.refunds.append(made)
        if sum(one.total for one in order.refunds) >= order.total:
            order.status = "refunded"
        touch_order(news, order)
        return made


def touch_order(news: News, order: Order) -> None:
    """Save an order as it is, which is news even when nothing changed."""
    order.modified_at = now()
    news.tell("order.updated", order.id)


def trash_order(news: News, order: Order) -> None:
    """Put an order into the trash."""
    with news.state.lock:
        order.before_trash, order.status = order.status, "trash"
        order.modified_at = now()
        news.tell("order.deleted", order.id)


def restore_order(news: News, order: Order) -> None:
    """Take an order out of the trash: told as restored, not as updated."""
    with news.state.lock:
        order.status = order.before_trash or "pending"
        order.modified_at = now()
        news.tell("order.restored", order.id)


def delete_order(news: News, order: Order) -> None:
    """Delete an order for good: nothing is told."""
    with news.state.lock:
        news.state.orders.pop(order.id, None)


def _move_lines(news: News, order: Order, *, out: bool) -> None:
    for line in order.lines:
        product = news.state.variation_of(line.product_id, line.variation_id)
        if product is None or bool(line.reduced) == out:
            continue
        pieces = line.quantity if out else -line.reduced
        if product.manage_stock:
            line.reduced = line.quantity if out else 0
            line.reduced_meta_id = line.reduced_meta_id or news.state.next_id("itemmeta")
        move_stock(news, product, pieces)
