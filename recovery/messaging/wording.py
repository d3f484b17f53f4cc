"""Put the codes of messages into sentences that a merchant understands."""

from __future__ import annotations

from recovery.carts import wording as carts_wording
from recovery.messaging.models import Message

REASONS = {
    # Not sent, for good.
    "too_late": "Its time had passed before it could be sent",
    "uninstalled": "The shop is no longer connected",
    "cart_erased": "The cart was erased",
    "cart_closed": "The cart is closed",
    "contact_erased": "The shopper was erased",
    "nothing_left": "Nothing in the cart can be bought any more",
    "asked_too_often": "This address was sent too many carts today, over all shops",
    "offer_over": "The discount that it offers has ended, or the store refused it",
    "withdrawn": "Taken back before it was sent",
    # Waiting.
    "sending_paused": "Sending for the shop is paused, because its orders cannot be read",
    "orders_not_read": "The store's orders must be read first",
    "sender_missing": "The sender's address is missing in the settings",
    "legal_address_missing": "The legal address is missing in the settings",
    "cart_not_told": "The store has not told us of this cart yet",
    "no_code": "No discount code is ready yet; the store is asked for more",
    "quiet_hours": "It is night where the shopper is",
    "too_soon": "The shopper got another mail less than 16 hours before",
    "too_many": "The shopper got three mails within seven days",
    "provider_unreachable": "The mail server cannot be reached; it is tried again",
    "provider_busy": "The mail server asked to try again later",
    # Failed.
    "text_broken": "A text of this step cannot be filled in",
    "broken": "Something in this message stopped us; after three tries it is given up",
    "complained": "The shopper reported an earlier mail as spam",
    "bounced": "The mailbox does not exist, says its server",
    "refused": "The mail server refused this mail",
    "sender_refused": "The mail server refused the sender's address",
    # Unknown.
    "cut_off": "We were cut off while handing it over, so nobody knows whether it went out. "
    "It is not sent again",
    "lost_connection": "The mail server did not confirm it, so nobody knows whether it went out. "
    "It is not sent again",
    "provider_unclear": "The mail provider's answer was unclear, so nobody knows whether it went "
    "out. It is not sent again",
}
_TOO_LATE_WHILE = "too_late_"

STATES: dict[str, tuple[str, str]] = {
    # State -> (label, the tag's kind in the pages).
    Message.State.QUEUED: ("Waiting", ""),
    Message.State.PREPARED: ("About to go", ""),
    Message.State.HANDING_OVER: ("Being handed over", "hold"),
    Message.State.SENT: ("Sent", "won"),
    Message.State.FAILED: ("Failed", "no"),
    Message.State.UNKNOWN: ("Unknown", "no"),
    Message.State.SKIPPED: ("Not sent", ""),
}


def sentence(code: str, detail: str = "") -> str:
    """Return the sentence of a reason's code, '' for none; ``detail`` follows it in brackets."""
    if not code:
        return ""
    if code.startswith(_TOO_LATE_WHILE):
        why = sentence(code.removeprefix(_TOO_LATE_WHILE))
        return f"{why}, and waiting longer would have been too late"
    told = REASONS.get(code) or carts_wording.reason(code)
    return f"{told} ({detail})" if detail else told


def state_label(message: Message) -> tuple[str, str]:
    """Return the state in words and the kind of its tag."""
    if message.state == Message.State.QUEUED and message.reason:
        return "Put off", "hold"
    return STATES[message.state]


def origin(message: Message) -> str:
    """Say what asked for the message."""
    if message.kind == Message.Kind.FLOW:
        return "From a flow"
    return str(Message.Kind(message.kind).label)
