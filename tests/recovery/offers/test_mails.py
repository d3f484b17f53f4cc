"""A step that gives a discount: the mail carries a code of its own, and its link applies it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from recovery.flows import services as flows
from recovery.flows import steps
from recovery.flows.forms import StepForm
from recovery.ingest import codes
from recovery.messaging import services as messaging
from recovery.messaging.channels.base import Failed
from recovery.messaging.models import Message
from recovery.messaging.rendering import CODE_MARK, NO_CODE
from recovery.offers.models import Code, Discount
from recovery.offers.services import end, ensure_codes, make_discount
from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User
from tests.conftest import MORNING
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    app_identity,
    connect,
    make_shopify_shop,
    open_store,
)
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import now, take_turn

HOUR = timedelta(hours=1)
TEXT = (
    "Ten per cent with {{ discount.code | upcase }}"
    "{% if discount.ends_at %} until {{ discount.ends_at }}{% endif %}."
)
OFFER = scene.CONTENT | {"text": TEXT, "subject": "{{ discount.code }}For you"}
CODE = re.compile(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}")


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shopify_shop("little")
    connect(shop)
    return shop


@pytest.fixture
def little(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleShopify]:
    app_identity(monkeypatch)
    monkeypatch.setattr("recovery.messaging.delivery.time.monotonic", lambda: 0.0)
    little = LittleShopify(open_store(shop.host))
    little.answer_outbound(monkeypatch)
    little.store.code_seconds = 0.0
    with time_machine.travel(MORNING, tick=False):
        yield little


def offer(shop: Shop, little: LittleShopify, count: int = 2, **values: Any) -> Discount:
    """Return a discount whose codes the store has made."""
    told: dict[str, Any] = {"title": "Ten", "percent": 10, "starts_at": MORNING, "ends_at": None}
    with access.scope(shop):
        discount = make_discount(shop, at=MORNING, **(told | values))
        ensure_codes(shop, discount, count, at=MORNING)
    for minute in range(3):
        codes.make_codes(shop, at=MORNING + minute * timedelta(minutes=1))
    return discount


def queue(shop: Shop, discount: Discount, **values: Any) -> Message:
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        content = OFFER | {"discount": str(discount.pk)}
        return scene.queue(shop, contact, cart, content=content, **values)


def test_the_mail_carries_its_code_and_the_link_applies_it(
    shop: Shop, little: LittleShopify, client: Client
) -> None:
    discount = offer(shop, little, ends_at=MORNING + 48 * HOUR)
    message = queue(shop, discount)
    assert take_turn(shop) == 1
    [sent] = mail.outbox
    body = str(sent.body)
    found = CODE.search(body)
    assert found is not None
    with access.scope(shop):
        given = Code.objects.get(state="given")
    assert (given.message_id, given.cart_id) == (message.pk, message.cart_id)
    assert found[0] == given.code
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert given.code in html
    assert "until 25 November 11:00" in body, "the store's own clock"
    assert sent.subject == "For you", "no code where every list shows it"
    stored = now(shop, message)
    assert given.code not in stored.html + stored.text
    assert CODE_MARK in stored.text
    link = re.search(r"http://127\.0\.0\.1:8000(/r/\S+)", body)
    assert link is not None
    answer = client.get(link[1])
    address = urlsplit(answer["Location"])
    assert parse_qs(address.query)["discount"] == [given.code]


def test_without_an_end_no_end_is_named(shop: Shop, little: LittleShopify) -> None:
    queue(shop, offer(shop, little))
    take_turn(shop)
    assert "until" not in str(mail.outbox[0].body)


def test_a_mail_waits_for_a_code_and_goes_once_there_is_one(
    shop: Shop, little: LittleShopify
) -> None:
    with access.scope(shop):
        discount = make_discount(
            shop, title="Ten", percent=10, starts_at=MORNING, ends_at=None, at=MORNING
        )
        ensure_codes(shop, discount, 1, at=MORNING)
    message = queue(shop, discount)
    assert take_turn(shop) == 0
    waiting = now(shop, message)
    assert (waiting.state, waiting.reason) == ("queued", "no_code")
    for minute in range(3):
        codes.make_codes(shop, at=MORNING + minute * timedelta(minutes=1))
    assert take_turn(shop, MORNING + HOUR) == 1


def test_a_mail_whose_code_never_comes_is_not_sent(shop: Shop, little: LittleShopify) -> None:
    with access.scope(shop):
        discount = make_discount(
            shop, title="Ten", percent=10, starts_at=MORNING, ends_at=None, at=MORNING
        )
    message = queue(shop, discount, too_late_at=MORNING + timedelta(seconds=5))
    assert take_turn(shop) == 0
    skipped = now(shop, message)
    assert (skipped.state, skipped.reason) == ("skipped", "too_late_no_code")


@pytest.mark.parametrize("how", ["ended", "passed", "refused"])
def test_an_offer_that_is_over_is_not_mailed(how: str, shop: Shop, little: LittleShopify) -> None:
    discount = offer(shop, little, ends_at=MORNING + HOUR)
    message = queue(shop, discount)
    with access.scope(shop):
        if how == "ended":
            end(discount, at=MORNING)
        if how == "refused":
            Discount.objects.update(state="refused")
    take_turn(shop, MORNING + HOUR)
    skipped = now(shop, message)
    assert (skipped.state, skipped.reason) == ("skipped", "offer_over")
    assert mail.outbox == []


def test_a_mail_that_is_tried_again_gives_the_same_code(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    discount = offer(shop, little)
    message = queue(shop, discount)
    tried: list[Any] = []
    with monkeypatch.context() as patched:
        patched.setattr(
            "recovery.messaging.channels.email.send",
            lambda letter: scene.noted(tried, letter, Failed("provider_busy", False, "")),
        )
        take_turn(shop)
    take_turn(shop, MORNING + HOUR)
    assert now(shop, message).state == "sent"
    found = CODE.search(str(mail.outbox[0].body))
    assert found is not None
    assert found[0] in tried[0].text
    with access.scope(shop):
        assert Code.objects.filter(state="given").count() == 1


def test_the_last_code_goes_to_one_of_two(shop: Shop, little: LittleShopify) -> None:
    discount = offer(shop, little, count=1)
    first = queue(shop, discount)
    with access.scope(shop):
        bert = scene.make_contact(shop, "bert@example.se", first_name="Bert")
        cart = scene.make_cart(shop, bert, ("10", "", 1), cart_id="berts")
        content = OFFER | {"discount": str(discount.pk)}
        second = scene.queue(shop, bert, cart, content=content)
    assert take_turn(shop) == 1
    states = {now(shop, one).state for one in (first, second)}
    assert states == {"sent", "queued"}


def test_a_test_and_a_preview_take_no_code(shop: Shop, little: LittleShopify) -> None:
    discount = offer(shop, little)
    message = queue(shop, discount)
    with access.scope(shop):
        letter = messaging.preview(
            shop, content=message.content, cart=message.cart, contact=message.contact
        )
        assert CODE_MARK in getattr(letter, "text", "")
        Message.objects.filter(pk=message.pk).update(kind="test", contact=None)
    take_turn(shop)
    assert NO_CODE in str(mail.outbox[0].body)
    with access.scope(shop):
        assert not Code.objects.filter(state="given").exists()


def test_the_messages_page_shows_no_code(shop: Shop, little: LittleShopify, client: Client) -> None:
    message = queue(shop, offer(shop, little))
    take_turn(shop)
    owner = User.objects.create_user("owner@shop.example")
    Member.objects.create(user=owner, shop=shop)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("messages:detail", "messages:body"):
        page = client.get(reverse(name, args=[shop.pk, message.pk])).content.decode()
        assert CODE_MARK not in page
        with access.scope(shop):
            assert Code.objects.get(state="given").code not in page


def test_a_step_keeps_its_discount_through_publishing_and_editing(
    shop: Shop, little: LittleShopify
) -> None:
    discount = offer(shop, little)
    with access.scope(shop):
        flow = flows.make_presets(shop, at=MORNING)[0]
        step = steps.read(flows.newest_version(flow).steps)[0]
        offering = steps.EmailStep(
            step.key, step.after, step.too_late, OFFER | {"discount": str(discount.pk)}
        )
        flows.change_step(flow, offering, at=MORNING)
        published = steps.read(flows.newest_version(flow).steps)[0]
        assert published.content["discount"] == str(discount.pk)
        form = StepForm(
            {
                "delay_value": 1, "delay_unit": "hours", "subject": "New", "preheader": "",
                "heading": "", "text": "Text", "button_label": "Open", "on": True,
            }
        )  # fmt: skip
        assert form.is_valid(), form.errors
        assert form.changed(published).content["discount"] == str(discount.pk)
