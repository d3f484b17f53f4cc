"""Has this shopper ordered? Asked by every name an order may carry."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from recovery.carts.models import Cart
from recovery.contacts.models import Contact
from recovery.orders.models import Order
from shopapp.shops.models import Shop

_STANDING = (Order.Stage.PLACED, Order.Stage.PENDING)


def standing_order(
    shop: Shop,
    *,
    cart: Cart,
    contact: Contact | None,
    address_key: str,
    since: datetime,
) -> Order | None:
    """Return an order that ends or holds the recovery of this cart, a placed one first.

    By the cart's own id or checkout token whenever it was placed; by customer, address or phone
    when placed at or after ``since``. The caller looks at ``stage``: a pending order only holds.
    """
    del shop  # The scope already names it.
    named = _named(cart)
    personal = _personal(cart, contact, address_key)
    asked = named | (personal & Q(placed_at__gte=since)) if personal else named
    found = standing().filter(asked).order_by("-placed_at", "-pk")
    orders = list(found[:20])
    placed = [order for order in orders if order.stage == Order.Stage.PLACED]
    return next(iter(placed or orders), None)


def is_customer(shop: Shop, *, contact: Contact) -> bool:
    """Say whether this person has bought here: a placed order by mailbox or account."""
    del shop  # The scope already names it.
    asked = Q()
    if contact.address_key:
        asked |= Q(address_key=contact.address_key)
    if contact.customer_id:
        asked |= Q(customer_id=contact.customer_id)
    if not asked:
        return False
    rows = Order.objects.filter(asked, stage=Order.Stage.PLACED, vanished_at=None)
    found: bool = rows.exists()
    return found


def standing() -> QuerySet[Order]:
    """Return the orders that end or hold recoveries. A vanished order is none any more."""
    rows: QuerySet[Order] = Order.objects.filter(stage__in=_STANDING, vanished_at=None)
    return rows


def orders_of(cart: Cart) -> QuerySet[Order]:
    """Return the standing orders that name this very cart, by its id or its checkout's token."""
    return standing().filter(_named(cart))


def _named(cart: Cart) -> Q:
    asked = Q(cart_id=cart.cart_id)
    if cart.alias:
        asked |= Q(checkout_token=cart.alias)
    return asked


def _personal(cart: Cart, contact: Contact | None, address_key: str) -> Q:
    """Return the conditions that name the person; an empty name matches nothing."""
    asked = Q()
    keys = {address_key, contact.address_key if contact else ""} - {""}
    customers = {cart.customer_id, contact.customer_id if contact else ""} - {""}
    if keys:
        asked |= Q(address_key__in=keys)
    if customers:
        asked |= Q(customer_id__in=customers)
    if contact and contact.phone:
        asked |= Q(phone=contact.phone)
    return asked
