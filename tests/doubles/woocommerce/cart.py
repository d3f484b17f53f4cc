"""The arithmetic of a cart, and what may be put into it."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field
from decimal import Decimal

from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.records import CartLine, Coupon, Product, Visit
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.shopkeeping import coupon_named, line_discount
from tests.doubles.woocommerce.state import State

Fault = tuple[str, str]
"""(code, sentence)"""


@dataclass(slots=True)
class PricedLine:
    """One line with what it sells and what it costs."""

    line: CartLine
    product: Product
    parent: Product | None
    subtotal: Decimal
    total: Decimal

    @property
    def name(self) -> str:
        """Return the product's name, a variation's being its parent's."""
        return (self.parent or self.product).name


@dataclass(slots=True)
class PricedCart:
    """A cart as it stands at this moment."""

    lines: list[PricedLine] = field(default_factory=list)
    coupons: list[tuple[Coupon, Decimal]] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    shipping: Decimal | None = None

    @property
    def items(self) -> Decimal:
        """Return the lines before discounts."""
        return sum((one.subtotal for one in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """Return what the coupons take off."""
        return sum((one.subtotal - one.total for one in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return what the shopper would owe."""
        return self.items - self.discount + (self.shipping or Decimal(0))

    @property
    def count(self) -> int:
        """Return the number of pieces."""
        return sum(one.line.quantity for one in self.lines)

    @property
    def hash(self) -> str:
        """Return what changes whenever lines or prices do; empty for an empty cart."""
        if not self.lines:
            return ""
        rows = [(one.line.key, one.line.quantity, str(one.total)) for one in self.lines]
        text = repr((rows, str(self.items - self.discount)))
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def line_key(product_id: int, variation_id: int) -> str:
    """Return the key of a cart line."""
    text = f"{product_id}_{variation_id}" if variation_id else str(product_id)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def priced(state: State, visit: Visit) -> PricedCart:
    """Return the cart as it stands now; what can no longer be bought is told, not sold.

    A line whose stock has shrunk keeps what is left, for good.
    """
    cart = PricedCart()
    for line in list(visit.lines):
        product = state.variation_of(line.product_id, line.variation_id)
        if product is None:
            visit.lines.remove(line)
        elif not product.buyable:
            cart.errors.append(_gone(state, product))
        else:
            _price_line(state, cart, line, product)
    _discount(state, visit, cart)
    if any(not one.product.virtual for one in cart.lines):
        cart.shipping = Decimal(state.settings.shipping_cost)
    return cart


def _price_line(state: State, cart: PricedCart, line: CartLine, product: Product) -> None:
    parent = state.products.get(product.parent_id)
    name = (parent or product).name
    if not product.available:
        message = (
            f"&#8220;{name}&#8221; is out of stock and cannot be purchased."
            " Please remove it from your cart."
        )
        cart.errors.append(("woocommerce_rest_product_out_of_stock", message))
    elif product.manage_stock and product.stock is not None and line.quantity > product.stock:
        line.quantity = product.stock
    subtotal = state.settings.rounded(product.amount * line.quantity)
    cart.lines.append(PricedLine(line, product, parent, subtotal, subtotal))


def _gone(state: State, product: Product) -> Fault:
    name = state.products[product.parent_id].name if product.parent_id else product.name
    message = (
        f"{name} has been removed from your cart because it can no longer be purchased."
        " Please contact us if you need assistance."
    )
    return ("woocommerce_rest_cart_item_error", message)


def _discount(state: State, visit: Visit, cart: PricedCart) -> None:
    whole = cart.items
    for code in list(visit.coupons):
        fault = coupon_fault(state, visit, code)
        coupon = coupon_named(state, code)
        if coupon is None or fault:
            visit.coupons.remove(code)
            text = f"The &quot;{code}&quot; coupon has been removed from your cart: {fault}"
            cart.errors.append(("woocommerce_rest_cart_coupon_error", text))
            continue
        taken = Decimal(0)
        for one in cart.lines:
            share = one.subtotal / whole if whole else Decimal(0)
            off = min(state.settings.rounded(line_discount(coupon, one.subtotal, share)), one.total)
            one.total -= off
            taken += off
        cart.coupons.append((coupon, taken))


def coupon_fault(state: State, visit: Visit, code: str) -> str:
    """Return why the coupon cannot be used, or an empty text."""
    coupon = coupon_named(state, code)
    if coupon is None:
        return f"Coupon &quot;{code}&quot; cannot be applied because it does not exist."
    if coupon.expires_at and coupon.expires_at <= now():
        return f"Coupon &quot;{code}&quot; has expired."
    limit = coupon.fields.get("usage_limit")
    if isinstance(limit, int) and limit and coupon.usage_count >= limit:
        return f"Usage limit for coupon &quot;{code}&quot; has been reached."
    allowed = coupon.fields.get("email_restrictions")
    email = visit.billing.get("email", "")
    if isinstance(allowed, list) and allowed and email not in allowed:
        if not email:
            return f"Please enter a valid email at checkout to use coupon code &quot;{code}&quot;."
        return f"Please enter a valid email to use coupon code &quot;{code}&quot;."
    return ""


def sellable(
    state: State, product_id: int, variation_id: int = 0, chosen: dict[str, str] | None = None
) -> Product:
    """Return what these ids sell; raises ApiError when there is nothing to add."""
    product = state.variation_of(product_id, variation_id)
    if product and product.kind == "variable" and chosen:
        options = [state.products[one] for one in product.variation_ids if one in state.products]
        product = next((one for one in options if one.chosen == chosen), product)
    if product is None or not product.buyable:
        shown = variation_id or product_id
        message = (
            f"Product with ID &quot;{shown}&quot; was not found and cannot be added to the cart."
        )
        raise ApiError("woocommerce_rest_cart_invalid_product", message, 400)
    return product


def add(state: State, visit: Visit, product: Product, quantity: int) -> CartLine:
    """Put pieces into the cart; raises ApiError when there are not enough."""
    parent = state.products.get(product.parent_id)
    name = html.unescape((parent or product).name)
    quoted = f"&quot;{html.escape(name)}&quot;"
    if not product.available:
        message = f"You cannot add {quoted} to the cart because the product is out of stock."
        raise ApiError("woocommerce_rest_product_out_of_stock", message, 400)
    product_id, variation_id = (product.parent_id, product.id) if parent else (product.id, 0)
    key = line_key(product_id, variation_id)
    line = next((one for one in visit.lines if one.key == key), None)
    held = line.quantity if line else 0
    if product.manage_stock and product.stock is not None and held + quantity > product.stock:
        message = (
            f"You cannot add that amount of {quoted} to the cart because there is not enough stock"
            f" ({product.stock} remaining)."
        )
        raise ApiError("woocommerce_rest_product_partially_out_of_stock", message, 400)
    if line is None:
        line = CartLine(key, product_id, variation_id, 0)
        visit.lines.append(line)
    line.quantity += quantity
    return line


def change_quantity(visit: Visit, key: str, quantity: int) -> None:
    """Set a line's quantity; none removes it. Raises ApiError when there is no such line."""
    line = next((one for one in visit.lines if one.key == key), None)
    if line is None:
        message = "Cart item does not exist."
        raise ApiError("woocommerce_rest_cart_invalid_key", message, 409)
    if quantity > 0:
        line.quantity = quantity
    else:
        visit.lines.remove(line)
