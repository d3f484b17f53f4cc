"""Keys that expire: renewed once whoever needs them, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from shopapp.kit import clock, later
from shopapp.platforms.answers import KeysRefused, StoreUnavailable
from shopapp.shops import access, credentials, keys, tasks
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.shopapp.shops.token_store import Connector, TokenStore, pair

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOSTS = ("a.example", "b.example", "c.example", "d.example")


@pytest.fixture
def stores(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, TokenStore]:
    stores = {host: TokenStore() for host in HOSTS}
    connector = Connector(stores)
    monkeypatch.setattr(keys, "connector_for", lambda platform: connector)
    monkeypatch.setattr(keys, "POLL_SECONDS", 0.02)
    return stores


@pytest.fixture
def shops(stores: dict[str, TokenStore]) -> list[Shop]:
    made = [make_shop(host) for host in HOSTS]
    for shop in made:
        with access.scope(shop):
            keys.keep_keys(shop, pair(0, ends=NOW + timedelta(hours=1)), at=MORNING)
    return made


def row_of(shop: Shop) -> Credential:
    with access.scope(shop):
        row: Credential = Credential.objects.get(kind=Credential.Kind.API_KEYS)
        return row


def kept(shop: Shop) -> str:
    with access.scope(shop):
        return credentials.reveal(shop, Credential.Kind.API_KEYS)


def use(shop: Shop, store: TokenStore, *, at: datetime) -> bool:
    """Make one call as a client does: with fresh keys, and once more after a refusal."""
    try:
        held = keys.fresh_keys(shop, at=at)
        if store.call(held):
            return True
        return store.call(keys.renewed_keys(shop, held, at=at))
    finally:
        connection.close()


def test_two_hundred_expiries_under_load_fail_no_call_and_renew_once_each(
    shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    """Half are seen coming by the clock; half are only told by a refusal."""
    for store in stores.values():
        store.slow = 0.005
    with ThreadPoolExecutor(max_workers=12) as crowd:
        for turn in range(50):
            at = NOW + timedelta(hours=turn)
            if turn % 2:
                for shop in shops:
                    revoke(shop, stores[shop.host])
            else:
                at += timedelta(minutes=57)
            calls = [crowd.submit(use, shop, stores[shop.host], at=at) for shop in shops * 4]
            assert all(call.result() for call in calls), f"turn {turn}"
            assert {store.refreshes for store in stores.values()} == {turn + 1}
    for shop in shops:
        row = row_of(shop)
        assert row.lease_until is None
        assert row.changed_at == MORNING, "another moment would begin a new welcome"


def revoke(shop: Shop, store: TokenStore) -> None:
    """End the access token before its time: only the store knows."""
    with store.guard:
        ends = NOW + timedelta(days=9)
        number = store.number
        row = pair(number, ends=ends).replace(f'"a{number}"', '"revoked"')
    with access.scope(shop):
        sealed = credentials.sealed(shop, Credential.Kind.API_KEYS, row)
        Credential.objects.update(sealed=sealed)


def test_an_answer_that_was_lost_is_asked_for_again(
    shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    store.lose_next = 1
    at = NOW + timedelta(hours=2)
    assert store.call(keys.fresh_keys(shop, at=at))
    assert store.refreshes == 1


def test_after_answers_lost_again_and_again_the_old_pair_still_renews(
    shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    store.lose_next = 2
    at = NOW + timedelta(hours=2)
    before = kept(shop)
    assert keys.fresh_keys(shop, at=at) == before
    assert row_of(shop).lease_until is None
    assert store.call(keys.fresh_keys(shop, at=at))
    assert store.refreshes == 1


def test_a_process_that_died_while_renewing_stops_nobody_for_long(
    shops: list[Shop], stores: dict[str, TokenStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store had given the new pair, and nobody wrote it down."""
    shop, store = shops[0], stores[HOSTS[0]]
    at = NOW + timedelta(hours=2)
    store.renew(kept(shop), at=at)
    with access.scope(shop):
        Credential.objects.update(lease_until=at + keys.LEASE)
    monkeypatch.setattr(keys, "WAIT_FOR_OTHERS", timedelta(seconds=0.1))
    with pytest.raises(StoreUnavailable):
        keys.renewed_keys(shop, kept(shop), at=at)
    assert store.call(keys.fresh_keys(shop, at=at + keys.LEASE))
    assert store.refreshes == 1


def test_refused_keys_are_told_and_nothing_is_lost(
    shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    store.gone = True
    before = kept(shop)
    with pytest.raises(KeysRefused):
        keys.fresh_keys(shop, at=NOW + timedelta(hours=2))
    assert kept(shop) == before
    assert row_of(shop).lease_until is None


def test_keys_given_while_others_were_being_renewed_count(
    shops: list[Shop], stores: dict[str, TokenStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    at = NOW + timedelta(hours=2)
    given = pair(7, ends=at + timedelta(hours=1))
    renew = store.renew

    def slow_renewal(old: str, *, at: datetime) -> str:
        new = renew(old, at=at)
        with access.scope(shop):
            keys.keep_keys(shop, given, at=at)
        return new

    monkeypatch.setattr(store, "renew", slow_renewal)
    assert keys.fresh_keys(shop, at=at) == given
    assert kept(shop) == given


def test_a_scope_held_over_the_network_is_a_bug(
    shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    with access.scope(shops[0]), pytest.raises(RuntimeError):
        keys.fresh_keys(shops[0], at=NOW + timedelta(hours=2))


def test_idle_keys_are_renewed_by_the_tick(
    shops: list[Shop], stores: dict[str, TokenStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr(later, "enqueue", lambda name, key: woken.append((name, key)))
    idle, used = shops[0], shops[1]
    with access.scope(used):
        Credential.objects.update(renew_at=NOW + timedelta(days=300))
    for shop in shops[2:]:
        Shop.objects.filter(pk=shop.pk).update(state=Shop.State.UNINSTALLED)
    monkeypatch.setattr(clock, "real_now", lambda: NOW + timedelta(days=61))
    tasks.renew_keys()
    assert woken == [("shops.renew_keys_of", idle.pk)]
    tasks.renew_keys_of(idle.pk)
    assert stores[idle.host].refreshes == 1
    assert stores[used.host].refreshes == 0
    tasks.renew_keys()
    assert len(woken) == 1


@pytest.mark.parametrize("why", ["away", "gone"])
def test_idle_keys_that_are_not_renewed_are_not_asked_for_at_every_tick(
    why: str, shops: list[Shop], stores: dict[str, TokenStore]
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    setattr(store, why, True)
    at = NOW + timedelta(days=61)
    assert not keys.renew_idle(shop, at=at)
    shop.refresh_from_db()
    due = {found.pk for found in access.due_shops("shops_keys_due_shops", at)}
    assert shop.pk not in due
    assert (shop.state == Shop.State.REFUSED) == (why == "gone")


def test_secrets_are_sealed_anew_while_keys_are_renewed(
    shops: list[Shop],
    stores: dict[str, TokenStore],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, store = shops[0], stores[HOSTS[0]]
    renew = store.renew

    def renew_meanwhile(old: str, *, at: datetime) -> str:
        new = renew(old, at=at)
        with access.scope(shop):
            assert credentials.seal_anew(shop) == (1, 0)
        return new

    monkeypatch.setattr(store, "renew", renew_meanwhile)
    assert store.call(keys.fresh_keys(shop, at=NOW + timedelta(hours=2)))
    assert store.call(kept(shop))


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    connection.close()
