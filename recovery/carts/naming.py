"""Which row is meant by news of a cart: by its id, by its second name, and two rows that are one.

A platform may know a cart by two names: the storefront's and the checkout's. Some sources tell one
of them only. Where news tells both and a row stands under each, they are joined: the checkout's row
goes on under the cart's id, and the other is over.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from recovery.carts import content
from recovery.carts.models import Cart
from shopapp.platforms.base import CartChanged
from shopapp.shops.models import Shop

LIVING = (Cart.State.OPEN, Cart.State.ABANDONED)


@dataclass(frozen=True, slots=True)
class Found:
    """The newest row that news is about. ``joined``: a row that was found to be the same cart.
    ``touched``: that row had newer news, so its shopper has been back since."""

    cart: Cart | None
    joined: Cart | None = None
    touched: bool = False


def unnamed_id(alias: str) -> str:
    """Return the id of a cart that is known by its checkout only: no platform's."""
    return hashlib.sha256(f"checkout:{alias}".encode()).hexdigest()[:40]


def id_of(event: CartChanged) -> str:
    """Return the id that a new cart of this news gets."""
    return event.cart_id or unnamed_id(event.alias)


def find(shop: Shop, event: CartChanged) -> Found:
    """Return the row that this news is about, locked; rows that turn out to be one are joined."""
    _lock_names(shop, event)
    rows = Cart.objects.select_for_update(of=("self",))
    named: Cart | None = None
    if event.cart_id:
        named = rows.filter(cart_id=event.cart_id).order_by("-generation").first()
    same = _by_checkout(event)
    if same is None:
        return Found(named)
    if not event.cart_id:
        return Found(same)
    if named is None:
        same.cart_id, same.generation = event.cart_id, 1
        same.save(update_fields=["cart_id", "generation"])
        return Found(same)
    if same.state not in LIVING:
        return Found(named)
    return _joined(same, named, event)


def _lock_names(shop: Shop, event: CartChanged) -> None:
    # The first two reports of a new cart may be applied at once, when there is no row to lock.
    names = {event.cart_id} if event.cart_id else set()
    if event.alias and (event.checkout_id or not event.cart_id):
        names.add(unnamed_id(event.alias))
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [name, shop.pk]
            )


def _by_checkout(event: CartChanged) -> Cart | None:
    """Return the newest row of this news's checkout.

    A second name alone may be a session's, which outlives carts: next to a cart's id it only names
    the row that has no other name, or that of the same checkout.
    """
    if not event.alias:
        return None
    rows = Cart.objects.select_for_update(of=("self",)).filter(alias=event.alias)
    rows = rows.exclude(state=Cart.State.MERGED).order_by("generation", "pk")
    if event.cart_id:
        known = Q(cart_id=unnamed_id(event.alias))
        if event.checkout_id:
            known |= Q(checkout_id=event.checkout_id)
        rows = rows.filter(known).exclude(cart_id=event.cart_id)
    newest: Cart | None = rows.last()
    return newest


def _joined(checkout: Cart, named: Cart, event: CartChanged) -> Found:
    """Let the checkout's row go on under the cart's id, as its newest generation."""
    checkout.cart_id, checkout.generation = event.cart_id, named.generation + 1
    if named.state not in LIVING:
        checkout.save(update_fields=["cart_id", "generation"])
        return Found(checkout)
    touched = content.is_newer(named, checkout)
    content.take_from(checkout, named, lines=touched)
    checkout.save()
    named.state, named.ended_at = Cart.State.MERGED, event.changed_at
    named.save(update_fields=["state", "ended_at"])
    return Found(checkout, named, touched)
