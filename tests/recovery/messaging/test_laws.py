"""The laws of sending, each tried to be broken."""

from __future__ import annotations

import itertools
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from recovery.carts.models import Cart
from recovery.carts.services import end_by_order, reopen
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.contacts.services import suppress
from recovery.messaging import services
from recovery.messaging.models import Message, Sender
from recovery.orders.models import Order
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import now, reasons_on_timeline, take_turn

pytestmark = pytest.mark.usefixtures("a_turn_takes_no_time")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# Law 1: no message after an order.


def order_values(contact: Contact, cart: Cart) -> dict[str, dict[str, Any]]:
    return {
        "by the cart": {"cart_id": cart.cart_id, "placed_at": MORNING - DAY},
        "by another spelling": {"address_key": contact.address_key, "email": "ANNA+x@Example.SE"},
        "by phone": {"phone": "+46701234567"},
        "by account": {"customer_id": "77"},
    }


@pytest.mark.parametrize("how", ["by the cart", "by another spelling", "by phone", "by account"])
@pytest.mark.parametrize("when", ["before preparing", "before handing over"])
def test_no_message_after_an_order(shop: Shop, other_shop: Shop, how: str, when: str) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        Contact.objects.update(phone="+46701234567", customer_id="77")
        message = scene.queue(shop, contact, cart)
    if when == "before handing over":
        assert services.prepare_due(shop, at=MORNING) == 1
    with access.scope(shop):
        scene.make_order(shop, **order_values(contact, cart)[how])
    assert take_turn(shop) == 0
    assert mail.outbox == []
    assert now(shop, message).reason == "ordered"
    assert ("message_skipped", "ordered") in reasons_on_timeline(shop, cart)


def test_an_order_waiting_for_payment_holds_and_a_failed_one_does_not(
    shop: Shop, queued: Message
) -> None:
    assert queued.cart is not None
    with access.scope(shop):
        order = scene.make_order(shop, cart_id=queued.cart.cart_id, stage=Order.Stage.PENDING)
    assert take_turn(shop) == 0
    assert now(shop, queued).reason == "payment_pending"
    with access.scope(shop):
        Order.objects.filter(pk=order.pk).update(stage=Order.Stage.FAILED)
    assert take_turn(shop, MORNING + 16 * MINUTE) == 1


def test_nothing_is_sent_while_the_orders_cannot_be_read(shop: Shop, queued: Message) -> None:
    late = MORNING + 3 * MINUTE
    services.prepare_due(shop, at=late)
    assert services.hand_over_due(shop, at=late) == 0
    assert now(shop, queued).reason == "orders_not_read"
    assert take_turn(shop, late + MINUTE) == 1


def test_orders_that_grow_old_between_preparing_and_handing_over_stop_it(
    shop: Shop, queued: Message
) -> None:
    assert services.prepare_due(shop, at=MORNING + MINUTE) == 1
    assert services.hand_over_due(shop, at=MORNING + 3 * MINUTE) == 0
    assert mail.outbox == []


def test_a_paused_shop_sends_nothing_and_resumes_by_itself(shop: Shop, queued: Message) -> None:
    Shop.objects.filter(pk=shop.pk).update(sending_paused_at=MORNING)
    assert take_turn(shop) == 0
    assert now(shop, queued).reason == "sending_paused"
    Shop.objects.filter(pk=shop.pk).update(sending_paused_at=None)
    assert take_turn(shop, MORNING + MINUTE) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cart: reopen(cart, at=MORNING), "shopper_active"),
        (lambda cart: end_by_order(cart, order_number="1", at=MORNING), "ordered"),
        (lambda cart: Cart.objects.update(state=Cart.State.EMPTIED), "cart_emptied"),
        (lambda cart: cart.delete(), "cart_erased"),
        (lambda cart: Contact.objects.all().delete(), "contact_erased"),
        (lambda cart: Consent.objects.update(given=False), "consent_refused"),
        (lambda cart: Consent.objects.all().delete(), "no_consent"),
    ],
)
def test_what_changed_since_preparing_is_seen_at_handing_over(
    shop: Shop, queued: Message, change: Any, reason: str
) -> None:
    assert services.prepare_due(shop, at=MORNING) == 1
    with access.scope(shop):
        change(queued.cart)
    assert services.hand_over_due(shop, at=MORNING) == 0
    assert mail.outbox == []
    assert now(shop, queued).reason == reason


