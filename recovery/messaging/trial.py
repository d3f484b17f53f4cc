"""Send a merchant their own mail as a test: marked, to the merchant's address only, no effects."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from recovery.carts.models import Cart
from recovery.messaging.channels.base import Sent
from recovery.messaging.delivery import hand_over, prepare
from recovery.messaging.models import Message
from shopapp.kit.addresses import address_key
from shopapp.kit.errors import Forbidden
from shopapp.shops import access
from shopapp.shops.models import Member, Shop


def send_test(
    shop: Shop, *, to: str, content: dict[str, Any], cart: Cart | None, at: datetime
) -> bool:
    """Hand a test over at once; True when the transport took it, else Messages says why not.

    Opens its own scopes: call it outside any. Raises Forbidden when ``to`` is not the address of
    somebody who works in this shop.
    """
    if not Member.objects.filter(shop=shop, user__email=to).exists():
        raise Forbidden("Only people of the shop may send themselves a test.")
    with access.scope(shop):
        message: Message = Message.objects.create(
            shop=shop,
            dedup_key=f"test:{secrets.token_hex(16)}",
            kind=Message.Kind.TEST,
            cart=cart,
            address=to,
            address_key=address_key(to),
            locale=shop.locale,
            content=content,
            created_at=at,
            due_at=at,
            too_late_at=at + timedelta(hours=1),
        )
    if not prepare(shop, message.pk, at=at):
        return False
    return isinstance(hand_over(shop, message.pk, at=at), Sent)
