"""Law 7: an address that only a browser names gets one fixed mail; a no covers the person."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from recovery.carts.models import Cart
from recovery.contacts.models import Consent, Contact, Suppression
from recovery.contacts.selectors import may_write
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.laws import houses
from tests.laws.houses import woocommerce_only
from tests.laws.shopify_house import ShopifyHouse
from tests.laws.stage import CART_ID, DAY, HOUR, MINUTE, House, mailed


def capture(house: House, email: str, *, at: datetime = MORNING, **changes: Any) -> Any:
    told: dict[str, Any] = {
        "schema": 1,
        "event_id": str(uuid.uuid4()),
        "cart_id": CART_ID,
        "email": email,
        "consent": {"version": "1", "ticked": True},
    }
    return send(house, "captures", told | changes, at=at)


def browse(house: House, *, at: datetime = MORNING, **changes: Any) -> Any:
    if isinstance(house, ShopifyHouse):
        return house.browse(at)
    told: dict[str, Any] = {
        "schema": 1,
        "event_id": str(uuid.uuid4()),
        "cart_id": CART_ID,
        "changed_at": at.isoformat(),
        "revision": 1,
        "stage": "cart",
        "lines": [[11, 0, 1]],
    }
    return send(house, "carts", told | changes, at=at)


def send(house: House, door: str, told: dict[str, Any] | bytes, *, at: datetime = MORNING) -> Any:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    with time_machine.travel(at, tick=False):
        return house.client.post(
            f"/w/{house.shop.public_id}/{door}", body, content_type="application/json"
        )


@pytest.fixture
def bare(house: House) -> House:
    """Return the shop without the plugin, its products read."""
    Shop.objects.filter(pk=house.shop.pk).update(plugin_version="")
    house.shop.refresh_from_db()
    house.tell_product(at=MORNING)
    house.handle(MORNING)
    return house


def link(kind: str, place: int = -1) -> str:
    found = re.search(rf"https?://[^/\s]+(/{kind}/[\w-]+)", str(mail.outbox[place].body))
    assert found, mail.outbox[place].body
    return found[1]


def press(house: House, path: str, *, at: datetime) -> Any:
    with time_machine.travel(at, tick=False):
        return house.client.post(path)


# Addresses that a browser named.


def test_a_forged_capture_starts_no_flow_however_long_one_waits(bare: House) -> None:
    assert browse(bare).status_code in {200, 202}
    for day in range(3):
        capture(bare, "victim@example.se", at=MORNING + day * DAY, country="US")
        bare.live(MORNING + day * DAY, MORNING + day * DAY + 20 * HOUR, every=5 * HOUR)
    assert len(mailed()) <= 3
    with access.scope(bare.shop):
        assert Contact.objects.get().evidence == "browser"
    assert not [kind for kind, _ in bare.told() if kind == "entered_flow"]


def test_one_mail_a_day_per_mailbox_through_many_shops_carts_and_spellings(
    bare: House, platform: str
) -> None:
    all_houses = [bare]
    for number in range(5):
        shop = houses.make(platform, f"shop{number}")
        houses.connect(shop)
        neighbour = houses.house_of(shop, bare.store)
        neighbour.open()
        neighbour.tell_product(at=MORNING)
        neighbour.handle(MORNING)
        all_houses.append(neighbour)
    spellings = ("victim@gmail.com", "v.ictim@gmail.com", "Victim+1@GoogleMail.com")
    for house in all_houses:
        browse(house)
        for spelling in spellings:
            capture(house, spelling)
    for house in all_houses:
        house.live(MORNING, MORNING + HOUR, every=20 * MINUTE)
    assert len(mailed()) <= 3


def test_the_country_that_a_browser_names_opens_no_door(bare: House) -> None:
    """A stricter country's shopper became an American one by a forged capture."""
    told = {"id": 7, "email": "anna@example.se", "changed_at": MORNING - 3 * DAY, "country": ""}
    assert bare.tell_customer(told, at=MORNING).status_code == 200
    bare.handle(MORNING)
    browse(bare)
    assert capture(bare, "anna@example.se", country="US", locale="sv").status_code == 202
    with access.scope(bare.shop):
        anna = Contact.objects.get()
        assert (anna.evidence, anna.country, anna.locale) == ("signed", "", "")
        assert not hasattr(may_write(anna, channel="email", is_customer=False), "ground")


@woocommerce_only
def test_a_capture_without_a_cart_keeps_nobodys_address(bare: House) -> None:
    assert capture(bare, "anna@example.se", cart_id="f" * 32).status_code == 202
    with access.scope(bare.shop):
        assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "\ud800@example.se"},
        {"email": "a\u0000@example.se"},
        {"email": "a@example.se\r\nBcc: b@example.se"},
        {"email": ["a@example.se"]},
        {"first_name": "Anna"},
        {"consent": {"version": "1", "ticked": "yes"}},
        {"cart_id": CART_ID + "\n"},
        {"country": "USA"},
        {"schema": 2},
        {"email": "<script>@example.se"},
    ],
)
def test_a_misshapen_capture_is_refused(bare: House, changes: dict[str, Any]) -> None:
    browse(bare)
    assert capture(bare, **({"email": "a@example.se"} | changes)).status_code == 400
    assert bare.messages() == []


# A browser's clock.


