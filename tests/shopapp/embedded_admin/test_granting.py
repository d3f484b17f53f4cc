"""The authorization code grant: signed, timely, once, for the browser and the shop that asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
import time_machine
from django.test import Client

from shopapp.kit import clock
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Member, Shop, User
from tests.conftest import make_shop
from tests.doubles.shopify.installing import uninstall
from tests.shopapp.embedded_admin.admins import Admins
from tests.shopapp.embedded_admin.tokens import APP, APP_KEY


def begin(client: Client, admins: Admins) -> str:
    """Return the address of the shop's own page that asks its owner."""
    answer = client.get("/install/shopify/start", {"shop": admins.first.host})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def agree(address: str) -> str:
    """Let the owner say yes there; return where that leads."""
    return str(httpx.post(address, follow_redirects=False).headers["Location"])


def come_back(client: Client, address: str) -> Any:
    return client.get(address.removeprefix(APP))


def test_the_owner_is_asked_for_exactly_what_we_need(client: Client, admins: Admins) -> None:
    asked = parse_qs(urlsplit(begin(client, admins)).query)
    assert asked["client_id"] == [APP_KEY]
    assert asked["redirect_uri"] == [f"{APP}/install/shopify/callback/"]
    assert set(asked["scope"][0].split(",")) == set(admins.first.setup.scopes)


def test_a_yes_connects_the_shop_and_leads_into_its_admin(
    client: Client, admins: Admins, woken: list[tuple[str, tuple[Any, ...]]]
) -> None:
    uninstall(admins.first)
    answer = come_back(client, agree(begin(client, admins)))
    shop = Shop.objects.get()
    assert urlsplit(answer.headers["Location"]).path == f"/admin/apps/{APP_KEY}"
    with access.scope(shop):
        kept = credentials.reveal(shop, Credential.Kind.API_KEYS)
    assert any(token in kept for token in admins.first.tokens.living)
    assert ("ingest.welcome", (shop.pk,)) in woken
    assert not Member.objects.exists()


def test_who_is_signed_in_here_becomes_an_owner(client: Client, admins: Admins) -> None:
    user = User.objects.create_user("vera@almgrenvik.example")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = come_back(client, agree(begin(client, admins)))
    shop = Shop.objects.get()
    assert answer.headers["Location"] == f"/shops/{shop.pk}/import/"
    assert Member.objects.get(shop=shop).role == Member.Role.OWNER


def test_staff_of_an_owned_shop_do_not_become_owners_by_asking_again(
    client: Client, admins: Admins
) -> None:
    """Shopify says yes at once to anybody who may open the app there: that makes nobody an owner
    here, nor a member with a sign-in that outlives their part in the shop."""
    shop = make_shop(admins.first.host, platform=Shop.Platform.SHOPIFY)
    other = make_shop(admins.second.host, platform=Shop.Platform.SHOPIFY)
    owner = User.objects.create_user("olga@almgrenvik.example")
    Member.objects.create(user=owner, shop=shop)
    staff = User.objects.create_user("vera@almgrenvik.example")
    Member.objects.create(user=staff, shop=other)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    answer = come_back(client, agree(begin(client, admins)))
    assert urlsplit(answer.headers["Location"]).path == f"/admin/apps/{APP_KEY}"
    assert list(Member.objects.filter(shop=shop).values_list("user", flat=True)) == [owner.pk]
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer = come_back(client, agree(begin(client, admins)))
    assert answer.headers["Location"] == f"/shops/{shop.pk}/import/"


def test_an_answer_is_good_once_and_in_one_browser(client: Client, admins: Admins) -> None:
    back = agree(begin(client, admins))
    assert come_back(Client(), back).status_code == 404
    assert come_back(client, back).status_code == 302
    assert come_back(client, back).status_code == 404


@pytest.mark.parametrize("name", ["shop", "code", "timestamp", "hmac", "host"])
def test_an_answer_that_was_changed_is_refused(client: Client, admins: Admins, name: str) -> None:
    there = urlsplit(agree(begin(client, admins)))
    query = {key: found[0] for key, found in parse_qs(there.query).items()}
    query[name] = admins.second.host if name == "shop" else query[name] + "0"
    answer = client.get(f"{there.path}?{urlencode(query)}")
    assert answer.status_code == 401
    assert not Shop.objects.exists()


def test_an_old_answer_is_refused(client: Client, admins: Admins) -> None:
    back = agree(begin(client, admins))
    with time_machine.travel(clock.real_now().timestamp() + 120, tick=True):
        assert come_back(client, back).status_code == 401
    assert not Shop.objects.exists()


def test_a_shop_that_was_not_asked_cannot_answer(client: Client, admins: Admins) -> None:
    """Its answer is rightly signed, but the state is of another shop's install."""
    asked = urlsplit(begin(client, admins))
    address = f"{asked.scheme}://{asked.netloc}{asked.path}?{asked.query}"
    headers = {"X-Stand-In-Host": admins.second.host}
    answer = httpx.post(address, headers=headers, follow_redirects=False)
    assert come_back(client, answer.headers["Location"]).status_code == 401
    assert not Shop.objects.exists()


def test_less_than_we_need_is_said(client: Client, admins: Admins) -> None:
    address = begin(client, admins).replace("write_discounts%2C", "")
    admins.first.news.scopes = ()
    answer = come_back(client, agree(address))
    assert answer.status_code == 403
    assert "less than the app asks for" in answer.content.decode()
    assert not Shop.objects.exists()


def test_begun_in_a_frame_the_whole_window_goes(client: Client, admins: Admins) -> None:
    query = {"shop": admins.first.host, "embedded": "1"}
    answer = client.get("/install/shopify/start", query, headers={"sec-fetch-dest": "iframe"})
    text = answer.content.decode()
    assert 'target="_top"' in text
    assert f"{APP}/install/shopify/start?shop={admins.first.host}" in text
    assert (
        f"frame-ancestors https://{admins.first.host}"
        in (answer.headers["Content-Security-Policy"])
    )
    assert not client.cookies


@pytest.mark.parametrize("shop", ["", "evil.example", "a.myshopify.com.evil.example"])
def test_no_shop_no_way(client: Client, admins: Admins, shop: str) -> None:
    assert client.get("/install/shopify/start", {"shop": shop}).status_code == 404
