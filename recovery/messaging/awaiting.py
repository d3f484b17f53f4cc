"""Mails about carts that the store has not told yet: a shopper may be quicker than its news."""

from __future__ import annotations

from datetime import datetime

from recovery.carts.models import Cart
from recovery.carts.services import note
from recovery.messaging.models import Message

AWAITED_CART = "awaited_cart"
"""The key in a message's content under which the cart's id stands."""


def join_cart(message: Message, *, at: datetime) -> bool:
    """Tie a waiting message to the cart that its shopper meant, once the store has told of it;
    False when there is nothing to tie. Needs the shop in scope and the message locked."""
    cart_id = message.content.get(AWAITED_CART)
    if message.cart is not None or not cart_id:
        return False
    cart = Cart.objects.filter(cart_id=cart_id).order_by("-generation").first()
    if cart is None:
        return False
    message.cart = cart
    message.save(update_fields=["cart"])
    note(cart, "asked_for_cart", at=at, message=message.pk)
    return True
