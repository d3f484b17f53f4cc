"""Decide whether a message may go now: every objection, asked together. Pure.

Caps count the mails of flows. A mail that the shopper asked for in the pop-up neither waits for
them nor counts: it is an answer, at most one per day. It obeys all laws besides: orders, opt-outs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MIN_GAP = timedelta(hours=16)
CAP = 3
CAP_WINDOW = timedelta(days=7)
ASK_AGAIN_IN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Never:
    """This message must not go out at all, for this reason (a code of ``messaging.wording``)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """This message must wait, for this reason; it is asked again at ``until``."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Go:
    """Nothing stands against this message now."""


Objection = Never | Later
Kind = Literal["flow", "my_cart", "test"]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is asked about one message at one moment.

    ``cart_state``: '' when the cart is gone, "deleted" when its checkout is, "awaited" when the
    store has not told it yet: then ``awaited_since`` is when the shopper asked. ``order_stage``: ''
    when no order stands. ``suppressed``: why the mailbox gets no mail, '' when it may. ``refusal``:
    the policy's reason, '' when it allows. ``quiet_until``: None outside quiet hours. ``mails``:
    when this mailbox was last handed mails of flows, newest first, at least those of CAP_WINDOW.
    ``offer``: why it cannot give its discount's code (`offers.selectors`), '' where it can, or
    gives none. ``soon``: when a passing trouble (orders not read) is worth asking about again.
    """

    kind: Kind
    at: datetime
    soon: datetime
    installed: bool
    paused: bool
    orders_fresh: bool
    sender_named: bool
    legal_address: bool
    has_contact: bool
    cart_state: str
    order_stage: str
    suppressed: str
    refusal: str
    quiet_until: datetime | None
    mails: tuple[datetime, ...]
    awaited_since: datetime | None = None
    offer: str = ""


def objections(facts: Facts) -> tuple[Objection, ...]:
    """Return everything that stands against sending now, the final ones first."""
    if facts.kind == "test":
        return () if facts.sender_named else (Never("sender_missing"),)
    found = [*_final(facts), *_passing(facts)]
    if facts.kind == "flow":
        found += _courtesies(facts)
    return tuple(found)


def _final(facts: Facts) -> list[Objection]:
    living = {"abandoned"} if facts.kind == "flow" else {"open", "abandoned", "awaited"}
    cart_reasons = {
        "": "cart_erased",
        "open": "shopper_active",
        "ordered": "ordered",
        "emptied": "cart_emptied",
        "lost": "cart_too_old",
        "deleted": "checkout_deleted",
        "merged": "cart_joined",
    }
    asked: list[tuple[bool, str]] = [
        (facts.order_stage == "placed", "ordered"),
        (not facts.installed, "uninstalled"),
        (not facts.has_contact, "contact_erased"),
        (bool(facts.suppressed), facts.suppressed),
        (bool(facts.refusal) and facts.kind == "flow", facts.refusal),
        (facts.offer == "offer_over", "offer_over"),
        (facts.cart_state not in living, cart_reasons.get(facts.cart_state, "cart_closed")),
    ]
    return [Never(reason) for stands, reason in asked if stands]


def _passing(facts: Facts) -> list[Objection]:
    asked = [
        (facts.order_stage == "pending", "payment_pending", facts.at + ASK_AGAIN_IN),
        (facts.paused, "sending_paused", facts.soon),
        (not facts.orders_fresh, "orders_not_read", facts.soon),
        (not facts.sender_named, "sender_missing", facts.at + ASK_AGAIN_IN),
        (not facts.legal_address, "legal_address_missing", facts.at + ASK_AGAIN_IN),
        (facts.offer == "no_code", "no_code", facts.soon),
        (facts.cart_state == "awaited", "cart_not_told", _look_again(facts)),
    ]
    return [Later(reason, until) for stands, reason, until in asked if stands]


def _look_again(facts: Facts) -> datetime:
    """Ask about an awaited cart soon at first, then after ever longer waits: each as long as all
    before it."""
    waited = facts.at - facts.awaited_since if facts.awaited_since else timedelta()
    return max(facts.soon, facts.at + waited)


def _courtesies(facts: Facts) -> list[Objection]:
    found: list[Objection] = []
    if facts.quiet_until is not None:
        found.append(Later("quiet_hours", facts.quiet_until))
    if facts.mails and facts.at - facts.mails[0] < MIN_GAP:
        found.append(Later("too_soon", facts.mails[0] + MIN_GAP))
    recent = [moment for moment in facts.mails if facts.at - moment < CAP_WINDOW]
    if len(recent) >= CAP:
        found.append(Later("too_many", recent[CAP - 1] + CAP_WINDOW))
    return found


def verdict(found: Sequence[Objection], *, at: datetime, too_late_at: datetime) -> Go | Objection:
    """Return what all objections together mean: a final one wins, else the longest wait.

    A wait beyond ``too_late_at`` is not begun: the message is skipped with the wait's own reason.
    """
    for objection in found:
        if isinstance(objection, Never):
            return objection
    if at > too_late_at:
        return Never("too_late")
    waits = [objection for objection in found if isinstance(objection, Later)]
    if not waits:
        return Go()
    longest = max(waits, key=lambda wait: wait.until)
    return Never(f"too_late_{longest.reason}") if longest.until > too_late_at else longest
