"""Who else signs in to a shop, and how an owner takes them out again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from shopapp.shops.models import Member, Shop, User


def let_in(shop: Shop, email: str, role: str = "owner") -> Member:
    return Member.objects.create(user=User.objects.create_user(email), shop=shop, role=role)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def remove(client: Client, shop: Shop, member: Member) -> int:
    return client.post(reverse("removal", args=[shop.pk, member.pk])).status_code


def test_an_owner_sees_the_others_and_takes_one_out(
    owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    vera, theirs = let_in(shop, "vera@shop.example"), let_in(other_shop, "otto@other.example")
    page = owner_client.get(reverse("settings:store", args=[shop.pk])).content.decode()
    assert "Remove vera@shop.example" in page
    assert "Remove owner@shop.example" not in page
    assert "otto@other.example" not in page
    browser = signed_in(vera)
    assert browser.get(reverse("carts:list", args=[shop.pk])).status_code == 200
    assert remove(owner_client, shop, vera) == 302
    assert browser.get(reverse("carts:list", args=[shop.pk])).status_code == 404
    assert Member.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_nobody_else_takes_anybody_out(
    role: str, owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    owner = Member.objects.get(shop=shop)
    browser = signed_in(let_in(shop, f"{role}@shop.example", role))
    page = browser.get(reverse("settings:store", args=[shop.pk])).content.decode()
    assert "Who else signs in" not in page
    assert remove(browser, shop, owner) == 403
    assert remove(signed_in(let_in(other_shop, "otto@other.example")), shop, owner) == 404
    assert Member.objects.filter(pk=owner.pk).exists()


def test_oneself_and_the_admins_people_are_not_taken_out_here(
    owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    own = Member.objects.get(shop=shop)
    staff = let_in(shop, "one@admin.invalid", "staff")
    User.objects.filter(pk=staff.user_id).update(platform_user="shopify:1:7")
    theirs = let_in(other_shop, "otto@other.example")
    for member in (own, staff, theirs):
        assert remove(owner_client, shop, member) == 404
        assert Member.objects.filter(pk=member.pk).exists()
