"""The laws of sending, each tried to be broken."""

from __future__ import annotations

import itertools
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from recovery.carts.models import Cart, Entry
from recovery.carts.services import end_by_order, reopen
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.contacts.services import suppress
from recovery.messaging import letters, services
from recovery.messaging.channels import email
from recovery.messaging.channels.base import Failed, Sent, Unknown
from recovery.messaging.models import Link, Message, Sender
from recovery.orders.models import Order
from shopapp.shops import access, tenancy
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def read_orders(shop: Shop, at: datetime) -> None:
    Shop.objects.filter(pk=shop.pk).update(orders_read_at=at)


def take_turn(shop: Shop, at: datetime = MORNING) -> int:
    """Do what the shop's turn does: read the orders, prepare, hand over."""
    read_orders(shop, at)
    services.prepare_due(shop, at=at)
    return services.hand_over_due(shop, at=at)


def now(shop: Shop, message: Message) -> Message:
    with access.scope(shop):
        message.refresh_from_db()
    return message


def noted(tried: list[Any], what: Any, outcome: Failed) -> Failed:
    tried.append(what)
    return outcome


def reasons_on_timeline(shop: Shop, cart: Cart) -> list[tuple[str, str]]:
    with access.scope(shop):
        entries = Entry.objects.filter(cart=cart).order_by("id")
        return list(entries.values_list("kind", "reason"))


@pytest.fixture(autouse=True)
def _a_turn_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.messaging.delivery.time.monotonic", lambda: 0.0)


@pytest.fixture
def queued(shop: Shop, other_shop: Shop) -> Message:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        return scene.queue(shop, contact, cart)


def test_a_due_message_becomes_one_mail(shop: Shop, queued: Message) -> None:
    cart = queued.cart
    assert cart is not None
    assert take_turn(shop) == 1
    assert take_turn(shop, MORNING + MINUTE) == 0
    [sent] = mail.outbox
    assert sent.subject == "You left Wool runner at Shop"
    assert sent.to == ["anna@example.se"]
    assert sent.reply_to == ["people@shop.example"]
    assert now(shop, queued).state == Message.State.SENT
    kinds = [kind for kind, _ in reasons_on_timeline(shop, cart)]
    assert kinds == ["message_queued", "message_sent"]


def test_a_mail_carries_the_one_click_way_out_and_its_own_stable_id(
    shop: Shop, queued: Message
) -> None:
    take_turn(shop)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/u/" in headers["List-Unsubscribe"]
    assert "/r/" not in headers["List-Unsubscribe"]
    assert headers["Message-ID"].endswith("@127.0.0.1>")
    assert "Auto-Submitted" not in headers


def test_what_is_stored_opens_nothing(shop: Shop, queued: Message) -> None:
    take_turn(shop)
    stored = now(shop, queued)
    assert "/r/" not in stored.html + stored.text
    with access.scope(shop):
        hashes = set(Link.objects.values_list("token_hash", flat=True))
    body = str(mail.outbox[0].body)
    tokens = [line.rpartition("/")[2] for line in body.splitlines() if "127.0.0.1" in line]
    assert len(tokens) == len(hashes) == 2
    assert not set(tokens) & hashes


def test_a_message_is_not_sent_before_it_is_due(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        scene.queue(shop, contact, cart, due_at=MORNING + HOUR)
    assert take_turn(shop) == 0
    assert take_turn(shop, MORNING + HOUR) == 1


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


# Law 2 and outcomes.


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Sent("abc"), "sent", ""),
        (Failed("refused", permanent=True, problem="550 no"), "failed", "refused"),
        (Failed("bounced", permanent=True), "failed", "bounced"),
        (Failed("provider_busy", permanent=False), "queued", "provider_busy"),
        (Unknown("lost_connection"), "unknown", "lost_connection"),
    ],
)
def test_each_outcome_is_recorded(
    shop: Shop,
    queued: Message,
    monkeypatch: pytest.MonkeyPatch,
    outcome: Any,
    state: str,
    reason: str,
) -> None:
    monkeypatch.setattr(email, "send", lambda mail: outcome)
    take_turn(shop)
    row = now(shop, queued)
    assert (row.state, row.reason) == (state, reason)
    with access.scope(shop):
        suppressed = Suppression.objects.filter(reason="bounced").exists()
    assert suppressed == (reason == "bounced")


