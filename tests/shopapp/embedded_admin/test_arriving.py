"""The first visit from inside an admin connects the shop, once, and makes its people members."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from shopapp.install import managed
from shopapp.kit import clock
from shopapp.platforms import embeddings
from shopapp.shops import access, credentials, keys
from shopapp.shops.models import Credential, Member, Shop, User
from tests.doubles.shopify.installing import install, uninstall
from tests.shopapp.embedded_admin.admins import Admins
from tests.shopapp.embedded_admin.tokens import APP_KEY, bearer


def visit(client: Client, admins: Admins, token: str = "", path: str = "/embedded/") -> Any:
    query = {"id_token": token or admins.token(), "embedded": "1", "shop": admins.first.host}
    return client.get(path, query, headers={"sec-fetch-dest": "iframe"})


def kept_keys(shop: Shop) -> str:
    with access.scope(shop):
        return credentials.reveal(shop, Credential.Kind.API_KEYS)


def test_the_first_visit_connects_the_shop_and_leads_to_its_first_import(
    client: Client, admins: Admins, woken: list[tuple[str, tuple[Any, ...]]]
) -> None:
    answer = visit(client, admins)
    shop = Shop.objects.get()
    there = urlsplit(answer.headers["Location"])
    assert there.path == f"/shops/{shop.pk}/import/"
    assert parse_qs(there.query)["id_token"]
    assert (shop.platform, shop.host) == ("shopify", admins.first.host)
    assert (shop.name, shop.currency, shop.timezone) == ("Almgren & Vik", "EUR", "Europe/Stockholm")
    assert shop.access_lacks == ""
    assert ("ingest.welcome", (shop.pk,)) in woken
    page = client.get(answer.headers["Location"], headers={"sec-fetch-dest": "iframe"})
    assert page.status_code == 200
    assert not client.cookies


def test_what_is_kept_are_the_shops_own_keys_that_expire(client: Client, admins: Admins) -> None:
    visit(client, admins)
    kept = json.loads(kept_keys(Shop.objects.get()))
    assert kept["access_token"] in admins.first.tokens.living
    assert kept["refresh_token"] in admins.first.tokens.pairs
    online = [one for one in admins.first.tokens.living.values() if one.user_id]
    assert [one.token for one in online if one.token in json.dumps(kept)] == []
    with access.scope(Shop.objects.get()):
        row = Credential.objects.get()
    assert row.renew_at is not None
    assert kept["access_token"] not in row.sealed


def test_the_accounts_owner_owns_and_others_are_staff(client: Client, admins: Admins) -> None:
    visit(client, admins)
    visit(client, admins, admins.token(owner=False))
    roles = {member.role for member in Member.objects.all()}
    assert roles == {Member.Role.OWNER, Member.Role.STAFF}
    for user in User.objects.all():
        assert user.email.endswith(".invalid")
        assert user.platform_user.startswith("shopify:")
        assert not user.has_usable_password()


def test_a_known_visitor_asks_shopify_nothing(client: Client, admins: Admins) -> None:
    visit(client, admins)
    admins.asked.clear()
    answer = visit(client, admins)
    assert urlsplit(answer.headers["Location"]).path == f"/shops/{Shop.objects.get().pk}/carts/"
    assert admins.asked == []


def test_visits_at_once_make_one_shop_with_keys_that_work(admins: Admins) -> None:
    def come(number: int) -> int:
        try:
            return int(visit(Client(), admins, admins.token(owner=number % 2 == 0)).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as crowd:
        assert set(crowd.map(come, range(8))) == {302}
    shop = Shop.objects.get()
    assert Member.objects.count() == 2
    assert len([one for one in admins.asked if "offline" in one]) == 1
    held = json.loads(keys.fresh_keys(shop, at=clock.real_now()))
    assert held["access_token"] in admins.first.tokens.living


def test_two_shops_come_apart(client: Client, admins: Admins) -> None:
    visit(client, admins)
    visit(client, admins, admins.token(admins.second))
    first, second = Shop.objects.order_by("pk")
    assert {first.host, second.host} == {admins.first.host, admins.second.host}
    path = f"/shops/{first.pk}/carts/"
    assert client.get(path, headers=bearer(admins.token())).status_code == 200
    assert client.get(path, headers=bearer(admins.token(admins.second))).status_code == 404


def test_a_shop_that_came_back_is_connected_anew_with_its_past(
    client: Client, admins: Admins, woken: list[tuple[str, tuple[Any, ...]]]
) -> None:
    visit(client, admins)
    shop = Shop.objects.get()
    old = kept_keys(shop)
    uninstall(admins.first)
    Shop.objects.update(state=Shop.State.UNINSTALLED, uninstalled_at=clock.now())
    with access.scope(shop):
        credentials.forget(shop, Credential.Kind.API_KEYS)
    install(admins.first)
    woken.clear()
    inner = visit(client, admins, path=f"/shops/{shop.pk}/carts/")
    assert urlsplit(inner.headers["Location"]).path == "/embedded/"
    client.get(inner.headers["Location"])
    again = Shop.objects.get()
    assert again.pk == shop.pk
    assert again.state == Shop.State.CONNECTED
    assert again.uninstalled_at is None
    assert kept_keys(shop) != old
    assert ("ingest.welcome", (shop.pk,)) in woken


def test_keys_that_are_refused_are_given_anew_when_the_app_is_opened(
    client: Client, admins: Admins
) -> None:
    visit(client, admins)
    shop = Shop.objects.get()
    Shop.objects.update(state=Shop.State.REFUSED)
    before = kept_keys(shop)
    visit(client, admins)
    shop.refresh_from_db()
    assert shop.state == Shop.State.CONNECTED
    assert kept_keys(shop) != before


def test_a_token_that_ended_on_the_way_is_asked_for_again(client: Client, admins: Admins) -> None:
    """Rightly signed, but Shopify takes it no more: the app was just taken out."""
    uninstall(admins.first)
    answer = visit(client, admins)
    assert urlsplit(answer.headers["Location"]).path == "/embedded/session/"
    scripted = client.get("/embedded/", headers=bearer(admins.token()))
    assert scripted.status_code == 401
    assert scripted.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"
    assert not Shop.objects.exists()


@pytest.mark.parametrize(
    ("outage", "status", "words"),
    [("429", 429, "wait"), ("503", 503, "does not answer"), ("drop", 503, "does not answer")],
)
def test_a_shopify_that_is_away_is_told_in_words_and_leaves_nothing(
    client: Client, admins: Admins, outage: Any, status: int, words: str
) -> None:
    admins.first.faults.outage, admins.first.faults.only = outage, "token"
    answer = visit(client, admins)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert (
        f"frame-ancestors https://{admins.first.host}"
        in (answer.headers["Content-Security-Policy"])
    )
    assert not Shop.objects.exists()
    admins.first.faults.clear()
    assert visit(client, admins).status_code == 302
    assert Shop.objects.count() == 1


def test_pages_of_a_known_shop_are_read_while_shopify_is_away(
    client: Client, admins: Admins
) -> None:
    visit(client, admins)
    Shop.objects.update(state=Shop.State.REFUSED)
    admins.first.faults.outage, admins.first.faults.only = "503", "token"
    door = visit(client, admins)
    page = client.get(door.headers["Location"], headers={"sec-fetch-dest": "iframe"})
    assert page.status_code == 200
    assert "not connected" in page.content.decode()


def test_scopes_that_were_not_granted_are_told_on_every_page(
    client: Client, admins: Admins
) -> None:
    install(admins.first, ["read_orders", "read_products"])
    visit(client, admins)
    shop = Shop.objects.get()
    assert "write_discounts" in shop.access_lacks.split()
    headers = bearer(admins.token()) | {"hx-boosted": "true"}
    page = client.get(f"/shops/{shop.pk}/carts/", headers=headers)
    assert "allow what it asks for" in page.content.decode()


def test_a_lost_answer_to_the_exchange_is_no_trap(client: Client, admins: Admins) -> None:
    admins.first.faults.outage, admins.first.faults.times = "lost", 1
    assert visit(client, admins).status_code == 503
    assert visit(client, admins).status_code == 302
    shop = Shop.objects.get()
    held = json.loads(keys.fresh_keys(shop, at=clock.real_now()))
    assert held["access_token"] in admins.first.tokens.living


def test_who_opens_the_door_outside_a_frame_is_led_into_the_admin(
    client: Client, admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOPIFY_STAND_IN")
    answer = client.get("/embedded/", {"shop": admins.first.host})
    assert answer.headers["Location"] == f"https://{admins.first.host}/admin/apps/{APP_KEY}"
    assert client.get("/embedded/", {"shop": "evil.example"}).headers["Location"] == "/"


def test_a_lease_that_a_dead_visit_left_is_taken_over(admins: Admins) -> None:
    at = clock.real_now()
    assert managed._take_lease("shopify", admins.first.host, at=at)
    assert managed._take_lease("shopify", admins.first.host, at=at) is None
    assert managed._take_lease("shopify", admins.second.host, at=at)
    assert managed._take_lease("shopify", admins.first.host, at=at + managed.LEASE)


def test_an_expired_visitor_gets_no_access(admins: Admins) -> None:
    visitor = embeddings.of("shopify").visitor(admins.token())
    assert visitor.host == admins.first.host