def test_a_suppressed_mailbox_gets_nothing_under_any_spelling(shop: Shop, queued: Message) -> None:
    assert services.prepare_due(shop, at=MORNING) == 1
    with access.scope(shop):
        reason = Suppression.Reason.UNSUBSCRIBED
        suppress(shop, channel="email", address_key="anna@example.se", reason=reason, at=MORNING)
    assert services.hand_over_due(shop, at=MORNING) == 0
    assert now(shop, queued).reason == "unsubscribed"


def test_a_suppression_in_another_shop_is_that_shops_matter(
    shop: Shop, other_shop: Shop, queued: Message
) -> None:
    with access.scope(other_shop):
        reason = Suppression.Reason.UNSUBSCRIBED
        suppress(
            other_shop, channel="email", address_key="anna@example.se", reason=reason, at=MORNING
        )
    assert take_turn(shop) == 1


# Law 4: deferred, not dropped.


def test_quiet_hours_defer_to_their_end_in_the_shoppers_zone(shop: Shop, other_shop: Shop) -> None:
    night = datetime.fromisoformat("2026-11-23T22:00:00+00:00")
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart, at=night)
    assert take_turn(shop, night) == 0
    waiting = now(shop, message)
    assert (waiting.state, waiting.reason) == ("queued", "quiet_hours")
    assert waiting.due_at.isoformat() == "2026-11-24T07:00:00+00:00"
    assert take_turn(shop, night + HOUR) == 0
    assert take_turn(shop, waiting.due_at) == 1


def test_a_wait_past_its_limit_is_skipped_with_the_waits_reason(
    shop: Shop, other_shop: Shop
) -> None:
    night = datetime.fromisoformat("2026-11-23T22:00:00+00:00")
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart, at=night, too_late_at=night + HOUR)
    assert take_turn(shop, night) == 0
    assert now(shop, message).reason == "too_late_quiet_hours"
    assert message.state == "skipped"


def test_late_steps_do_not_burst_after_an_outage(shop: Shop, other_shop: Shop) -> None:
    """Three steps of one shopper are all due at once: they keep their gap, and the cap."""
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        Sender.objects.update(quiet_from=time(0), quiet_until=time(0))
        for _ in range(4):
            scene.queue(shop, contact, cart, too_late_at=MORNING + 30 * DAY)
    sent_at = []
    at = MORNING
    while at < MORNING + 9 * DAY:
        sent_at += [at] * take_turn(shop, at)
        at += 2 * HOUR
    assert len(sent_at) == 4
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent_at)]
    assert min(gaps) >= 16 * HOUR
    assert sent_at[3] - sent_at[0] >= 7 * DAY


def test_the_gap_holds_over_spellings_of_one_mailbox(shop: Shop, queued: Message) -> None:
    with access.scope(shop):
        twin = scene.make_contact(shop, "anna+shop@example.se")
        cart = scene.make_cart(shop, twin, ("10", "", 1))
        scene.queue(shop, twin, cart)
    assert take_turn(shop) == 1


def test_a_deferral_is_told_once_on_the_timeline(shop: Shop, queued: Message) -> None:
    Shop.objects.filter(pk=shop.pk).update(sending_paused_at=MORNING)
    for minute in range(5):
        take_turn(shop, MORNING + minute * MINUTE)
    assert queued.cart is not None
    told = reasons_on_timeline(shop, queued.cart)
    assert told.count(("message_deferred", "sending_paused")) == 1


@pytest.mark.parametrize("missing", ["email", "legal_address"])
def test_without_sender_or_legal_address_messages_wait(
    shop: Shop, queued: Message, missing: str
) -> None:
    with access.scope(shop):
        Sender.objects.update(**{missing: ""})
    assert take_turn(shop) == 0
    assert now(shop, queued).state == "queued"