def test_an_unknown_message_is_never_sent_again(
    shop: Shop, queued: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(email, "send", lambda mail: Unknown("lost_connection"))
        take_turn(shop)
    for hour in range(1, 19):
        assert take_turn(shop, MORNING + hour * HOUR) == 0
    assert mail.outbox == []


def test_a_failure_before_data_is_tried_again_with_growing_waits(
    shop: Shop, queued: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Failed("provider_unreachable", permanent=False, unreachable=True)
    tried: list[datetime] = []
    at = MORNING
    with monkeypatch.context() as patched:
        patched.setattr(email, "send", lambda mail: noted(tried, at, away))
        while at < MORNING + 2 * HOUR:
            take_turn(shop, at)
            at += MINUTE
    waits = [(later - earlier) // MINUTE for earlier, later in itertools.pairwise(tried)]
    assert waits == [1, 3, 10, 30, 60]
    with access.scope(shop):
        assert not Link.objects.exists()
    assert take_turn(shop, MORNING + 3 * HOUR) == 1


def test_when_the_transport_is_away_the_other_messages_are_not_tried(
    shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Failed("provider_unreachable", permanent=False, unreachable=True)
    tried: list[str] = []
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        scene.queue(shop, contact, cart)
        other = scene.make_contact(shop, "bo@example.se")
        scene.queue(shop, other, scene.make_cart(shop, other, ("10", "", 1)))
    monkeypatch.setattr(email, "send", lambda mail: noted(tried, mail.to, away))
    take_turn(shop)
    assert len(tried) == 1


def test_a_message_cut_off_while_handing_over_becomes_unknown_after_its_lease(
    shop: Shop, queued: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(mail: Any) -> Any:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(email, "send", die)
        with pytest.raises(SystemExit):
            take_turn(shop)
    assert now(shop, queued).state == "handing_over"
    take_turn(shop, MORNING + 4 * MINUTE)
    assert now(shop, queued).state == "handing_over"
    take_turn(shop, MORNING + 5 * MINUTE)
    assert (now(shop, queued).state, queued.reason) == ("unknown", "cut_off")
    assert mail.outbox == []


def test_handing_over_is_committed_before_the_transport_is_spoken_to(
    shop: Shop, queued: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(mail: Any) -> Any:
        with pytest.raises(tenancy.NoShopInScope):
            tenancy.shop_in_scope()
        seen.append(now(shop, queued).state)
        return Sent()

    monkeypatch.setattr(email, "send", look)
    take_turn(shop)
    assert seen == ["handing_over"]


def test_stock_and_price_are_looked_up_again_when_preparing_was_long_ago(
    shop: Shop, queued: Message
) -> None:
    assert services.prepare_due(shop, at=MORNING) == 1
    later = MORNING + 6 * MINUTE
    read_orders(shop, later)
    assert services.hand_over_due(shop, at=later) == 0
    assert take_turn(shop, later) == 1


def test_a_broken_text_fails_and_says_which(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        content = {**scene.CONTENT, "text": "{{ oops"}
        message = scene.queue(shop, contact, cart, content=content)
    assert take_turn(shop) == 0
    row = now(shop, message)
    assert (row.state, row.reason) == ("failed", "text_broken")
    assert row.problem.startswith("text: ")


def test_a_message_that_breaks_us_is_parked_and_the_others_go_on(
    shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        poison = scene.queue(shop, contact, cart)
        other = scene.make_contact(shop, "bo@example.se")
        scene.queue(shop, other, scene.make_cart(shop, other, ("10", "", 1)))
    compose = letters.compose

    def fragile(*args: Any, **kwargs: Any) -> Any:
        if kwargs["cart"] == cart:
            raise ZeroDivisionError
        return compose(*args, **kwargs)

    monkeypatch.setattr(letters, "compose", fragile)
    assert sum(take_turn(shop, MORNING + minute * MINUTE) for minute in range(10)) == 1
    row = now(shop, poison)
    assert (row.state, row.reason, row.attempts) == ("failed", "broken", 3)


def test_two_shops_send_in_their_own_names_only(shop: Shop, other_shop: Shop) -> None:
    for each in (shop, other_shop):
        with access.scope(each):
            contact, cart = scene.set_stage(each)
            Sender.objects.update(name=each.name, email=f"hello@{each.host}")
            scene.queue(each, contact, cart)
    assert take_turn(shop) == 1
    [sent] = mail.outbox
    assert "hello@shop.example" in sent.from_email
    assert take_turn(other_shop) == 1
    assert "hello@other.example" in mail.outbox[1].from_email
