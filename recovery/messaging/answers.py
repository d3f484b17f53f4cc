"""What shoppers decide through the links in their mails. Functions need the shop in scope."""

from __future__ import annotations

from datetime import datetime

from recovery.carts.models import Cart
from recovery.carts.services import name_shopper, note
from recovery.contacts.models import Channel, Contact, Suppression
from recovery.contacts.selectors import is_suppressed
from recovery.contacts.services import confirm as confirm_contact
from recovery.contacts.services import owe, record_consent, suppress
from recovery.messaging.models import Link
from recovery.messaging.services import withdraw_for_mailbox
from shopapp.kit.addresses import address_key
from shopapp.shops.models import Shop


def address_of(link: Link) -> str:
    """Return the address that the link was mailed to, '' when it was erased."""
    if link.message is not None:
        return str(link.message.address)
    return link.contact.email if link.contact is not None else ""


def unsubscribe(shop: Shop, link: Link, *, at: datetime) -> bool:
    """Stop all mail to this person in this shop, for later carts too; False when it was stopped.

    The mailbox counts, not the spelling. Waiting messages are withdrawn.
    """
    mailbox = address_key(address_of(link))
    if not mailbox:
        return False
    new = suppress(
        shop,
        channel=Channel.EMAIL,
        address_key=mailbox,
        reason=Suppression.Reason.UNSUBSCRIBED,
        at=at,
    )
    withdraw_for_mailbox(shop, address_key=mailbox, reason="unsubscribed", at=at)
    if new:
        _record_refusal(link, at=at)
    return new


def _record_refusal(link: Link, *, at: datetime) -> None:
    if link.contact is not None:
        record_consent(
            link.contact,
            channel=Channel.EMAIL,
            given=False,
            wording="",
            version="",
            language="",
            source="unsubscribe_link",
            at=at,
        )
    if link.cart is not None:
        note(link.cart, "unsubscribed", at=at)


def is_unsubscribed(link: Link) -> bool:
    """Say whether this link's mailbox gets no more mail in this shop."""
    mailbox = address_key(address_of(link))
    return bool(mailbox) and is_suppressed(channel=Channel.EMAIL, address_key=mailbox)


def confirm(shop: Shop, link: Link, *, at: datetime) -> bool:
    """Take the address as its owner's own, with what was agreed to beside it, and ask the flows to
    look again at the carts; False when all that was known."""
    contact = link.contact
    if contact is None or is_confirmed(link):
        return False
    confirm_contact(contact, at=at)
    contact.refresh_from_db()
    _record_agreement(link, contact, at=at)
    # The store should find its new shopper, and what they agreed to.
    owe(contact, at=at)
    if link.cart is not None:
        name_shopper(link.cart, contact, at=at)
    carts = Cart.objects.filter(shop=shop, contact=contact)
    carts.update(considered_at=None, blocked_reason="")
    for cart in carts.filter(state__in=[Cart.State.OPEN, Cart.State.ABANDONED]):
        note(cart, "address_confirmed", at=at)
    return True


def _record_agreement(link: Link, contact: Contact, *, at: datetime) -> None:
    """Let the consent count that was given beside the address, now that it is its owner's."""
    told = link.message.content.get("consent") if link.message is not None else None
    if not isinstance(told, dict) or not told.get("given"):
        return
    record_consent(
        contact,
        channel=Channel.EMAIL,
        given=True,
        wording=str(told.get("wording", "")),
        version=str(told.get("version", "")),
        language=str(told.get("language", "")),
        source=str(told.get("source", "popup")),
        at=at,
    )


def is_confirmed(link: Link) -> bool:
    """Say whether the address is known to be its owner's, and the cart somebody's by now."""
    if link.contact is None or link.contact.confirmed_at is None:
        return False
    return link.cart is None or link.cart.contact_id is not None
