"""Send a merchant their own mail as a test: marked, to the merchant's address only, no effects."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from recovery.carts.models import Cart
from recovery.messaging.delivery import hand_over, prepare
from recovery.messaging.models import Message
from shopapp.kit.addresses import address_key
from shopapp.kit.errors import Forbidden
from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User


def send_test(
    shop: Shop, user: User, *, content: dict[str, Any], cart: Cart | None, at: datetime
) -> Message:
    """Return the test after handing it over at once; its state and reason tell what became of it.

    Opens its own scopes: call it outside any. Raises Forbidden for who is no member of the shop.
    """
    if not Member.objects.filter(shop=shop, user=user).exists():
        raise Forbidden("Only people of the shop may send themselves a test.")
    with access.scope(shop):
        message: Message = Message.objects.create(
            shop=shop,
            dedup_key=f"test:{secrets.token_hex(16)}",
            kind=Message.Kind.TEST,
            cart=cart,
            address=user.email,
            address_key=address_key(user.email),
            locale=shop.locale,
            content=content,
            created_at=at,
            due_at=at,
            too_late_at=at + timedelta(hours=1),
        )
    if prepare(shop, message.pk, at=at):
        hand_over(shop, message.pk, at=at)
    with access.scope(shop):
        message.refresh_from_db()
    return message
