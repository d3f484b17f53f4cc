from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from recovery.carts.models import Entry
from recovery.contacts.models import Contact
from recovery.messaging import services
from recovery.messaging.models import Click, Link, Message
from recovery.messaging.selectors import confirmations_since
from recovery.messaging.trial import send_test
from shopapp.kit.errors import Forbidden
from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User
from tests.conftest import MORNING, make_shop
from tests.recovery.messaging import scene

DAY = timedelta(days=1)


def ask(shop: Shop, email: str, *, at: Any = MORNING) -> Message | None:
    """Ask for "my cart" as the pop-up does."""
    with access.scope(shop):
        contact = Contact.objects.filter(email=email).first() or scene.make_contact(
            shop, email, evidence=Contact.Evidence.BROWSER, confirmed_at=None, agreed=None
        )
        cart = scene.make_cart(shop, contact, ("10", "", 1), signed=False, state="open")
        return services.queue(
            shop,
            contact=contact,
            cart=cart,
            kind=Message.Kind.MY_CART,
            content={},
            dedup_key="whatever",
            due_at=at,
            too_late_at=at + DAY,
            at=at,
        )


def test_the_same_step_of_the_same_run_is_queued_once(shop: Shop, in_shop: Any) -> None:
    contact, cart = scene.set_stage(shop)
    message = scene.queue(shop, contact, cart, dedup_key="run:1:reminder", run_id=1)
    values: dict[str, Any] = {
        "contact": contact,
        "cart": cart,
        "kind": Message.Kind.FLOW,
        "content": scene.CONTENT,
        "dedup_key": "run:1:reminder",
        "due_at": MORNING,
        "too_late_at": MORNING,
        "at": MORNING,
    }
    assert services.queue(shop, **values) is None
    assert services.waiting_or_gone(1) == [message]
    assert Entry.objects.filter(kind="message_queued").count() == 1
    [entry] = Entry.objects.filter(kind="message_queued")
    assert entry.detail["subject"] == "You left Wool runner at Shop"


def test_two_shops_may_use_the_same_key(shop: Shop, other_shop: Shop) -> None:
    for each in (shop, other_shop):
        with access.scope(each):
            contact, cart = scene.set_stage(each)
            assert scene.queue(each, contact, cart, dedup_key="run:1:reminder").pk


@pytest.mark.parametrize("how", ["cart", "run", "mailbox"])
def test_waiting_messages_are_withdrawn_with_the_reason(shop: Shop, in_shop: Any, how: str) -> None:
    contact, cart = scene.set_stage(shop)
    waiting = scene.queue(shop, contact, cart, run_id=7)
    gone = scene.queue(shop, contact, cart, run_id=7)
    Message.objects.filter(pk=gone.pk).update(state=Message.State.SENT)
    reason: dict[str, Any] = {"reason": "ordered", "at": MORNING}
    withdraw: Callable[[], int] = {
        "cart": lambda: services.withdraw_for_cart(shop, cart=cart, **reason),
        "run": lambda: services.withdraw_for_run(shop, run_id=7, **reason),
        "mailbox": lambda: services.withdraw_for_mailbox(
            shop, address_key=contact.address_key, **reason
        ),
    }[how]
    assert withdraw() == 1
    assert withdraw() == 0
    waiting.refresh_from_db()
    gone.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("skipped", "ordered")
    assert gone.state == "sent"


# "My cart": at most one per mailbox, shop and day, and few per mailbox over all shops.


def test_a_mailbox_is_sent_its_cart_once_a_day_whatever_its_spelling(
    shop: Shop, other_shop: Shop
) -> None:
    assert ask(shop, "anna@example.se") is not None
    assert ask(shop, "anna@example.se") is None
    assert ask(shop, "anna+again@example.se") is None
    assert ask(shop, "bo@example.se") is not None
    assert ask(shop, "anna@example.se", at=MORNING + DAY) is not None


def test_the_day_is_the_shops_own(shop: Shop, other_shop: Shop) -> None:
    before_midnight = MORNING.replace(hour=22, minute=59)
    assert ask(shop, "anna@example.se", at=before_midnight) is not None
    # 23:01 in UTC is the next day in Amsterdam.
    assert ask(shop, "anna@example.se", at=before_midnight + timedelta(minutes=2)) is not None


