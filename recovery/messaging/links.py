"""Links in mails: random tokens, kept as hashes, each for one shop and one purpose.

A token is the shop's public id (22 characters, which finds the shop before any scope is open) and
32 random characters (192 bits). Only the mail holds it. ``click_ref`` is the link's public name: it
opens nothing and travels in UTM tags and orders.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from recovery.carts.models import Cart
from recovery.contacts.models import Contact
from recovery.messaging.models import Link, Message
from shopapp.kit.errors import Unreachable
from shopapp.shops import access
from shopapp.shops.models import Shop

LIVES = {
    Link.Purpose.RESTORE: timedelta(days=30),
    # People look for the way out in very old mails too.
    Link.Purpose.UNSUBSCRIBE: timedelta(days=730),
    Link.Purpose.CONFIRM: timedelta(days=3),
}
PATHS = {
    Link.Purpose.RESTORE: "r",
    Link.Purpose.UNSUBSCRIBE: "u",
    Link.Purpose.CONFIRM: "c",
}
_TOKEN = re.compile(r"([A-Za-z0-9_-]{22})[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Over:
    """A link that once was true and has expired; its shop may be named to the reader."""

    shop: Shop


def mint(
    shop: Shop,
    purpose: Link.Purpose,
    *,
    at: datetime,
    message: Message | None = None,
    contact: Contact | None = None,
    cart: Cart | None = None,
) -> tuple[Link, str]:
    """Return a new link and its address, which is nowhere kept. Needs the shop in scope."""
    token = shop.public_id + secrets.token_urlsafe(24)
    link: Link = Link.objects.create(
        shop=shop,
        purpose=purpose,
        token_hash=_hash(token),
        click_ref=secrets.token_hex(12),
        message=message,
        contact=contact,
        cart=cart,
        created_at=at,
        expires_at=at + LIVES[purpose],
    )
    return link, f"{settings.APP_URL}/{PATHS[purpose]}/{token}"


def shop_of(token: str) -> Shop | None:
    """Return the shop that a token names, None when there is none or the form is wrong."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    try:
        return access.shop_by_public_id(found.group(1))
    except Unreachable:
        return None


def find(shop: Shop, purpose: Link.Purpose, token: str, *, at: datetime) -> Link | Over | None:
    """Return the link behind a token; None for a forged one. Needs the shop in scope."""
    rows = Link.objects.select_related("message", "contact", "cart")
    link: Link | None = rows.filter(token_hash=_hash(token), purpose=purpose).first()
    if link is None:
        return None
    return Over(shop) if link.expires_at <= at else link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
