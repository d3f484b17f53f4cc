"""The storefront's doors: what a shopper's browser may do, and what it may not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from recovery.carts import services as carts
from recovery.carts.models import Cart
from recovery.catalog import services as catalog
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
    ProductChanged,
    Shopper,
    VariantChanged,
    VariantState,
)
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

CART = "a" * 32
EVENT = "0b4e0a4e-0000-4000-8000-000000000001"


@pytest.fixture
def plain_shop(shop: Shop, other_shop: Shop) -> Shop:
    """Return a shop without the plugin, with one product in its catalog; another beside it."""
    Shop.objects.filter(pk=shop.pk).update(plugin_version="")
    shop.refresh_from_db()
    with access.scope(shop):
        catalog.record_product(shop, _product(), at=MORNING)
    return shop


def _product() -> ProductChanged:
    return ProductChanged(
        product_id="12",
        name="Wool runner",
        url="https://shop.example/p/12",
        image_url="",
        published=True,
        kind="simple",
        price=Money(9900, "EUR", 2),
        regular_price=Money(9900, "EUR", 2),
        available=True,
        stock=3,
        category_ids=(),
        changed_at=MORNING,
    )


def post(client: Client, shop: Shop, door: str, **body: Any) -> Any:
    envelope = {"schema": 1, "event_id": EVENT, **body}
    return client.post(
        f"/w/{shop.public_id}/{door}", json.dumps(envelope), content_type="application/json"
    )


def report(client: Client, shop: Shop, **changes: Any) -> Any:
    body = {
        "cart_id": CART,
        "changed_at": clock.now().isoformat(),
        "revision": 1,
        "stage": "cart",
        "lines": [[12, 0, 2]],
    }
    return post(client, shop, "carts", **(body | changes))


def capture(client: Client, shop: Shop, **changes: Any) -> Any:
    body = {
        "cart_id": CART,
        "email": "anna@example.se",
        "consent": {"version": "2026-11-1", "ticked": True},
        "country": "SE",
        "locale": "sv",
    }
    return post(client, shop, "captures", **(body | changes))


def test_a_page_without_the_plugin_reports_ids_and_gets_our_own_names(
    client: Client, plain_shop: Shop
) -> None:
    assert report(client, plain_shop).status_code == 202
    with access.scope(plain_shop):
        cart = Cart.objects.get()
        assert [line.name for line in cart.lines.all()] == ["Wool runner"]
        assert (cart.signed, cart.total_minor, cart.quantity) == (False, None, 2)


@pytest.mark.parametrize("product_id", [48, 49])
def test_a_variant_is_shown_as_its_product_with_its_options(
    client: Client, plain_shop: Shop, product_id: int
) -> None:
    price = Money(4900, "EUR", 2)
    variant = VariantState(
        "49", "48", "S, Fjord", (("Size", "S"), ("Colour", "Fjord")), price, price, True, 3
    )
    with access.scope(plain_shop):
        catalog.record_product(
            plain_shop,
            replace(_product(), product_id="48", name="Sweater", kind="variable"),
            at=MORNING,
        )
        catalog.record_variant(plain_shop, VariantChanged(variant, MORNING), at=MORNING)
    # Where the store's page does not tell the product, the variant's id stands in both places.
    report(client, plain_shop, lines=[[product_id, 49, 1]])
    with access.scope(plain_shop):
        line = Cart.objects.get().lines.get()
        assert (line.name, line.product_id, line.variant_id) == ("Sweater", "48", "49")
        assert line.attributes == [["Size", "S"], ["Colour", "Fjord"]]
        assert line.total_minor == 4900


def test_unknown_products_do_not_become_lines(client: Client, plain_shop: Shop) -> None:
    report(client, plain_shop, lines=[[12, 0, 1], [999, 0, 1]])
    with access.scope(plain_shop):
        assert Cart.objects.get().lines.count() == 1


def test_a_browser_cannot_speak_for_a_shop_with_the_plugin(client: Client, shop: Shop) -> None:
    answer = report(client, shop)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [[12, 0, "2"]]},
        {"lines": [[12, 0, 0]]},
        {"lines": [[12, 0, -1]]},
        {"lines": [[12, 0, 1, "text"]]},
        {"lines": [[12, 0, 1]] * 101},
        {"cart_id": "short"},
        {"cart_id": "A" * 32},
        {"changed_at": "yesterday"},
        {"changed_at": "2026-11-23T10:00:00"},
        {"stage": "paid"},
        {"name": "<b>free text</b>"},
        {"schema": 2},
        {"revision": 2**70},
    ],
)
def test_anything_but_ids_and_quantities_is_refused(
    client: Client, plain_shop: Shop, changes: dict[str, Any]
) -> None:
    answer = report(client, plain_shop, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    with access.scope(plain_shop):
        assert not Cart.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"schema": NaN}', b"[" * 5000, b"\xff", b"x" * 20_000, b"\x00"]
)
def test_damaged_bodies_are_refused_in_the_one_shape(
    client: Client, plain_shop: Shop, body: bytes
) -> None:
    address = f"/w/{plain_shop.public_id}/carts"
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()["error"]) <= {"code", "message", "fields"}


def test_the_future_does_not_shut_out_later_news(client: Client, plain_shop: Shop) -> None:
    report(client, plain_shop, changed_at="2099-01-01T00:00:00Z")
    with access.scope(plain_shop):
        assert Cart.objects.get().changed_at.year < 2099


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
