"""The Messages pages and the sender's settings, through their doors."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from recovery.messaging import services
from recovery.messaging.models import Message, Sender
from shopapp.shops import access
from shopapp.shops.models import AccessRecord, Member, Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

SETTINGS: dict[str, Any] = {
    "sender_name": "Norrsken",
    "sender_address": "Hello@Norrsken.example",
    "reply_to": "",
    "legal_address": " Norrsken AB \r\n\r\nStorgatan 1 ",
    "quiet_from": "22:00",
    "quiet_until": "07:30",
    "brand_colour": "#B3492D",
    "logo_url": "https://norrsken.example/logo.png",
}


def url_of(shop: Shop, rest: str = "") -> str:
    return f"/shops/{shop.pk}/messages/{rest}"


@pytest.fixture
def sent(shop: Shop, other_shop: Shop) -> Message:
    """Return a sent message; beside it one that was not sent, and another shop's."""
    with access.scope(other_shop):
        contact, cart = scene.set_stage(other_shop)
        scene.queue(other_shop, contact, cart, dedup_key="secret")
        Message.objects.update(subject="The other shop's secret")
    with access.scope(shop):
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart)
        bo = scene.make_contact(shop, "bo@example.se", agreed=None)
        scene.queue(shop, bo, scene.make_cart(shop, bo, ("10", "", 1)))
    services.prepare_due(shop, at=MORNING)
    services.hand_over_due(shop, at=MORNING)
    return message


def test_every_message_stands_there_with_its_state_and_reason(
    owner_client: Any, shop: Shop, sent: Message
) -> None:
    shown = owner_client.get(url_of(shop)).content.decode()
    assert "You left Wool runner at Shop" in shown
    assert "anna@example.se" in shown
    assert "The shopper has not agreed to be written to" in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("state=sent", "anna@", "bo@"),
        ("state=skipped", "bo@", "anna@"),
        ("state=failed", "None in this state", "anna@"),
        ("q=BO@", "bo@", "anna@"),
        ("q=wool", "anna@", "bo@"),
        ("q=nobody", "No message matches", "anna@"),
        ("state=nonsense&page=999", "bo@", "secret"),
    ],
)
def test_messages_are_found_by_state_and_words(
    owner_client: Any, shop: Shop, sent: Message, query: str, seen: str, unseen: str
) -> None:
    shown = owner_client.get(url_of(shop, f"?{query}")).content.decode()
    assert seen in shown
    assert unseen not in shown


def test_the_same_address_gives_htmx_the_part_it_asks_for(
    owner_client: Any, shop: Shop, sent: Message
) -> None:
    answer = owner_client.get(url_of(shop), HTTP_HX_REQUEST="true")
    assert answer.content.decode().strip().startswith('<section id="message-list"')
    assert answer["Cache-Control"] == "no-store"


def test_a_message_shows_its_mail_and_what_happened_and_the_look_is_recorded(
    owner_client: Any, shop: Shop, sent: Message
) -> None:
    shown = owner_client.get(url_of(shop, f"{sent.pk}/")).content.decode()
    assert "Accepted by the mail server" in shown
    assert f"{sent.pk}/body/" in shown
    assert 'sandbox=""' in shown
    assert "rebasket-link" not in shown
    with access.scope(shop):
        assert AccessRecord.objects.get().subject == str(sent.pk)


def test_the_mail_itself_is_shut_off_from_everything(
    owner_client: Any, shop: Shop, sent: Message
) -> None:
    answer = owner_client.get(url_of(shop, f"{sent.pk}/body/"))
    assert "Wool runner" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    for door in ("/r/", "/u/", "rebasket-link"):
        assert door not in answer.content.decode()


def test_another_shops_messages_do_not_exist(
    owner_client: Any, shop: Shop, other_shop: Shop, sent: Message
) -> None:
    with access.scope(other_shop):
        [theirs] = Message.objects.all()
    for rest in (f"{theirs.pk}/", f"{theirs.pk}/body/"):
        assert owner_client.get(url_of(shop, rest)).status_code == 404
    assert owner_client.get(url_of(other_shop)).status_code == 404


def test_the_sender_is_saved_as_we_write_it(
    owner_client: Any, shop: Shop, other_shop: Shop
) -> None:
    page = f"/shops/{shop.pk}/settings/sender/"
    assert owner_client.get(page).status_code == 200
    assert owner_client.post(page, SETTINGS).status_code == 302
    with access.scope(shop):
        [sender] = Sender.objects.all()
    assert (sender.name, sender.email) == ("Norrsken", "hello@norrsken.example")
    assert sender.legal_address == "Norrsken AB\nStorgatan 1"
    assert (sender.quiet_from, sender.quiet_until) == (time(22), time(7, 30))
    assert sender.brand_color == "#b3492d"
    assert 'value="22:00"' in owner_client.get(page).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sender_name", "", "Enter a name."),
        ("sender_name", "A\r\nBcc: x@y.example", "one line"),
        ("sender_address", "", "Enter the address"),
        ("sender_address", "hello", "an @ and a domain"),
        ("sender_address", "a@b.example\r\nBcc: x@y.example", "cannot write to"),
        ("reply_to", "nobody", "an @ and a domain"),
        ("legal_address", "  ", "postal address"),
        ("quiet_from", "late", "a time like 21:00"),
        ("brand_colour", "red", "six digits"),
        ("brand_colour", "#12345g", "six digits"),
        ("logo_url", "http://norrsken.example/logo.png", "https://"),
        ("logo_url", "javascript:alert(1)", "https://"),
        ("logo_url", 'https://x.example/" onerror="alert(1)', "https://"),
    ],
)
def test_each_mistake_is_told_beside_its_field(
    owner_client: Any, shop: Shop, field: str, value: str, said: str
) -> None:
    answer = owner_client.post(f"/shops/{shop.pk}/settings/sender/", {**SETTINGS, field: value})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert said in " ".join(errors[field])
    with access.scope(shop):
        assert not Sender.objects.exists()


def test_a_viewer_may_look_at_messages_but_not_change_the_sender(
    owner_client: Any, shop: Shop, sent: Message
) -> None:
    Member.objects.update(role=Member.Role.VIEWER)
    assert owner_client.get(url_of(shop)).status_code == 200
    page = f"/shops/{shop.pk}/settings/sender/"
    assert owner_client.post(page, SETTINGS).status_code == 403
