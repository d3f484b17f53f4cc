"""The doors themselves: forged posts, poisoned headers, strangers' text, bodies beyond measure."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from recovery.carts.models import Cart
from recovery.messaging.models import Message
from shopapp.shops import access, tasks
from shopapp.shops.models import Member, Shop, User
from tests.conftest import MORNING
from tests.laws.houses import woocommerce_only
from tests.laws.stage import CART_ID, HOUR, MINUTE, House, cart_data, written
from tests.laws.woocommerce_house import WooCommerceHouse
from tests.recovery.ingest.little_store import signature
from tests.test_two_shops import routes

BACKEND = "django.contrib.auth.backends.ModelBackend"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
LIQUID = "{{ shop_name }}{% include 'x' %}{{ 7 | times: 7 }}"
# Machines and shoppers' links prove themselves in other ways than by a cookie.
WITHOUT_COOKIE = ("hooks/", "w/", "r/", "u/", "c/", "health/", "install/")

STANDS_FOR: dict[str, Any] = {"key": "service", "token": "x" * 43, "public_id": "x" * 22}


def signed_in(shop: Shop, **given: Any) -> Client:
    client = Client(**given)
    user, _ = User.objects.get_or_create(email="owner@shop.example")
    Member.objects.get_or_create(user=user, shop=shop)
    client.force_login(user, backend=BACKEND)
    return client


def test_no_page_of_the_console_takes_a_post_from_another_site(house: House) -> None:
    house.cart(MORNING)
    client = signed_in(house.shop, enforce_csrf_checks=True)
    [cart] = house.carts()
    tried = 0
    for route, name in routes():
        if "shop_id" not in route and route.startswith(WITHOUT_COOKIE):
            continue
        places = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if "(?P" in route or "plugin" in route:
            continue
        stands_for = STANDS_FOR | {"shop_id": house.shop.pk, "cart_id": cart.pk}
        kwargs = {place: stands_for.get(place, 1) for place in places}
        answer = client.post(reverse(name, kwargs=kwargs), {"x": "1"})
        assert answer.status_code in {403, 405}, (name, answer.status_code)
        tried += answer.status_code == 403
    assert tried > 10


def test_names_from_outside_are_text_in_the_console_and_in_mails(house: House) -> None:
    house.store.change("products", 11, name=f"{EVIL} {LIQUID}")
    line = cart_data()["lines"][0] | {"name": EVIL, "attributes": {EVIL: EVIL}}
    house.cart(MORNING, lines=[line], shopper={"first_name": "Anna", "last_name": EVIL})
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    [sent] = mail.outbox
    assert "{{ shop_name }}" in written()
    html = written().partition("<!doctype html>")[2] or written().partition("<html")[2]
    assert html
    assert "<script>" not in html
    assert "onerror=alert(2)>" not in html
    assert "49" not in sent.subject
    client = signed_in(house.shop)
    cart, message = house.carts()[0].pk, house.messages()[0].pk
    pages: dict[str, dict[str, int]] = {
        "carts:list": {},
        "carts:detail": {"cart_id": cart},
        "messages:list": {},
        "messages:detail": {"message_id": message},
    }
    for name, place in pages.items():
        page = client.get(reverse(name, kwargs={"shop_id": house.shop.pk, **place}))
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content


@pytest.mark.parametrize("name", ["Shop\r\nBcc: all@example.se", "Shop\nX: y", "Shop\u2028X: y"])
def test_no_name_smuggles_a_header_into_a_mail(house: House, name: str) -> None:
    Shop.objects.filter(pk=house.shop.pk).update(name=name)
    house.store.change("products", 11, name=name)
    house.shop.refresh_from_db()
    house.cart(MORNING)
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    [sent] = mail.outbox
    head = sent.message().as_string().split("\n\n")[0]
    assert not [row for row in head.splitlines() if row.startswith(("Bcc", "X:"))]
    assert sent.recipients() == ["anna@example.se"]


def test_the_link_to_sign_in_names_our_own_host_whatever_the_request_said(
    house: House, settings: Any
) -> None:
    user = User.objects.create_user("owner2@shop.example")
    answer = Client(raise_request_exception=False).post(
        "/sign-in/", {"email": user.email}, headers={"Host": "evil.example"}
    )
    assert answer.status_code == 400
    forwarded = {"Host": "localhost", "X-Forwarded-Host": "evil.example"}
    assert Client().post("/sign-in/", {"email": user.email}, headers=forwarded).status_code == 302
    tasks.mail_link(user.pk)
    assert "evil.example" not in str(mail.outbox[-1].body)
    assert settings.APP_URL in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away_after_a_password(house: House, wanted: str) -> None:
    User.objects.create_user("owner2@shop.example", "a long pass phrase 1")
    form = {"email": "owner2@shop.example", "password": "a long pass phrase 1", "next": wanted}
    client = Client(headers={"user-agent": "test"})
    before = client.get("/sign-in/password/").cookies
    client.session["planted"] = 1
    answer = client.post("/sign-in/password/", form)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert not answer["Location"].startswith("javascript")
    assert "sessionid" in answer.cookies
    assert before.get("sessionid") != answer.cookies["sessionid"]


@pytest.mark.parametrize("size", [10_000_000, 13_000_000])
def test_ten_megabytes_and_more_hurt_no_public_door(house: House, size: int) -> None:
    client = Client(raise_request_exception=False)
    for path in (
        f"/hooks/woocommerce/{house.shop.public_id}/",
        f"/hooks/woocommerce/{house.shop.public_id}/plugin",
        "/sign-in/",
        "/u/" + "x" * 54,
    ):
        answer = client.post(path, b"[" * size, content_type="application/json")
        assert answer.status_code < 500, path


@woocommerce_only
def test_two_signatures_are_a_wrong_one(house: House) -> None:
    body = json.dumps({"id": 7}).encode()
    good = signature(body, "x")
    assert isinstance(house, WooCommerceHouse)
    for said in (f"{good},{good}", f"{good}, {good}", "", " ", "é" * 44):
        answer = house.hook("order.updated", body, at=MORNING, **{"X-WC-Webhook-Signature": said})
        assert answer.status_code == 401


@woocommerce_only
def test_a_topic_is_as_good_as_its_own_secret(house: House) -> None:
    """WooCommerce signs the body alone: an update must not pass for a deletion."""
    assert isinstance(house, WooCommerceHouse)
    order = house.order(MORNING)
    body = house.store.body("orders", order["id"])
    updated = {"X-WC-Webhook-Topic": "order.deleted"}
    assert house.hook("order.updated", body, at=MORNING, **updated).status_code == 401


def test_a_restore_link_tells_nothing_of_its_shopper(house: House) -> None:
    house.cart(MORNING, shopper={"customer_id": 5})
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    body = str(mail.outbox[0].body)
    path = body[body.index("/r/") :].split(maxsplit=1)[0]
    answer = Client().get(path, headers={"Host": "localhost"})
    whole = answer.get("Location", "") + answer.content.decode()
    for personal in ("anna", "Anna", "Bergstr", "46701234567", CART_ID):
        assert personal not in whole
    assert not answer.cookies
    with access.scope(house.shop):
        assert Cart.objects.get().state == "abandoned"
        assert Message.objects.count() == 1
