"""Where a cart's link leads, and when following it counts."""

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

from recovery.carts.models import Entry
from recovery.catalog.models import Product
from recovery.contacts.models import Contact
from recovery.messaging import services
from recovery.messaging.models import Link
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene
from tests.recovery.messaging.scene import PLUGIN_SECRET, Mailed, clicks, mint

pytestmark = pytest.mark.usefixtures("morning")


def test_with_the_plugin_the_link_leads_to_its_signed_address(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    answer = client.get(mailed[1]["restore"])
    assert answer.status_code == 302
    url = urlsplit(answer["Location"])
    query = parse_qs(url.query)
    assert (url.scheme, url.netloc, url.path) == ("https", "shop.example", "/")
    payload, _, signature = query["rebasket-restore"][0].partition(".")
    right = hmac.new(PLUGIN_SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
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
