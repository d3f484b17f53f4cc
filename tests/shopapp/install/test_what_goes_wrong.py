"""Whatever goes wrong on the way ends in a clear page, and in no shop."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from recovery.ingest.tasks import sweep as ingest_sweep
from shopapp.install import services
from shopapp.install.models import Installation
from shopapp.install.tasks import sweep
from shopapp.kit import clock
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Member, Shop, User
from tests.doubles.woocommerce import Store
from tests.shopapp.install.road import Road, newest, only_shop

CALLBACK = "/install/woocommerce/callback/"


def hand_over(state: str, store: Store | None = None, **changed: Any) -> Any:
    """Post keys to our callback, the store's own or made-up ones."""
    key = store.make_key() if store else None
    body = {
        "key_id": 1,
        "user_id": state,
        "consumer_key": key.key if key else "ck_" + "a" * 40,
        "consumer_secret": key.secret if key else "cs_" + "b" * 40,
        "key_permissions": "read_write",
    }
    text = json.dumps(body | changed)
    return Client().post(CALLBACK, text, content_type="application/json;charset=UTF-8")


def asked_state(road: Road) -> str:
    road.ask()
    return str(road.browser.session["install_states"][-1])


def page_of(road: Road) -> str:
    """Return what the merchant's browser reads about the newest install."""
    return road.browser.get(f"/install/{newest().pk}/").content.decode()


def test_a_no_in_the_store_is_told_and_changes_nothing(road: Road) -> None:
    page = road.come_back(road.consent(road.ask(), "deny"))
    assert "The store said no" in page.content.decode()
    assert newest().status == "refused"
    assert not Shop.objects.exists()


def test_an_address_without_a_shop_is_told_beside_the_field(road: Road) -> None:
    answer = road.ask(address="http://testserver.invalid")
    assert answer.status_code == 422
    assert answer.context["form"].errors["store_url"]


def test_a_page_of_the_shop_is_taken_for_the_shop(road: Road) -> None:
    asked = road.ask(address=f"{road.store.home}/product/wool-runner/")
    assert asked.headers["Location"].startswith(f"{road.store.home}/wc-auth/v1/authorize")
    assert newest().store_url == road.store.home


def test_a_store_that_is_down_is_told_beside_the_field(road: Road) -> None:
    road.store.go_down()
    answer = road.ask()
    assert answer.status_code == 422
    assert answer.context["form"].errors["store_url"]


def test_keys_of_another_store_do_not_connect_this_one(road: Road) -> None:
    state = asked_state(road)
    assert hand_over(state).status_code == 200
    road.come_back(f"http://testserver/install/woocommerce/return/?success=1&user_id={state}")
    road.worker.work()
    assert "do not open this store" in page_of(road)
    assert newest().sealed_keys == ""
    assert not Shop.objects.exists()


def test_keys_that_may_only_read_are_not_taken(road: Road) -> None:
    state = asked_state(road)
    assert hand_over(state, road.store, key_permissions="read").status_code == 400
    assert newest().status == "asked"


def test_a_hand_over_counts_once(road: Road) -> None:
    state = asked_state(road)
    assert hand_over(state, road.store).status_code == 200
    kept = newest().sealed_keys
    assert hand_over(state, road.store).status_code == 400
    assert newest().sealed_keys == kept


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b'{"user_id": 7}', b"\xff", b"[" * 100_000, b"a" * 10_000],
)
def test_a_hand_over_that_is_none_is_refused(road: Road, body: bytes) -> None:
    answer = Client().post(CALLBACK, body, content_type="application/json")
    assert answer.status_code == 400


def test_keys_that_nobody_asked_for_are_not_found(road: Road) -> None:
    assert hand_over("somebody-elses-state").status_code == 404
    assert hand_over("").status_code == 400


def test_keys_that_come_too_late_are_refused_and_the_page_says_so(road: Road) -> None:
    state = asked_state(road)
    with time_machine.travel(clock.real_now() + services.STATE_LIVES + timedelta(seconds=1)):
        assert hand_over(state, road.store).status_code == 400
        assert "Too much time has passed" in page_of(road)
    assert newest().sealed_keys == ""


def test_nobody_coming_back_ends_the_install_and_forgets_its_keys(road: Road) -> None:
    road.consent(road.ask())
    road.worker.work()
    assert newest().status == "granted", "keys alone connect nothing"
    with time_machine.travel(clock.real_now() + services.STATE_LIVES + timedelta(seconds=1)):
        sweep()
        assert "did not come back" in page_of(road)
    assert newest().sealed_keys == ""
    assert not Shop.objects.exists()


def test_asked_stores_that_never_answer_are_deleted_after_a_day(road: Road) -> None:
    road.ask()
    with time_machine.travel(clock.real_now() + timedelta(days=1, hours=2)):
        sweep()
    assert not Installation.objects.exists()


def test_a_lost_wake_up_is_found_by_the_sweep(road: Road) -> None:
    road.come_back(road.consent(road.ask()))
    road.worker.waiting.clear()
    sweep()
    road.worker.work("install.prove")
    assert newest().status == "connected"
    road.worker.waiting.clear()
    ingest_sweep()
    assert "ingest.welcome" in [name for name, _ in road.worker.waiting]


def test_a_store_that_is_away_is_asked_again_five_times(road: Road) -> None:
    road.come_back(road.consent(road.ask()))
    road.store.go_down()
    now = clock.real_now()
    for attempt in range(1, 6):
        with time_machine.travel(now + attempt * timedelta(minutes=1)):
            sweep()
            road.worker.work("install.prove")
        assert newest().attempts == attempt
    assert newest().status == "failed"
    assert newest().sealed_keys == ""
    assert "That did not work" in page_of(road)


def test_keys_revoked_later_are_told_and_connecting_again_keeps_the_rows(
    plugin_road: Road,
) -> None:
    plugin_road.browser.post(plugin_road.connect(plugin_road.press_connect()).request["PATH_INFO"])
    plugin_road.worker.work()
    shop = only_shop()
    plugin_road.store.state.keys.clear()
    plugin_road.worker.waiting.clear()
    while_due(plugin_road)
    shop.refresh_from_db()
    assert shop.state == "refused"
    settings = plugin_road.browser.get(f"/shops/{shop.pk}/settings/").content.decode()
    assert "no longer accepts our keys" in settings
    assert "Reconnect" in settings
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    again = only_shop()
    assert (again.pk, again.public_id, again.state) == (shop.pk, shop.public_id, "connected")
    plugin = plugin_road.store.shop.plugin
    assert plugin is not None
    assert plugin.connection is not None
    with access.scope(again):
        secret = credentials.reveal(again, Credential.Kind.PLUGIN_SECRET)
    assert plugin.connection.secret == secret
    assert len(plugin_road.store.state.webhooks) == len(TOPICS)
    assert Member.objects.count() == 1


def while_due(road: Road) -> None:
    """Read what is due until nothing more is woken."""
    ingest_sweep()
    for _ in range(40):
        if not road.worker.waiting:
            return
        road.worker.work()


def test_installed_twice_is_one_shop_one_owner_one_set_of_webhooks(road: Road) -> None:
    for _ in range(2):
        road.connect(road.ask())
        road.worker.work("ingest.welcome")
    assert Shop.objects.count() == 1
    assert Member.objects.count() == 1
    assert User.objects.count() == 1
    topics = [hook.topic for hook in road.store.state.webhooks.values()]
    assert len(topics) == len(set(topics)) == len(TOPICS)