def test_a_mailbox_cannot_be_bombed_through_many_shops(shop: Shop) -> None:
    shops = [shop, *(make_shop(f"shop{number}.example") for number in range(5))]
    asked = [ask(each, "victim@example.se") for each in shops]
    states = [(message.state, message.reason) for message in asked if message is not None]
    assert states[:3] == [("queued", "")] * 3
    assert states[3:] == [("skipped", "asked_too_often")] * 3
    later = ask(shops[5], "victim@example.se", at=MORNING + DAY + timedelta(minutes=1))
    assert later is not None
    assert later.state == "queued"


def test_my_cart_goes_out_at_night_and_beside_other_mails(shop: Shop, other_shop: Shop) -> None:
    night = MORNING.replace(hour=23)
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        for day in range(3):
            sent = scene.queue(shop, contact, cart)
            Message.objects.filter(pk=sent.pk).update(
                state=Message.State.SENT, handing_over_at=night - day * DAY
            )
    ask(shop, "anna@example.se", at=night)
    Shop.objects.update(orders_read_at=night)
    services.prepare_due(shop, at=night)
    assert services.hand_over_due(shop, at=night) == 1
    assert mail.outbox[0].subject == "Your cart at Shop"


def test_my_cart_carries_a_link_to_confirm_and_no_text_of_the_browsers(
    shop: Shop, other_shop: Shop
) -> None:
    with access.scope(shop):
        scene.make_sender(shop)
        scene.make_product(shop, "10", "Wool cap")
    ask(shop, "anna@example.se")
    services.prepare_due(shop, at=MORNING)
    assert services.hand_over_due(shop, at=MORNING) == 1
    body = str(mail.outbox[0].body)
    assert "/c/" in body
    assert "/r/" in body
    assert "/u/" in body
    assert "Anna" not in body
    assert "a name that only the cart knows" not in body


def test_my_cart_obeys_the_laws(shop: Shop, other_shop: Shop) -> None:
    with access.scope(shop):
        scene.make_sender(shop)
        scene.make_product(shop, "10", "Wool cap")
    message = ask(shop, "anna@example.se")
    assert message is not None
    with access.scope(shop):
        scene.make_order(shop, address_key="anna@example.se")
    assert services.prepare_due(shop, at=MORNING) == 0
    with access.scope(shop):
        message.refresh_from_db()
    assert message.reason == "ordered"


def test_the_count_over_all_shops_tells_a_number_only(shop: Shop, other_shop: Shop) -> None:
    """The walls stand: the count sees the other shop's mail, the shop itself sees none of it."""
    ask(other_shop, "anna@example.se")
    with access.scope(shop):
        assert confirmations_since("anna@example.se", MORNING - DAY) == 1
        assert not Message.objects.exists()


# Test sends.


@pytest.fixture
def merchant(shop: Shop) -> User:
    user = User.objects.create_user("owner@shop.example")
    Member.objects.create(user=user, shop=shop)
    return user


def test_a_test_goes_to_the_merchant_marked_and_has_no_effects(
    shop: Shop, other_shop: Shop, merchant: User
) -> None:
    with access.scope(shop):
        _, cart = scene.set_stage(shop)
    Shop.objects.update(orders_read_at=None)
    assert send_test(
        shop, to=merchant.email, content=scene.CONTENT, cart=cart, at=MORNING.replace(hour=3)
    )
    [sent] = mail.outbox
    assert sent.to == ["owner@shop.example"]
    assert sent.subject == "[Test] You left Wool runner at Shop"
    assert "Hello Anna," in str(sent.body)
    assert "List-Unsubscribe" not in sent.message()
    for door in ("/r/", "/u/", "/c/"):
        assert door not in str(sent.body)
    with access.scope(shop):
        assert not Link.objects.exists()
        assert not Click.objects.exists()
        assert not Entry.objects.exists()


def test_a_test_goes_to_nobody_else(shop: Shop, other_shop: Shop, merchant: User) -> None:
    for each, to in ((shop, "anna@example.se"), (other_shop, merchant.email)):
        with pytest.raises(Forbidden):
            send_test(each, to=to, content=scene.CONTENT, cart=None, at=MORNING)
    assert mail.outbox == []


def test_a_test_of_a_broken_text_is_not_sent_and_says_why(
    shop: Shop, other_shop: Shop, merchant: User
) -> None:
    with access.scope(shop):
        scene.make_sender(shop)
    content = {**scene.CONTENT, "text": "{{ oops"}
    assert not send_test(shop, to=merchant.email, content=content, cart=None, at=MORNING)
    with access.scope(shop):
        [message] = Message.objects.all()
    assert (message.state, message.reason) == ("failed", "text_broken")
