"""Take due messages through preparing and handing over; safe to kill at any point.

A message is committed as handing over before the transport is spoken to. One found in that state
after its lease is over becomes unknown and is never sent again (law 2).
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import assert_never

from recovery.contacts.models import Contact, Suppression
from recovery.contacts.services import suppress
from recovery.messaging import letters, moves, posting
from recovery.messaging.awaiting import join_cart
from recovery.messaging.channels import email
from recovery.messaging.channels.base import Failed, Mail, Outcome, Sent, Unknown
from recovery.messaging.eligibility import Go, Later, Never
from recovery.messaging.facts import judge, lock_mailbox
from recovery.messaging.liquid_texts import Unrenderable
from recovery.messaging.models import Message
from recovery.messaging.rendering import Letter
from recovery.messaging.selectors import sender_of
from recovery.offers.selectors import discount_in
from recovery.offers.services import take_code
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

# Longer than any task may live, so that a lease never ends under a living worker.
LEASE = timedelta(minutes=5)
# Stock and prices older than this are looked up again before handing over.
PREPARED_FRESH_FOR = timedelta(minutes=5)
_BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60))
_TRIES_BEFORE_PARKING = 3
# A slow transport must not keep a worker past its time limit: the rest waits for the next turn.
_TURN_SECONDS = 60


def prepare_due(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Judge and render the shop's due messages; return how many are ready to be handed over."""
    give_up_lost(shop, at=at)
    ready = 0
    for message_id in _due(shop, Message.State.QUEUED, at=at, limit=limit):
        try:
            ready += prepare(shop, message_id, at=at)
        except Exception:
            logger.exception("message failed", extra=_ids(shop, message_id))
            _count_failure(shop, message_id, at=at)
    return ready


def hand_over_due(shop: Shop, *, at: datetime, limit: int = 50) -> int:
    """Hand the shop's prepared messages to the transport; return how many it accepted.

    Ends early when the transport is away, and when the shop's orders are no longer fresh.
    """
    give_up_lost(shop, at=at)
    started = time.monotonic()
    sent = 0
    for message_id in _due(shop, Message.State.PREPARED, at=at, limit=limit):
        passed = time.monotonic() - started
        if passed > _TURN_SECONDS:
            break
        moment = at + clock.lasting(timedelta(seconds=passed))
        try:
            outcome = hand_over(shop, message_id, at=moment)
        except Exception:
            logger.exception("message failed", extra=_ids(shop, message_id))
            _count_failure(shop, message_id, at=at)
            continue
        sent += isinstance(outcome, Sent)
        if isinstance(outcome, Failed) and outcome.unreachable:
            break
    return sent


def give_up_lost(shop: Shop, *, at: datetime) -> int:
    """Mark messages as unknown whose hand-over was cut off; return how many."""
    with access.scope(shop):
        rows = Message.objects.filter(
            state=Message.State.HANDING_OVER, lease_until__lte=at
        ).select_related("cart")
        return sum(moves.record_unknown(message, "cut_off", problem="", at=at) for message in rows)


def prepare(shop: Shop, message_id: int, *, at: datetime) -> bool:
    """Judge and render one queued message; True when it is ready. Opens its own scope."""
    with access.scope(shop):
        message = _locked(message_id, Message.State.QUEUED)
        if message is None:
            return False
        join_cart(message, at=at)
        if not _may_go(message, shop, at=at):
            return False
        letter = letters.compose(
            shop,
            sender_of(shop),
            kind=message.kind,
            content=message.content,
            cart=message.cart,
            contact=_addressee(message),
            locale=message.locale,
        )
        match letter:
            case None:
                moves.skip(message, "nothing_left", at=at)
            case Unrenderable(problem):
                moves.fail_waiting(message, "text_broken", problem=problem, at=at)
            case Letter(subject, html, text):
                Message.objects.filter(pk=message.pk).update(
                    state=Message.State.PREPARED,
                    subject=subject,
                    html=html,
                    text=text,
                    prepared_at=at,
                    reason="",
                )
                return True
            case _:
                assert_never(letter)
    return False


def hand_over(shop: Shop, message_id: int, *, at: datetime) -> Outcome | None:
    """Hand one prepared message over; None when it may not go now or another worker has it."""
    claimed = _claim(shop, message_id, at=at)
    if claimed is None:
        return None
    message, mail = claimed
    outcome = email.send(mail)
    _record(shop, message, outcome, at=at)
    return outcome


