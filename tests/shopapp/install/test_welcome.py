"""A connected store is made ready, however often it is away; its plugin is looked after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from recovery.ingest import welcome as welcoming
from recovery.ingest.models import Subscription, Welcome
from recovery.ingest.tasks import sweep
from shopapp.kit import clock
from shopapp.platforms.answers import StoreError
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.schedule import RECONCILE_EVERY
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.doubles.woocommerce.plugin.outbox import report, send_waiting
from tests.doubles.woocommerce.plugin.state import PluginState
from tests.shopapp.install.road import Road, only_shop

LATER = RECONCILE_EVERY + timedelta(seconds=1)


def plugin_of(road: Road) -> PluginState:
    plugin = road.store.shop.plugin
    assert plugin is not None
    return plugin


def look_again(road: Road, after: timedelta = LATER) -> Shop:
    """Let time pass and do what the sweep wakes of a welcome; returns the shop."""
    with time_machine.travel(clock.now() + after):
        road.worker.waiting.clear()
        sweep()
        road.worker.work("ingest.welcome")
    return only_shop()


def secret_of(shop: Shop) -> str:
    with access.scope(shop):
        return credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET)


def test_a_store_that_goes_away_is_welcomed_when_it_is_back(plugin_road: Road) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.store.go_down()
    plugin_road.worker.work("ingest.welcome")
    shop = only_shop()
    assert shop.sending_paused_reason, "the merchant sees why"
    assert welcoming.problem_of(shop)
    assert "ingest.welcome" not in [name for name, _ in plugin_road.worker.waiting]
    plugin_road.store.come_back()
    shop = look_again(plugin_road, timedelta(minutes=1))
    assert shop.plugin_version == "1.0.0"
    assert welcoming.problem_of(shop) == ""
    with access.scope(shop):
        assert Welcome.objects.get().done_at is not None
        assert Subscription.objects.filter(status="active").count() == len(TOPICS)


def test_a_welcome_is_given_once(plugin_road: Road) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    shop, secret = only_shop(), secret_of(only_shop())
    for _ in range(3):
        welcoming.welcome(shop, at=clock.now())
    assert secret_of(shop) == secret
    assert len(plugin_road.store.state.webhooks) == len(TOPICS)


def test_tries_whose_answer_was_lost_share_one_secret(
    plugin_road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin_road.connect(plugin_road.press_connect())
    with monkeypatch.context() as patched:
        patched.setattr("recovery.ingest.welcome.register_webhooks", _killed)
        with pytest.raises(SystemExit):
            plugin_road.worker.work("ingest.welcome")
    first = secret_of(only_shop())
    shop = look_again(plugin_road, timedelta(minutes=5))
    connection = plugin_of(plugin_road).connection
    assert connection is not None
    assert secret_of(shop) == first == connection.secret
    assert len(plugin_road.store.state.webhooks) == len(TOPICS)


def _killed(*_: object, **__: object) -> None:
    raise SystemExit


def test_a_plugin_that_is_installed_later_is_connected_by_itself(plugin_road: Road) -> None:
    later, plugin_road.store.shop.plugin = plugin_road.store.shop.plugin, None
    plugin_road.connect(plugin_road.ask())
    plugin_road.worker.work("ingest.welcome")
    assert only_shop().plugin_version == ""
    plugin_road.store.shop.plugin = later
    shop = look_again(plugin_road)
    assert shop.plugin_version == "1.0.0"
    connection = plugin_of(plugin_road).connection
    assert connection is not None
    assert connection.secret == secret_of(shop)


def test_a_plugin_that_the_merchant_disconnected_stays_so_until_they_press_connect(
    plugin_road: Road,
) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    plugin = plugin_of(plugin_road)
    plugin.connection = None
    assert look_again(plugin_road).plugin_version == ""
    assert plugin.connection is None
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    assert plugin_of(plugin_road).connection is not None
    assert only_shop().plugin_version == "1.0.0"


def test_the_plugins_choice_and_version_are_kept_up_to_date(plugin_road: Road) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    assert not only_shop().own_cart_mail
    plugin_of(plugin_road).own_cart_mail = True
    Shop.objects.update(plugin_version="0.9")
    shop = look_again(plugin_road)
    assert (shop.own_cart_mail, shop.plugin_version) == (True, "1.0.0")


def test_a_plugin_that_is_gone_is_noticed(plugin_road: Road) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    plugin_road.store.shop.plugin = None
    assert look_again(plugin_road).plugin_version == ""


def test_a_stopped_plugin_leaves_the_shop_connected_without_it(plugin_road: Road) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    plugin = plugin_of(plugin_road)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        report(plugin, "plugin.stopped", "plugin", {})
        send_waiting(plugin, plugin_road.store.shop.client)
        plugin_road.worker.work("ingest.handle_waiting")
    shop = only_shop()
    assert (shop.state, shop.plugin_version) == ("connected", "")


def test_without_webhooks_the_store_is_read_and_the_merchant_told(
    plugin_road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin_road.connect(plugin_road.press_connect())

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("no")

    monkeypatch.setattr("recovery.ingest.welcome.register_webhooks", refuse)
    plugin_road.worker.work("ingest.welcome")
    shop = only_shop()
    assert shop.state == "connected"
    assert "read every 15 minutes" in welcoming.problem_of(shop)
    page = plugin_road.browser.post("/install/1/", follow=True)
    assert page.status_code == 200
    settings = plugin_road.browser.get(f"/shops/{shop.pk}/settings/").content.decode()
    assert "read every 15 minutes" in settings