@woocommerce_only
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_no_moment_that_a_browser_names_stops_the_worker(
    bare: House, twin: House, moment: str
) -> None:
    """One year is before what the database can give back: every sweep of every shop died of it."""
    browse(bare, changed_at=moment)
    twin.cart(MORNING)
    for hours in range(4):
        bare.sweep(MORNING + hours * HOUR)
    assert ("entered_flow", "") in twin.told()
    for cart in bare.carts():
        assert abs(cart.changed_at - MORNING) <= DAY


@woocommerce_only
def test_a_browsers_clock_that_is_ahead_does_not_hide_its_shoppers_order(bare: House) -> None:
    """Its cart seemed to begin after the order that ended it."""
    browse(bare, at=MORNING, changed_at=(MORNING + 5 * MINUTE).isoformat())
    assert bare.carts()[0].started_at <= MORNING


# Confirming.


def test_only_the_owners_press_begins_a_flow(bare: House) -> None:
    browse(bare)
    capture(bare, "anna@example.se")
    bare.turn(MORNING + MINUTE)
    assert mailed() == ["anna@example.se"]
    path = link("c")
    for _ in range(3):
        with time_machine.travel(MORNING + 2 * MINUTE, tick=False):
            assert bare.client.get(path).status_code == 200
    bare.live(MORNING + 3 * MINUTE, MORNING + 10 * HOUR)
    assert len(mailed()) == 1
    assert press(bare, path, at=MORNING + 10 * HOUR).status_code == 200
    bare.live(MORNING + 22 * HOUR, MORNING + 70 * HOUR)
    assert len(mailed()) > 1


def test_a_link_of_one_shop_confirms_and_stops_nothing_in_the_other(
    bare: House, other_shop: Shop
) -> None:
    browse(bare)
    capture(bare, "anna@example.se")
    bare.turn(MORNING + MINUTE)
    with access.scope(other_shop):
        Contact.objects.create(
            shop=other_shop, email="anna@example.se", address_key="anna@example.se",
            evidence="browser", created_at=MORNING,
        )  # fmt: skip
    for kind in ("c", "u"):
        path = link(kind)
        moved = path[:3] + other_shop.public_id + path[25:]
        assert press(bare, moved, at=MORNING + 2 * MINUTE).status_code == 404
        assert press(bare, path, at=MORNING + 2 * MINUTE).status_code == 200
    with access.scope(other_shop):
        assert Contact.objects.get().confirmed_at is None
        assert not Suppression.objects.exists()
        assert not Consent.objects.exists()


# A no.


def test_a_no_in_the_mail_covers_later_carts_spellings_and_a_new_yes_of_the_platform(
    house: House,
) -> None:
    house.cart(MORNING)
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    assert len(mailed()) == 1
    assert press(house, link("u"), at=MORNING + HOUR).status_code == 200
    again = MORNING + 2 * DAY
    yes = {"given": True, "wording": "Yes", "version": "1", "at": again.isoformat()}
    for number, email in enumerate(["anna@example.se", "Anna+new@EXAMPLE.se"]):
        shopper = {"email": email, "consent": yes, "phone": None}
        house.cart(again, cart_id=f"{number}" * 32, shopper=shopper)
    house.live(again, again + 30 * HOUR, every=3 * HOUR)
    assert len(mailed()) == 1
    assert ("not_contacted", "unsubscribed") in house.told("1" * 32)


def test_a_consent_taken_back_in_the_store_stops_what_was_planned(house: House) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 40 * MINUTE)
    no = {"given": False, "wording": "", "version": "1", "at": (MORNING + HOUR).isoformat()}
    house.cart(MORNING + 41 * MINUTE, shopper={"consent": no | {"at": MORNING.isoformat()}})
    house.live(MORNING + HOUR, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []


def test_nobody_in_a_strict_or_unknown_country_is_written_to_without_a_yes(house: House) -> None:
    for number, country in enumerate(["SE", "DE", "XX", "BR", None]):
        shopper = {
            "email": f"shopper{number}@example.se",
            "phone": None,
            "consent": None,
            "country": country,
        }
        house.cart(MORNING, cart_id=f"{number}" * 32, shopper=shopper)
    house.live(MORNING, MORNING + 30 * HOUR, every=3 * HOUR)
    assert mailed() == []
    for number in range(5):
        assert ("not_contacted", "no_consent") in house.told(f"{number}" * 32)


def test_a_capture_of_ten_megabytes_or_great_depth_is_refused(bare: House) -> None:
    client = Client(raise_request_exception=False)
    for body in (b"x" * 10_000_000, b"[" * 100_000, b'{"a":' * 50_000, b"x" * 13_000_000):
        for door in ("captures", "carts", "landings"):
            answer = client.post(
                f"/w/{bare.shop.public_id}/{door}", body, content_type="application/json"
            )
            assert answer.status_code in {400, 413}, (door, len(body))


def test_a_foreign_cart_is_not_named_by_a_capture(house: House) -> None:
    """A cart whose shopper the store named stays that shopper's, whoever asks for it."""
    house.cart(MORNING)
    capture(house, "thief@example.se", at=MORNING + MINUTE)
    house.turn(MORNING + 2 * MINUTE)
    press(house, link("c"), at=MORNING + 3 * MINUTE)
    with access.scope(house.shop):
        assert Cart.objects.get().contact.email == "anna@example.se"