def _due(shop: Shop, state: Message.State, *, at: datetime, limit: int) -> list[int]:
    with access.scope(shop):
        rows = Message.objects.filter(state=state, due_at__lte=at).order_by("due_at", "pk")
        return list(rows.values_list("pk", flat=True)[:limit])


def _ids(shop: Shop, message_id: int) -> dict[str, int]:
    return {"shop": shop.pk, "message_id": message_id}


def _count_failure(shop: Shop, message_id: int, *, at: datetime) -> None:
    """Put off a message that a bug stopped; the third time it is parked, visible as failed."""
    with access.scope(shop):
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        tries = message.attempts + 1
        if message.state not in moves.WAITING:
            return
        Message.objects.filter(pk=message_id).update(attempts=tries)
        if tries >= _TRIES_BEFORE_PARKING:
            moves.fail_waiting(message, "broken", problem="", at=at)
        else:
            moves.defer(message, "broken", until=_later(tries, at), shop=shop, at=at)


def _locked(message_id: int, state: Message.State) -> Message | None:
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("contact", "cart")
    found: Message | None = rows.filter(pk=message_id, state=state).first()
    return found


def _addressee(message: Message) -> Contact | None:
    """Return whom the letter speaks to; a test speaks to the cart's shopper."""
    if message.kind == Message.Kind.TEST and message.cart is not None:
        return message.cart.contact
    return message.contact


def _may_go(message: Message, shop: Shop, *, at: datetime) -> bool:
    """Say whether the message may go now; otherwise it has been skipped or put off."""
    fresh = Shop.objects.get(pk=shop.pk)
    answer = judge(message, fresh, sender_of(fresh), at=at)
    match answer:
        case Go():
            return True
        case Never(reason):
            moves.skip(message, reason, at=at)
        case Later(reason, until):
            moves.defer(message, reason, until=until, shop=fresh, at=at)
        case _:
            assert_never(answer)
    return False


def _claim(shop: Shop, message_id: int, *, at: datetime) -> tuple[Message, Mail] | None:
    """Commit one message as being handed over and return its mail; everything is asked again."""
    with access.scope(shop):
        message = _locked(message_id, Message.State.PREPARED)
        if message is None:
            return None
        lock_mailbox(message)
        if not _may_go(message, shop, at=at):
            return None
        if message.prepared_at is None or at - message.prepared_at > _shown(PREPARED_FRESH_FOR):
            Message.objects.filter(pk=message.pk).update(state=Message.State.QUEUED)
            return None
        if not _has_its_code(message, shop, at=at):
            return None
        message.state = Message.State.HANDING_OVER
        message.handing_over_at = at
        message.lease_until = at + _shown(LEASE)
        message.attempts += 1
        message.save(update_fields=["state", "handing_over_at", "lease_until", "attempts"])
        return message, posting.mail_of(message, shop, sender_of(shop), at=at)


def _has_its_code(message: Message, shop: Shop, *, at: datetime) -> bool:
    """Give the message the code that it offers; False when another one has just got the last."""
    discount = discount_in(message.content)
    if discount is None or message.kind == Message.Kind.TEST:
        return True
    code = take_code(discount, message_id=message.pk, cart=message.cart, at=at)
    if code is None:
        until = at + _shown(timedelta(minutes=1))
        moves.defer(message, "no_code", until=until, shop=shop, at=at)
    return code is not None


def _record(shop: Shop, message: Message, outcome: Outcome, *, at: datetime) -> None:
    with access.scope(shop):
        match outcome:
            case Sent(provider_id):
                moves.record_sent(message, provider_id=provider_id, at=at)
            case Unknown(reason, problem):
                moves.record_unknown(message, reason, problem=problem, at=at)
            case Failed(reason, True, problem):
                moves.record_failed(message, reason, problem=problem, at=at)
                if reason == "bounced":
                    _suppress_bounced(shop, message, at=at)
            case Failed(reason, _, problem):
                due_at = _later(message.attempts, at)
                moves.put_back(message, reason, problem=problem, due_at=due_at, at=at)
            case _:
                assert_never(outcome)


def _suppress_bounced(shop: Shop, message: Message, *, at: datetime) -> None:
    if message.kind != Message.Kind.TEST:
        suppress(
            shop,
            channel=message.channel,
            address_key=message.address_key,
            reason=Suppression.Reason.BOUNCED,
            at=at,
        )


def _later(tries: int, at: datetime) -> datetime:
    return at + _shown(_BACKOFF[min(tries, len(_BACKOFF)) - 1])


def _shown(real: timedelta) -> timedelta:
    return clock.lasting(real)
