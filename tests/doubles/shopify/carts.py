"""What happens to carts, and the news each step makes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tests.doubles.shopify.payloads.cart_json import cart_json
from tests.doubles.shopify.records import Cart, CartLine
from tests.doubles.shopify.shop import Shop


class CartRefusal(Exception):
    """The shop will not take this into a cart; the text is what the shopper reads."""


def new_cart(shop: Shop, *, currency: str = "", customer_id: int = 0) -> Cart:
    """Return an empty cart, kept and not told of."""
    with shop.action() as at:
        token = "Z2NwLWV1" + shop.state.token("cart")
        cart = Cart(token, shop.state.token("cart key"), at, at)
        cart.currency, cart.customer_id = currency or shop.settings.currency, customer_id
        shop.state.carts[token] = cart
        return cart


def cart_with(shop: Shop, token: str) -> Cart | None:
    """Return the cart of this token, with or without its key."""
    return shop.state.carts.get(token.split("?", maxsplit=1)[0])


def add_to_cart(
    shop: Shop,
    cart: Cart,
    variant_id: int,
    quantity: int = 1,
    properties: Mapping[str, str] | None = None,
) -> CartLine:
    """Put a variant into the cart and tell of it; raises CartRefusal."""
    with shop.action():
        line = put_line(shop, cart, variant_id, quantity, properties or {})
        tell_cart(shop, cart)
        return line


def add_lines(shop: Shop, cart: Cart, lines: Iterable[tuple[int, int]]) -> None:
    """Put several variants into the cart at once, told as one change; raises CartRefusal."""
    with shop.action():
        for variant_id, quantity in lines:
            put_line(shop, cart, variant_id, quantity)
        tell_cart(shop, cart)


def change_line(shop: Shop, cart: Cart, key: str, quantity: int) -> None:
    """Set a line's quantity by its key or variant id; 0 takes it out. Raises CartRefusal."""
    with shop.action():
        line = next((one for one in cart.lines if key in (one.key, str(one.variant_id))), None)
        if line is None:
            raise CartRefusal("no valid id or line parameter")
        if quantity <= 0:
            cart.lines.remove(line)
        else:
            _check_stock(shop, line.variant_id, quantity)
            line.quantity = quantity
        tell_cart(shop, cart)


def empty_cart(shop: Shop, cart: Cart) -> None:
    """Take everything out of the cart; its attributes and note stay."""
    with shop.action():
        cart.lines.clear()
        tell_cart(shop, cart)


def describe_cart(
    shop: Shop,
    cart: Cart,
    *,
    note: str | None = None,
    attributes: Mapping[str, str] | None = None,
    discount_codes: Iterable[str] | None = None,
) -> None:
    """Change what is written on a cart; None leaves a part as it is. An attribute of '' goes."""
    with shop.action():
        if note is not None:
            cart.note = note
        if attributes is not None:
            merged = {**cart.attributes, **attributes}
            cart.attributes = {key: value for key, value in merged.items() if value}
        if discount_codes is not None:
            cart.discount_codes = [one for one in discount_codes if one]
        tell_cart(shop, cart)


def tell_cart(shop: Shop, cart: Cart) -> None:
    """Mark the cart changed now and tell of it: created the first time, updated afterwards."""
    with shop.action() as at:
        cart.updated_at = at
        topic = "carts/update" if cart.announced else "carts/create"
        cart.announced = True
        shop.tell(topic, cart_json(shop.state, cart))


def line_key(variant_id: int, properties: Mapping[str, str]) -> str:
    """Return the key that tells lines apart: variant and properties."""
    text = f"{variant_id}:{sorted(properties.items())}"
    return f"{variant_id}:{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"


def put_line(
    shop: Shop,
    cart: Cart,
    variant_id: int,
    quantity: int = 1,
    properties: Mapping[str, str] = MappingProxyType({}),
) -> CartLine:
    """Put a variant into the cart without telling of it; raises CartRefusal."""
    key = line_key(variant_id, properties)
    line = next((one for one in cart.lines if one.key == key), None)
    _check_stock(shop, variant_id, quantity + (line.quantity if line else 0))
    if line is None:
        line = CartLine(variant_id, 0, key, dict(properties), variant_id)
        cart.lines.insert(0, line)
    line.quantity += quantity
    return line


def _check_stock(shop: Shop, variant_id: int, quantity: int) -> None:
    found = shop.state.variant_of(variant_id)
    if found is None or not found[0].on_sale:
        raise CartRefusal("Cannot find variant")
    product, variant = found
    if not variant.available:
        raise CartRefusal(f"The product '{product.title}' is already sold out.")
    if variant.tracked and not variant.oversell and quantity > variant.stock:
        raise CartRefusal(f"You can only add {variant.stock} {product.title} to the cart.")
