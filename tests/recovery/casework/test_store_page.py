"""The settings page of the store, in the words of the platform that it is on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from shopapp.shops.models import Member, Shop, User
from tests.conftest import make_shop

HOST = "almgrenvik.myshopify.com"


@pytest.fixture
def shopify_page(client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page of a Shopify shop, to its owner."""
    monkeypatch.setenv("SHOPIFY_API_KEY", "client-id-123")
    monkeypatch.setenv("SHOPIFY_API_SECRET", "hush" * 8)
    monkeypatch.delenv("SHOPIFY_STAND_IN", raising=False)
    theirs = make_shop(HOST, platform="shopify")
    user = User.objects.create_user("owner@almgrenvik.example")
    Member.objects.create(user=user, shop=theirs)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("settings:store", args=[theirs.pk])).content.decode()


def test_the_owner_of_a_themed_shop_is_led_to_the_switch(shopify_page: str) -> None:
    link = (
        f"https://{HOST}/admin/themes/current/editor?context=apps&amp;template=index"
        "&amp;activateAppId=client-id-123/rebasket"
    )
    assert f'href="{link}"' in shopify_page
    assert "WooCommerce" not in shopify_page
    assert "plugin" not in shopify_page.lower().replace("takes_plugin", "")
    assert "&lt;script src=" not in shopify_page


def test_outside_the_admin_nothing_is_said_that_only_the_admin_knows(shopify_page: str) -> None:
    assert "data-theme-switch" not in shopify_page
    assert "see nothing of us" not in shopify_page
    assert "inside your Shopify admin" in shopify_page


def test_the_list_of_a_new_themed_shop_leads_to_the_switch_too(
    shopify_page: str, client: Client
) -> None:
    theirs = Shop.objects.get(host=HOST)
    page = client.get(reverse("carts:list", args=[theirs.pk])).content.decode()
    assert "Show the pop-up in your theme" in page


def test_a_shop_without_such_themes_gets_the_line_to_paste(
    owner_client: Client, shop: Shop
) -> None:
    Shop.objects.filter(pk=shop.pk).update(plugin_version="")
    page = owner_client.get(reverse("settings:store", args=[shop.pk])).content.decode()
    assert "rebasket.js" in page
    assert "data-theme-switch" not in page
