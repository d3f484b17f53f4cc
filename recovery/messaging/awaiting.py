"""Mails about carts that the store has not told yet: a shopper may be quicker than its news."""

from __future__ import annotations

from datetime import datetime

from recovery.carts.models import Cart
from recovery.carts.services import note
from recovery.messaging.models import Message

AWAITED_CART = "awaited_cart"
"""The key in a message's content under which the cart's id stands."""


def join_cart(message: Message, *, at: datetime) -> bool:
    """Tie a waiting message to the cart that its shopper meant, once the store has told of it, or
    to the one that it was joined with since; False when there is nothing to tie. Needs the shop in
    scope and the message locked."""
    cart_id = _meant(message)
    if not cart_id:
        return False
    cart = Cart.objects.filter(cart_id=cart_id).order_by("-generation").first()
    if cart is None:
        return False
    message.cart = cart
    message.save(update_fields=["cart"])
    note(cart, "asked_for_cart", at=at, message=message.pk)
    return True


def _meant(message: Message) -> str:
    """Return the id of the cart to tie the message to, '' where it stays as it is."""
    if message.cart is None:
        return str(message.content.get(AWAITED_CART) or "")
    joined = message.cart.state == Cart.State.MERGED and message.kind == Message.Kind.MY_CART
    return str(message.cart.cart_id) if joined else ""
