"""What shoppers' links open, and what nobody can open with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from recovery.carts.models import Cart, Entry
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.messaging import services
from recovery.messaging.models import Link
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import Mailed, clicks, mint

pytestmark = pytest.mark.usefixtures("morning")


# Forged, expired, foreign.


@pytest.mark.parametrize("door", ["r", "u", "c"])
@pytest.mark.parametrize(
    "token",
    ["x", "x" * 54, "..%2f..%2fetc", "%00" * 54, "é" * 54, "a" * 5000, "' OR 1=1 --", "{public}"],
)
def test_a_forged_link_is_a_friendly_page_without_detail(
    client: Client, shop: Shop, mailed: Mailed, door: str, token: str
) -> None:
    forged = token.replace("{public}", shop.public_id + "y" * 32)
    for answer in (client.get(f"/{door}/{forged}"), client.post(f"/{door}/{forged}")):
        assert answer.status_code == 404
        assert shop.name not in answer.content.decode()
    with access.scope(shop):
        assert not Suppression.objects.exists()


@pytest.mark.parametrize("purpose", list(Link.Purpose))
def test_an_expired_link_is_over_and_changes_nothing(
    client: Client, shop: Shop, mailed: Mailed, purpose: str
) -> None:
    with access.scope(shop):
        Link.objects.update(expires_at=MORNING)
        Contact.objects.update(confirmed_at=None)
    for answer in (client.get(mailed[1][purpose]), client.post(mailed[1][purpose])):
        assert answer.status_code == 410
    with access.scope(shop):
        assert not Suppression.objects.exists()
        assert not Contact.objects.filter(confirmed_at__isnull=False).exists()
    assert clicks(shop) == []


def test_a_token_serves_its_own_purpose_only(client: Client, shop: Shop, mailed: Mailed) -> None:
    for purpose, path in mailed[1].items():
        for door in {"r", "u", "c"} - {path[1]}:
            assert client.post(f"/{door}{path[2:]}").status_code == 404, purpose
    with access.scope(shop):
        assert not Suppression.objects.exists()


def test_a_token_under_another_shops_name_is_forged(
    client: Client, other_shop: Shop, mailed: Mailed
) -> None:
    for path in mailed[1].values():
        moved = path[:3] + other_shop.public_id + path[3 + 22 :]
        assert client.get(moved).status_code == 404


def test_tokens_are_long_random_and_kept_as_hashes(shop: Shop, mailed: Mailed) -> None:
    tokens = [path[3:] for path in mailed[1].values()]
    assert all(len(token) == 54 for token in tokens)
    assert len({token[22:] for token in tokens}) == 3
    with access.scope(shop):
        rows = Link.objects.values_list("token_hash", "click_ref")
        kept = {value for row in rows for value in row}
    assert not any(token in kept or token[22:] in kept for token in tokens)


# Unsubscribing.


def test_a_get_shows_what_unsubscribing_means_and_does_nothing(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    for _ in range(3):
        page = client.get(mailed[1]["unsubscribe"])
        assert page.status_code == 200
        assert "a…@example.se" in page.content.decode()
        assert "anna@" not in page.content.decode()
    with access.scope(shop):
        assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", "", "anything=else"])
def test_a_post_without_cookies_unsubscribes_the_person(
    shop: Shop, other_shop: Shop, mailed: Mailed, body: str
) -> None:
    mailbox = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = mailbox.post(
            mailed[1]["unsubscribe"], body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
        assert "no more" in answer.content.decode()
        assert not answer.cookies
    with access.scope(shop):
        [suppressed] = Suppression.objects.all()
        assert suppressed.address_key == "anna@example.se"
        assert suppressed.reason == "unsubscribed"
        newest = Consent.objects.order_by("-at", "-id")[0]
        assert (newest.given, newest.source) == (False, "unsubscribe_link")
        mailed[0].refresh_from_db()
        assert (mailed[0].state, mailed[0].reason) == ("skipped", "unsubscribed")
    with access.scope(other_shop):
        assert not Suppression.objects.exists()


def test_who_unsubscribed_gets_nothing_for_later_carts_under_any_spelling(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    client.post(mailed[1]["unsubscribe"])
    later = MORNING + timedelta(days=20)
    with access.scope(shop):
        twin = scene.make_contact(shop, "Anna+new@Example.SE".lower())
        cart = scene.make_cart(shop, twin, ("10", "", 1))
        message = scene.queue(shop, twin, cart, at=later)
    Shop.objects.filter(pk=shop.pk).update(orders_read_at=later)
    assert services.prepare_due(shop, at=later) == 0
    with access.scope(shop):
        message.refresh_from_db()
    assert message.reason == "unsubscribed"


def test_a_stored_message_that_was_erased_still_lets_its_reader_out(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    with access.scope(shop):
        Cart.objects.all().update(contact=None)
        path = mint(shop, Link.Purpose.UNSUBSCRIBE, mailed[0])
    assert client.post(path).status_code == 200
    with access.scope(shop):
        assert Suppression.objects.filter(address_key="anna@example.se").exists()


# Confirming.


def test_only_a_post_confirms_an_address_and_asks_the_flows_to_look_again(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    with access.scope(shop):
        Contact.objects.update(confirmed_at=None, evidence=Contact.Evidence.BROWSER)
        Cart.objects.update(considered_at=MORNING, blocked_reason="address_unconfirmed")
    assert "Is this your address?" in client.get(mailed[1]["confirm"]).content.decode()
    with access.scope(shop):
        assert Contact.objects.get().confirmed_at is None
    for _ in range(2):
        assert "confirmed" in client.post(mailed[1]["confirm"]).content.decode()
    with access.scope(shop):
        contact, cart = Contact.objects.get(), Cart.objects.get()
        assert contact.confirmed_at == MORNING
        assert contact.evidence == Contact.Evidence.CONFIRMED
        assert cart.considered_at is None
        assert cart.blocked_reason == ""
        assert Entry.objects.filter(kind="address_confirmed").count() == 1
