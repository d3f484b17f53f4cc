"""What a cart's row and lines hold: taken from news, completed by late news, or from a twin."""

from __future__ import annotations

import hashlib

from recovery.carts.models import Cart, CartLine
from recovery.contacts.services import know_shopper
from shopapp.platforms.base import CartChanged
from shopapp.shops.models import Shop

_MOST_PIECES = 2**31 - 1
_BLANKS = (
    "alias",
    "visitor_id",
    "customer_id",
    "country",
    "locale",
    "click_ref",
    "recovery_url",
    "checkout_id",
)

Pieces = list[tuple[str, str, int]]


def hash_of(event: CartChanged) -> str:
    """Return the SHA-256 of what the snapshot shows."""
    shown = (event.stage, event.lines, event.total, event.coupons, event.shopper)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def take_over(shop: Shop, cart: Cart, event: CartChanged, digest: str) -> None:
    """Write the snapshot's content into the row and its lines."""
    contact = know_shopper(shop, event.shopper, at=event.changed_at)
    cart.contact = contact or cart.contact
    # A cart that reached the checkout stays there: the shopper has shown that much intent.
    if event.stage == "checkout":
        cart.stage = Cart.Stage.CHECKOUT
    for name, value in _names_in(event).items():
        if value:
            setattr(cart, name, value)
    _take_total(cart, event)
    cart.signed = cart.signed or event.source != "browser"
    cart.quantity = min(sum(line.quantity for line in event.lines), _MOST_PIECES)
    cart.changed_at, cart.revision = event.changed_at, event.revision
    cart.content_hash = digest
    cart.save()
    _replace_lines(cart, event)


def complete(shop: Shop, cart: Cart, event: CartChanged) -> list[str]:
    """Fill in what newer news left open; return the names of what was.

    One name's news may overtake the other's: who shops, and where the cart is restored, is not lost
    by that.
    """
    filled = []
    if cart.contact is None:
        cart.contact = know_shopper(shop, event.shopper, at=event.changed_at)
        filled += ["contact"] if cart.contact is not None else []
    for name, value in _names_in(event).items():
        if value and not getattr(cart, name):
            setattr(cart, name, value)
            filled.append(name)
    if event.stage == "checkout" and cart.stage != Cart.Stage.CHECKOUT:
        cart.stage = Cart.Stage.CHECKOUT
        filled.append("stage")
    if cart.total_minor is None and event.total is not None and _told(event) == _held(cart):
        _take_total(cart, event)
        filled += ["total_minor", "currency", "decimals"]
    if filled:
        cart.save(update_fields=filled)
    return filled


def is_newer(one: Cart, other: Cart) -> bool:
    """Say whether the one's news is newer than the other's."""
    return (one.changed_at, one.revision, one.content_hash) > (
        other.changed_at,
        other.revision,
        other.content_hash,
    )


def take_from(cart: Cart, twin: Cart, *, lines: bool) -> None:
    """Fill the row's blanks from its twin; with ``lines`` take its content as well. Not saved."""
    for name in _BLANKS:
        if not getattr(cart, name):
            setattr(cart, name, getattr(twin, name))
    cart.contact = cart.contact or twin.contact
    cart.signed = cart.signed or twin.signed
    cart.started_at = min(cart.started_at, twin.started_at)
    if not lines:
        return
    if _held(cart) != _held(twin) or twin.total_minor is not None:
        cart.total_minor = twin.total_minor
        cart.currency, cart.decimals = twin.currency, twin.decimals
    for name in ("quantity", "changed_at", "revision", "content_hash"):
        setattr(cart, name, getattr(twin, name))
    CartLine.objects.filter(cart=cart).delete()
    copies = list(CartLine.objects.filter(cart=twin))
    for line in copies:
        line.pk, line.cart = None, cart
        line._state.adding = True
    CartLine.objects.bulk_create(copies)


def _names_in(event: CartChanged) -> dict[str, str]:
    return {
        "alias": event.alias,
        "visitor_id": event.visitor_id,
        "customer_id": event.shopper.customer_id,
        "country": event.shopper.country,
        "locale": event.shopper.locale[:16],
        "click_ref": event.click_ref,
        "recovery_url": event.recovery_url,
        "checkout_id": event.checkout_id,
    }


def _take_total(cart: Cart, event: CartChanged) -> None:
    """Take the total, or forget one that other lines had."""
    if event.total is not None:
        cart.total_minor = event.total.minor
        cart.currency, cart.decimals = event.total.currency, event.total.decimals
    elif cart.total_minor is not None and _told(event) != _held(cart):
        cart.total_minor = None


def _told(event: CartChanged) -> Pieces:
    return sorted((line.product_id, line.variant_id, line.quantity) for line in event.lines)


def _held(cart: Cart) -> Pieces:
    rows = CartLine.objects.filter(cart=cart)
    return sorted(rows.values_list("product_id", "variant_id", "quantity"))


def _replace_lines(cart: Cart, event: CartChanged) -> None:
    CartLine.objects.filter(cart=cart).delete()
    CartLine.objects.bulk_create(
        CartLine(
            shop_id=cart.shop_id,
            cart=cart,
            position=position,
            product_id=line.product_id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            name=line.name,
            attributes=[list(pair) for pair in line.attributes],
            total_minor=None if line.total is None else line.total.minor,
            image_url=line.image_url,
            url=line.url,
            sku=line.sku,
        )
        for position, line in enumerate(event.lines)
    )
