"""Leaving where the platform's own admin takes the app out: the page says how, and does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from recovery.ingest import departure
from recovery.ingest.services import apply
from shopapp.platforms.base import AppUninstalled
from shopapp.platforms.shopify import connector as shopify
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Member, Shop, User
from tests.conftest import MORNING
from tests.recovery.ingest.little_shopify import connect, make_shopify_shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shopify_shop("little")
    connect(shop)
    return shop


@pytest.fixture
def owner(shop: Shop, client: Client) -> Client:
    user = User.objects.create_user("owner@shop.example")
    Member.objects.create(user=user, shop=shop)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_settings_say_where_to_uninstall(shop: Shop, owner: Client) -> None:
    page = owner.get(reverse("settings:store", args=[shop.pk])).content.decode()
    assert shopify.words.leave in page
    assert "Disconnect now" not in page


def test_a_post_takes_nothing_out(shop: Shop, owner: Client) -> None:
    answer = owner.post(reverse("sync:uninstall", args=[shop.pk]), follow=True)
    assert shopify.words.leave in answer.content.decode()
    shop.refresh_from_db()
    assert shop.state == Shop.State.CONNECTED
    with access.scope(shop):
        assert Credential.objects.count() == 1


def test_a_shop_that_left_reads_how_to_come_back(shop: Shop, owner: Client) -> None:
    with access.scope(shop):
        assert departure.end(shop, at=MORNING)
        assert not departure.end(shop, at=MORNING)
    page = owner.get(reverse("sync:uninstall", args=[shop.pk])).content.decode()
    assert shopify.words.connect_again in page
    assert "for you to delete" not in page, "nothing of ours is left there"


def test_a_shop_comes_back_whatever_late_news_says(shop: Shop) -> None:
    with access.scope(shop):
        apply(shop, AppUninstalled(MORNING + HOUR, access_ended=True), at=MORNING + HOUR)
    shop.refresh_from_db()
    assert shop.state == Shop.State.UNINSTALLED
    # Installed again, as the install does it: new keys, connected.
    Shop.objects.filter(pk=shop.pk).update(
        state=Shop.State.CONNECTED, installed_at=MORNING + 2 * HOUR, uninstalled_at=None
    )
    with access.scope(shop):
        keys = Credential.Kind.API_KEYS
        credentials.keep(shop, keys, "{}", at=MORNING + 2 * HOUR)
        shop.refresh_from_db()
        apply(shop, AppUninstalled(MORNING + HOUR, access_ended=True), at=MORNING + 3 * HOUR)
        shop.refresh_from_db()
        assert shop.state == Shop.State.CONNECTED
        assert Credential.objects.filter(kind=keys).exists()
