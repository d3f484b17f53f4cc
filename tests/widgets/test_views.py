"""The storefront's doors: what a shopper's browser may do, and what it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from recovery.carts import services as carts
from recovery.carts.models import Cart
from recovery.contacts.models import Consent, Contact
from recovery.flows import arbiter, services
from recovery.flows.models import FlowRun
from recovery.messaging import answers
from recovery.messaging.models import Link, Message
from shopapp.kit import clock
from shopapp.kit.money import Money
from shopapp.platforms.base import (
    CartChanged,
    Line,
    Shopper,
)
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.widgets.doors import CART, capture


def _signed_cart(shop: Shop) -> Cart:
    line = Line("12", "", 1, "Wool runner", (), Money(9900, "EUR", 2))
    event = CartChanged(
        cart_id=CART,
        changed_at=clock.now(),
        revision=1,
        stage="cart",
        lines=(line,),
        total=Money(9900, "EUR", 2),
        shopper=Shopper(),
        source="plugin",
    )
    with access.scope(shop):
        cart = carts.record_change(shop, event, at=clock.now())
    assert cart is not None
    return cart


def test_an_address_gets_one_mail_a_day_and_no_more(client: Client, shop: Shop) -> None:
    _signed_cart(shop)
    for email in ("anna@example.se", "Anna@Example.se", "anna+again@example.se"):
        assert capture(client, shop, email=email).status_code == 202
    with access.scope(shop):
        assert Message.objects.filter(kind="my_cart").count() == 1


def test_a_forged_capture_starts_no_flow_until_the_mailbox_confirms(
    client: Client, shop: Shop, other_shop: Shop
) -> None:
    cart = _signed_cart(shop)
    capture(client, shop)
    at = clock.now()
    with access.scope(shop):
        for flow in services.make_presets(shop, at=at):
            services.switch_on(flow, look_back=timedelta(days=1), at=at)
        Cart.objects.update(state="abandoned", abandoned_at=at)
        arbiter.enroll(shop, at=at)
        cart.refresh_from_db()
        assert (cart.contact, cart.blocked_reason) == (None, "address_unconfirmed")
        assert not Consent.objects.exists()
        contact = Contact.objects.get()
        assert contact.evidence == "browser"
        _confirm(shop, contact)
        arbiter.enroll(shop, at=at)
        assert FlowRun.objects.get().contact == contact
        consent = Consent.objects.get()
        assert (consent.given, consent.version, consent.source) == (True, "2026-11-1", "popup")
    with access.scope(other_shop):
        assert not Contact.objects.exists()


def _confirm(shop: Shop, contact: Contact) -> None:
    message = Message.objects.get(kind="my_cart")
    link = Link(shop=shop, contact=contact, cart=message.cart, message=message)
    assert answers.confirm(shop, link, at=clock.now())
    contact.refresh_from_db()


def test_an_unticked_box_is_no_consent_even_after_confirming(client: Client, shop: Shop) -> None:
    _signed_cart(shop)
    capture(client, shop, consent={"version": "2026-11-1", "ticked": False})
    with access.scope(shop):
        _confirm(shop, Contact.objects.get())
        assert not Consent.objects.exists()


def test_a_wrong_address_is_told_beside_its_field(client: Client, shop: Shop) -> None:
    answer = capture(client, shop, email="not an address")
    assert answer.status_code == 400
    assert "email" in answer.json()["error"]["fields"]


def test_the_answer_does_not_tell_whether_the_cart_exists(client: Client, shop: Shop) -> None:
    unknown = capture(client, shop)
    _signed_cart(shop)
    known = capture(client, shop)
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)


def test_another_shops_cart_id_gets_no_mail(client: Client, shop: Shop, other_shop: Shop) -> None:
    _signed_cart(shop)
    assert capture(client, other_shop).status_code == 202
    with access.scope(other_shop):
        assert not Message.objects.exists()


def test_too_many_addresses_from_one_place_are_refused(client: Client, shop: Shop) -> None:
    answers_ = [capture(client, shop, email=f"a{n}@example.se").status_code for n in range(22)]
    assert answers_[:20] == [202] * 20
    assert answers_[20:] == [429, 429]


def test_only_the_shops_own_pages_may_read_the_answer(client: Client, shop: Shop) -> None:
    origin = {"Origin": "https://evil.example"}
    answer = client.get(f"/w/{shop.public_id}/config.json", headers=origin)
    assert answer["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in answer
    preflight = client.options(f"/w/{shop.public_id}/captures")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Headers"] == "Content-Type"


@pytest.mark.parametrize(("country", "box"), [("", True), ("DE", True), ("US", False)])
def test_the_box_is_shown_where_the_country_asks_for_it(
    client: Client, shop: Shop, country: str, box: bool
) -> None:
    config = client.get(f"/w/{shop.public_id}/config.json?country={country}&locale=ar").json()
    assert config["consent"]["box"] is box
    assert (config["dir"], config["locale"]) == ("rtl", "ar")
    assert shop.name in config["consent"]["wording"]


def test_an_uninstalled_shop_serves_nothing(client: Client, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(state="uninstalled")
    assert client.get(f"/w/{shop.public_id}/config.json").status_code == 404
    assert client.get("/w/unknownunknownunknown/config.json").status_code == 404


def test_the_script_and_its_parts_are_served(client: Client, shop: Shop) -> None:
    loader = client.get(f"/w/{shop.public_id}/rebasket.js")
    assert loader["Content-Type"].startswith("text/javascript")
    assert "max-age=300" in loader["Cache-Control"]
    assert "immutable" in client.get(f"/w/{shop.public_id}/popup.js?v=1")["Cache-Control"]
    assert client.get(f"/w/{shop.public_id}/settings.js").status_code == 404


def test_the_plugin_comes_as_a_zip_without_a_secret(client: Client, db: None) -> None:
    answer = client.get("/plugin/rebasket.zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer.content.startswith(b"PK")
