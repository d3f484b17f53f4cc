"""Keys that Shopify lets expire: renewed once each while many ask at once, and repaired."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from recovery.ingest.connection import open_client
from shopapp.kit import clock
from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.shops import access, credentials, keys
from shopapp.shops.models import Credential, Shop
from tests.doubles.shopify.installing import uninstall
from tests.shopapp.embedded_admin.admins import Admins

EXPIRIES = 100


@pytest.fixture
def shops(client: Client, admins: Admins, monkeypatch: pytest.MonkeyPatch) -> list[Shop]:
    monkeypatch.setattr(keys, "POLL_SECONDS", 0.02)
    for shop in admins.stand_in.shops.values():
        client.get("/embedded/", {"id_token": admins.token(shop), "embedded": "1"})
    return list(Shop.objects.order_by("pk"))


def ask(shop: Shop) -> bool:
    """Ask the store something, as every reading and every order's doubt does."""
    try:
        return open_client(shop).store_facts().currency == shop.currency
    finally:
        connection.close()


def test_two_hundred_expiries_under_load_fail_no_call_and_refresh_once_each(
    shops: list[Shop], admins: Admins
) -> None:
    stores = [admins.stand_in.shops[shop.host] for shop in shops]
    with ThreadPoolExecutor(max_workers=8) as crowd:
        for turn in range(1, EXPIRIES + 1):
            for store in stores:
                with store.state.lock:
                    store.tokens.expire_access()
            assert all(crowd.map(ask, shops * 4))
            assert [store.tokens.refreshes for store in stores] == [turn, turn]


def test_a_refresh_whose_answer_was_lost_is_repaired(shops: list[Shop], admins: Admins) -> None:
    shop, store = shops[0], admins.first
    before = kept(shop)
    store.tokens.expire_access()
    store.faults.outage, store.faults.only, store.faults.times = "lost", "token", 1
    assert ask(shop)
    assert store.tokens.refreshes == 1
    assert kept(shop) != before


def test_a_refresh_lost_again_and_again_is_repaired_by_a_later_call(
    shops: list[Shop], admins: Admins
) -> None:
    shop, store = shops[0], admins.first
    store.tokens.expire_access()
    store.faults.outage, store.faults.only = "lost", "token"
    with pytest.raises(StoreUnavailable):
        ask(shop)
    store.faults.clear()
    assert ask(shop)
    assert store.tokens.refreshes == 1


def test_after_an_uninstall_the_refusal_is_told_and_the_other_shop_goes_on(
    shops: list[Shop], admins: Admins
) -> None:
    before = kept(shops[0])
    uninstall(admins.first)
    with pytest.raises(KeysRefused):
        ask(shops[0])
    assert kept(shops[0]) == before
    assert ask(shops[1])


def test_renewing_begins_no_new_welcome(shops: list[Shop], admins: Admins) -> None:
    with access.scope(shops[0]):
        before = Credential.objects.get()
    admins.first.tokens.expire_access()
    assert ask(shops[0])
    with access.scope(shops[0]):
        after = Credential.objects.get()
    assert after.changed_at == before.changed_at
    assert after.sealed != before.sealed
    assert after.renew_at is not None
    assert after.renew_at > clock.real_now()


def kept(shop: Shop) -> str:
    with access.scope(shop):
        return credentials.reveal(shop, Credential.Kind.API_KEYS)
