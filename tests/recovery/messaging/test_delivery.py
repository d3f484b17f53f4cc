"""A message's way to the transport, and what is known of it afterwards."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from recovery.contacts.models import Suppression
from recovery.messaging import letters, services
from recovery.messaging.channels import email
from recovery.messaging.channels.base import Failed, Sent, Unknown
from recovery.messaging.models import Link, Message, Sender
from recovery.messaging.rendering import Letter
from shopapp.shops import access, tenancy
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import noted, now, read_orders, reasons_on_timeline, take_turn

pytestmark = pytest.mark.usefixtures("a_turn_takes_no_time")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


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


def test_a_slow_transport_leaves_the_rest_to_the_next_turn(
    shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        scene.queue(shop, contact, cart)
        other = scene.make_contact(shop, "bo@example.se")
        scene.queue(shop, other, scene.make_cart(shop, other, ("10", "", 1)))
    passed = iter([0.0, 1.0, 61.0])
    monkeypatch.setattr("recovery.messaging.delivery.time.monotonic", lambda: next(passed))
    assert take_turn(shop) == 1
    monkeypatch.setattr("recovery.messaging.delivery.time.monotonic", lambda: 0.0)
    assert take_turn(shop, MORNING + MINUTE) == 1


def test_a_preview_is_the_letter_itself_with_links_that_lead_nowhere(
    shop: Shop, in_shop: Any
) -> None:
    contact, cart = scene.set_stage(shop)
    letter = services.preview(shop, content=scene.CONTENT, cart=cart, contact=contact)
    assert isinstance(letter, Letter)
    assert letter.subject == "You left Wool runner at Shop"
    assert not Message.objects.exists()
    without = services.preview(shop, content=scene.CONTENT, cart=None, contact=None)
    assert isinstance(without, Letter)
