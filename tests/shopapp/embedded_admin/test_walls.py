"""A token opens one shop: every address of the URL map is walked with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from shopapp.kit import later
from shopapp.shops.models import Member, Shop, User
from shopapp.shops.tasks import mail_link
from tests.shopapp.embedded_admin.tokens import OTHER_HOST, bearer, id_token
from tests.test_two_shops import routes

OF_A_SHOP = {
    name: tuple(re.findall(r"<(\w+:)?(\w+)>", route))
    for route, name in routes()
    if "shop_id" in route
}
WORDS = {"str": "word", "slug": "word", "": "word", "path": "word"}


def address(name: str, shop: Shop) -> str:
    """Return the address under this shop, with something in every other place."""
    places = {
        place: shop.pk if place == "shop_id" else WORDS.get(kind.rstrip(":"), 1)
        for kind, place in OF_A_SHOP[name]
    }
    return reverse(name, kwargs=places)


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_another_shops_page_is_not_there(
    name: str, client: Client, hedge: Shop, thorn: Shop
) -> None:
    path = address(name, thorn)
    for method in ("get", "post"):
        answer = getattr(client, method)(path, headers=bearer(id_token()))
        assert answer.status_code == 404
        assert thorn.host not in answer.content.decode()
        assert not answer.cookies


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_without_a_token_no_page_of_a_shop_is_there(name: str, client: Client, hedge: Shop) -> None:
    path = address(name, hedge)
    for headers in ({"x-embedded": "1"}, bearer("nonsense"), bearer(id_token("evil.example"))):
        answer = client.post(path, headers=headers)
        assert answer.status_code == 401


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_ones_own_pages_are_not_refused_and_set_no_cookie(
    name: str, client: Client, hedge: Shop
) -> None:
    if name in {"sync:uninstall"}:
        return
    answer = client.get(address(name, hedge), headers=bearer(id_token()))
    assert answer.status_code not in {401, 403, 500}
    assert not answer.cookies


@pytest.fixture
def woken_mails(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    taken: list[int] = []
    monkeypatch.setattr(later, "enqueue", lambda name, key: taken.append(key))
    return taken


def invite(client: Client, shop: Shop, email: str, **token: Any) -> Any:
    path = reverse("invitations", args=[shop.pk])
    return client.post(path, {"email": email}, headers=bearer(id_token(**token)))


@pytest.mark.parametrize(("user", "shown"), [("7", True), ("8", False)])
def test_the_card_that_invites_is_shown_to_owners(
    client: Client, hedge: Shop, user: str, shown: bool
) -> None:
    headers = bearer(id_token(user=user)) | {"hx-boosted": "true"}
    page = client.get(reverse("settings:store", args=[hedge.pk]), headers=headers)
    assert ("Use Rebasket outside Shopify" in page.content.decode()) == shown


def test_an_owner_lets_an_address_in_from_outside(
    client: Client, hedge: Shop, thorn: Shop, woken_mails: list[int]
) -> None:
    assert invite(client, hedge, "Vera@Shop.example").status_code == 302
    user = User.objects.get(email="vera@shop.example")
    assert [member.shop for member in user.memberships.all()] == [hedge]
    assert woken_mails == [user.pk]
    mail_link(user.pk)
    assert mail.outbox[0].to == ["vera@shop.example"]
    link = "/sign-in/" + str(mail.outbox[0].body).split("/sign-in/")[1].split()[0]
    outside = Client()
    outside.post(link)
    assert outside.get(reverse("carts:list", args=[hedge.pk])).status_code == 200
    assert outside.get(reverse("carts:list", args=[thorn.pk])).status_code == 404


@pytest.mark.parametrize("user", ["8", "9"])
def test_only_owners_let_others_in(client: Client, hedge: Shop, user: str) -> None:
    before = Member.objects.count()
    assert invite(client, hedge, "vera@shop.example", user=user).status_code == 403
    assert Member.objects.count() == before


@pytest.mark.parametrize("email", ["", "no address", "shopify-1-8@admin.invalid"])
def test_an_address_that_is_none_is_told(
    client: Client, hedge: Shop, woken_mails: list[int], email: str
) -> None:
    before = Member.objects.count()
    answer = invite(client, hedge, email)
    headers = bearer(id_token()) | {"hx-boosted": "true"}
    page = client.get(answer.headers["Location"], headers=headers)
    assert "toast bad" in page.content.decode()
    assert (Member.objects.count(), woken_mails) == (before, [])


def test_nobody_mails_a_person_who_comes_by_an_admin(client: Client, hedge: Shop) -> None:
    for user in User.objects.exclude(platform_user=""):
        mail_link(user.pk)
    assert mail.outbox == []


def test_the_same_person_sees_one_shop_in_each_admin(
    client: Client, hedge: Shop, thorn: Shop
) -> None:
    """Even where one account is a member of both."""
    user = Member.objects.get(shop=hedge, role=Member.Role.OWNER).user
    Member.objects.create(user=user, shop=thorn)
    headers = bearer(id_token()) | {"hx-boosted": "true"}
    page = client.get(reverse("settings:store", args=[hedge.pk]), headers=headers)
    assert page.status_code == 200
    assert thorn.name not in page.content.decode()
    path = reverse("settings:store", args=[thorn.pk])
    assert client.get(path, headers=headers).status_code == 404
    other = bearer(id_token(OTHER_HOST))
    assert client.get(path, headers=other).status_code == 200
