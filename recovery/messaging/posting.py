"""Make the mail that leaves the house: the letter with its links minted, and its headers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from recovery.messaging import links
from recovery.messaging.channels.base import Mail
from recovery.messaging.liquid_texts import one_line
from recovery.messaging.models import Link, Message, Sender
from recovery.messaging.rendering import (
    CODE_MARK,
    CONFIRM_MARK,
    RESTORE_MARK,
    UNSUBSCRIBE_MARK,
    filled,
)
from recovery.offers.selectors import code_given_to
from shopapp.shops.models import Shop


def mail_of(message: Message, shop: Shop, sender: Sender, *, at: datetime) -> Mail:
    """Return the message as a mail with fresh links, and the code that it was given. Needs the shop
    in scope."""
    addresses = _test_links(shop) if _is_test(message) else _mint(message, shop, at=at)
    code = "" if _is_test(message) else code_given_to(message.pk)
    if code:
        addresses[CODE_MARK] = code
    reference = _reference(message, shop)
    return Mail(
        message_id=f"<{reference}@{_own_host()}>",
        from_name=one_line(sender.name or shop.name)[:100],
        from_address=sender.email,
        to=message.address,
        reply_to=sender.reply_to,
        subject=one_line(message.subject),
        text=filled(message.text, addresses),
        html=filled(message.html, addresses),
        headers={
            **_way_out(addresses.get(UNSUBSCRIBE_MARK, "")),
            # Keeps two mails about one cart from being folded into one conversation.
            "X-Entity-Ref-ID": reference,
        },
    )


def _mint(message: Message, shop: Shop, *, at: datetime) -> dict[str, str]:
    wanted = {RESTORE_MARK: Link.Purpose.RESTORE, UNSUBSCRIBE_MARK: Link.Purpose.UNSUBSCRIBE}
    if CONFIRM_MARK in message.html:
        wanted[CONFIRM_MARK] = Link.Purpose.CONFIRM
    addresses = {}
    for mark, purpose in wanted.items():
        _, addresses[mark] = links.mint(
            shop,
            purpose,
            at=at,
            message=message,
            contact=message.contact,
            cart=message.cart,
        )
    return addresses


def _test_links(shop: Shop) -> dict[str, str]:
    """A test has no effects: its links lead to the shop itself."""
    return {RESTORE_MARK: shop.url, UNSUBSCRIBE_MARK: shop.url}


def _way_out(address: str) -> dict[str, str]:
    """Return the one-click opt-out of RFC 8058, which mailboxes show beside the subject."""
    if f"/{links.PATHS[Link.Purpose.UNSUBSCRIBE]}/" not in address:
        return {}
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _reference(message: Message, shop: Shop) -> str:
    # The same over tries, so that a mailbox can tell a mail that it has already.
    named = f"{shop.public_id}:{message.pk}:{message.dedup_key}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def _own_host() -> str:
    return urlsplit(settings.APP_URL).hostname or "rebasket.invalid"


def _is_test(message: Message) -> bool:
    return bool(message.kind == Message.Kind.TEST)
