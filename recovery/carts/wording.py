"""Put a timeline's codes into sentences that a merchant understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from recovery.carts.models import Entry

EntryKind = Literal["done", "not", "planned"]

REASONS = {
    "no_address": "Nobody knows this shopper's address",
    "no_consent": "The shopper has not agreed to be written to, and the country asks for it",
    "consent_refused": "The shopper said no to such mails",
    "address_unconfirmed": "The address typed in the pop-up is not confirmed by its owner yet",
    "unsubscribed": "The shopper unsubscribed from these mails",
    "ordered": "The shopper has ordered",
    "before_flow_was_on": "The cart was left before the flow was switched on",
    "no_flow_on": "No flow for such carts is switched on",
    "in_another_flow": "The shopper is already in another flow",
    "taken_over": "A more urgent flow took over",
    "completed": "All steps are done",
    "cart_emptied": "The shopper emptied the cart",
    "cart_too_old": "The cart was left 30 days ago",
    "cart_joined": "The cart was found to be the same as another, which goes on",
    "checkout_deleted": "The store deleted the checkout",
    "flow_switched_off": "The flow was switched off",
    "stopped_by_merchant": "Stopped by the shop",
    "won_by_merchant": "Marked as won by the shop",
    "uninstalled": "The shop is no longer connected",
    "step_off": "This step is switched off",
    "too_late": "Its time had passed",
    "payment_pending": "An order is waiting for its payment",
    "shopper_active": "The shopper is active again",
    "message_waiting": "The step's message is on its way",
    "broken": "A mistake of ours stopped this; after some tries it is given up",
}

# Kind -> (title with places of the detail, how it looks on the timeline).
_TITLES: dict[str, tuple[str, EntryKind]] = {
    "opened": ("Cart started", "done"),
    "changed": ("Cart changed, now {quantity} in it", "done"),
    "reached_checkout": ("Reached the checkout", "done"),
    "named": ("The shopper became known", "done"),
    "emptied": ("Emptied by the shopper", "not"),
    "abandoned": ("Abandoned after {minutes} minutes without a sign", "done"),
    "reopened": ("The shopper came back", "done"),
    "joined": ("Found to be one cart with another, and joined", "done"),
    "vanished": ("The store deleted this checkout", "not"),
    "ordered": ("Ordered, number {number}", "done"),
    "won_by_merchant": ("Marked as won by the shop", "done"),
    "not_contacted": ("Not written to", "not"),
    "entered_flow": ("Entered “{flow}”, version {version}", "done"),
    "left_flow": ("Left “{flow}”", "done"),
    "sent_early": ("Step “{step}” asked for at once by the shop", "done"),
    "step_skipped": ("Step “{step}” left out", "not"),
    "credited": ("Order {number} credited to this recovery", "done"),
    "credit_revoked": ("Credit for order {number} taken back", "not"),
    "asked_for_cart": ("Asked for the cart by mail in the pop-up", "done"),
    "address_confirmed": ("The shopper confirmed the address", "done"),
    "message_queued": ("Mail planned: “{subject}”", "planned"),
    "message_sent": ("Mail sent: “{subject}”", "done"),
    "message_deferred": ("Mail put off", "not"),
    "message_skipped": ("Mail not sent", "not"),
    "message_failed": ("Mail failed", "not"),
    "message_unknown": ("Mail handed over, fate unknown", "not"),
    "link_followed": ("Link in the mail followed", "done"),
    "restored": ("Cart opened from the mail", "done"),
    "unsubscribed": ("Unsubscribed", "not"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words."""

    title: str
    why: str
    kind: EntryKind


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def reason(code: str) -> str:
    """Return the sentence of a reason's code; an unknown code is shown as words."""
    return REASONS.get(code) or code.replace("_", " ").capitalize()


def tell(entry: Entry, *, reason_of: Callable[[str], str] = reason) -> Told:
    """Return the entry in words; ``reason_of`` knows the reasons of the parts above carts too."""
    title, kind = _TITLES.get(entry.kind, (entry.kind.replace("_", " ").capitalize(), "done"))
    why = reason_of(entry.reason) if entry.reason else ""
    until = entry.detail.get("until")
    if until:
        why = f"{why} (until {until})" if why else f"until {until}"
    return Told(title.format_map(_Gaps(entry.detail)), why, kind)
