"""What shoppers' links open, and what nobody can open with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from recovery.carts.models import Cart, Entry
from recovery.catalog.models import Product
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.messaging import links, services
from recovery.messaging.models import Click, Link, Message
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

SECRET = "k" * 43
Mailed = tuple[Message, dict[str, str]]


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def mailed(shop: Shop, other_shop: Shop) -> Mailed:
    """Return a message and the paths of its links, by purpose."""
    with access.scope(shop):
        credentials.keep(shop, Credential.Kind.PLUGIN_SECRET, SECRET, at=MORNING)
        contact, cart = scene.set_stage(shop)
        message = scene.queue(shop, contact, cart)
        return message, {
            purpose: mint(shop, purpose, message, contact=contact, cart=cart)
            for purpose in Link.Purpose
        }


def mint(shop: Shop, purpose: Link.Purpose, message: Message | None, **values: Any) -> str:
    _, address = links.mint(shop, purpose, at=MORNING, message=message, **values)
    return urlsplit(address).path


def clicks(shop: Shop) -> list[Click]:
    with access.scope(shop):
        return list(Click.objects.all())


# Restoring.


def test_with_the_plugin_the_link_leads_to_its_signed_address(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    answer = client.get(mailed[1]["restore"])
    assert answer.status_code == 302
    url = urlsplit(answer["Location"])
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc, url.path) == ("https", "shop.example", "/")
    payload, _, signature = query["rebasket-restore"][0].partition(".")
    right = hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, right)
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    with access.scope(shop):
        link = Link.objects.get(purpose="restore")
    assert told == {
        "v": 1,
        "c": link.click_ref,
        "l": [[12, 34, 1], [10, 0, 2]],
        "e": int((MORNING + timedelta(minutes=15)).timestamp()),
    }
    assert query["utm_source"] == ["rebasket"]
    assert query["utm_medium"] == ["email"]
    assert query["utm_content"] == [link.click_ref]
    assert query["utm_campaign"] == ["reminder"]


def test_the_link_says_nothing_personal_and_sets_no_cookie(client: Client, mailed: Mailed) -> None:
    answer = client.get(mailed[1]["restore"])
    assert not answer.cookies
    assert "anna" not in answer["Location"].lower()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_a_get_is_followed_but_not_counted_until_a_person_shows(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    client.get(mailed[1]["restore"])
    [click] = clicks(shop)
    assert click.counted_at is None
    with access.scope(shop):
        ref = Link.objects.get(purpose="restore").click_ref
        later = MORNING + timedelta(seconds=5)
        counted = services.count_click(shop, click_ref=ref, at=later)
        again = services.count_click(shop, click_ref=ref, at=later + timedelta(hours=1))
        assert Entry.objects.filter(kind="restored").count() == 1
    assert counted is not None
    assert counted.pk == click.pk
    assert again is not None
    assert again.counted_at == later
    assert len(clicks(shop)) == 1


def test_a_second_visit_counts_for_itself(client: Client, shop: Shop, mailed: Mailed) -> None:
    with access.scope(shop):
        ref = Link.objects.get(purpose="restore").click_ref
    for day in (0, 3):
        at = MORNING + timedelta(days=day)
        with time_machine.travel(at, tick=False):
            client.get(mailed[1]["restore"])
        with access.scope(shop):
            services.count_click(shop, click_ref=ref, at=at)
    assert [click.counted_at for click in clicks(shop)] == [MORNING, MORNING + timedelta(days=3)]


@pytest.mark.parametrize("ref", ["", "unknown", "'; --"])
def test_an_unknown_reference_counts_nothing(shop: Shop, mailed: Mailed, ref: str) -> None:
    with access.scope(shop):
        assert services.count_click(shop, click_ref=ref, at=MORNING) is None


def test_another_shops_reference_counts_nothing(
    client: Client, shop: Shop, other_shop: Shop, mailed: Mailed
) -> None:
    client.get(mailed[1]["restore"])
    with access.scope(shop):
        ref = Link.objects.get(purpose="restore").click_ref
    with access.scope(other_shop):
        assert services.count_click(other_shop, click_ref=ref, at=MORNING) is None
    assert clicks(shop)[0].counted_at is None


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_X_MOZ": "prefetch"},
        {"HTTP_X_PURPOSE": "preview"},
    ],
)
def test_a_browser_that_only_looks_ahead_follows_nothing(
    client: Client, shop: Shop, mailed: Mailed, headers: Any
) -> None:
    assert client.get(mailed[1]["restore"], **headers).status_code == 302
    assert clicks(shop) == []


def test_a_head_follows_nothing(client: Client, shop: Shop, mailed: Mailed) -> None:
    client.head(mailed[1]["restore"])
    assert clicks(shop) == []


def without_plugin(shop: Shop, **values: Any) -> None:
    Shop.objects.filter(pk=shop.pk).update(
        **{"plugin_version": "", "platform_version": "10.4.2", **values}
    )


def test_without_the_plugin_one_line_goes_straight_to_add_to_cart(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    without_plugin(shop)
    with access.scope(shop):
        contact = Contact.objects.get()
        cart = scene.make_cart(shop, contact, ("12", "34", 3))
        path = mint(shop, Link.Purpose.RESTORE, mailed[0], contact=contact, cart=cart)
    url = urlsplit(client.get(path)["Location"])
    assert url.path == "/cart/"
    query = parse_qs(url.query)
    assert query["add-to-cart"] == ["34"]
    assert query["quantity"] == ["3"]
    assert query["utm_source"] == ["rebasket"]


def test_without_the_plugin_several_lines_are_shown_before_the_cart_is_replaced(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    without_plugin(shop)
    page = client.get(mailed[1]["restore"])
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Wool runner" in shown
    assert "in place of whatever is in your cart" in shown
    assert "anna" not in shown.lower()
    assert "https://shop.example" in page["Content-Security-Policy"]
    assert not page.cookies
    went = client.post(mailed[1]["restore"])
    url = urlsplit(went["Location"])
    assert url.path == "/checkout-link/"
    assert parse_qs(url.query)["products"] == ["34:1,10:2"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"platform_version": "9.9.5"}, "/cart/?"),
        ({"platform_version": ""}, "/cart/?"),
        ({"plain_permalinks": True}, "https://shop.example/?"),
    ],
)
def test_where_there_are_no_checkout_links_each_line_has_its_own(
    client: Client, shop: Shop, mailed: Mailed, values: Any, path: str
) -> None:
    without_plugin(shop, **values)
    shown = client.get(mailed[1]["restore"]).content.decode()
    assert "add-to-cart=34" in shown
    assert "add-to-cart=10" in shown
    assert path in shown
    assert "checkout-link" not in shown


def test_what_is_sold_out_is_not_shown(client: Client, shop: Shop, mailed: Mailed) -> None:
    without_plugin(shop)
    with access.scope(shop):
        Product.objects.filter(platform_id="10").update(available=False)
    assert "Wool cap" not in client.get(mailed[1]["restore"]).content.decode()


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
