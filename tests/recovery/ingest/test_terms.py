"""What a store says of our own part in it: taken out, allowed less, or only an older connection."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recovery.flows.models import Flow
from recovery.flows.services import make_presets, switch_on
from recovery.ingest import readings, tasks
from recovery.ingest.services import apply, receive
from shopapp.kit import clock, later
from shopapp.platforms.base import AccessChanged, AppUninstalled
from shopapp.platforms.shopify import connector as shopify
from shopapp.shops import access
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING
from tests.recovery.ingest.little_store import LittleStore

HOUR = timedelta(hours=1)


def _tell(shop: Shop, event: AppUninstalled | AccessChanged) -> None:
    with access.scope(shop):
        apply(shop, event, at=MORNING + HOUR)
    shop.refresh_from_db()


def test_an_ended_access_ends_everything_at_once(
    connected: Shop, other_shop: Shop, store: LittleStore
) -> None:
    with access.scope(connected):
        for flow in make_presets(connected, at=MORNING):
            switch_on(flow, look_back=HOUR, at=MORNING)
    _tell(connected, AppUninstalled(MORNING + HOUR, access_ended=True))
    assert (connected.state, connected.uninstalled_at) == ("uninstalled", MORNING + HOUR)
    with access.scope(connected):
        assert not Credential.objects.exists()
        assert not Flow.objects.filter(live=True).exists()
    # The keys had ended: nobody was asked.
    assert store.asked == []
    other_shop.refresh_from_db()
    assert other_shop.state == Shop.State.CONNECTED


def test_an_end_from_before_the_newest_keys_is_old_news(connected: Shop) -> None:
    _tell(connected, AppUninstalled(MORNING - HOUR, access_ended=True))
    assert connected.state == Shop.State.CONNECTED
    with access.scope(connected):
        assert Credential.objects.filter(kind="api_keys").exists()


def test_a_plugin_that_was_taken_out_leaves_the_keys(connected: Shop) -> None:
    _tell(connected, AppUninstalled(MORNING + HOUR))
    assert (connected.state, connected.plugin_version) == ("connected", "")


@pytest.mark.parametrize("granted", [(), ("read_products",)])
def test_what_the_shop_does_not_allow_is_written_down(
    connected: Shop, granted: tuple[str, ...]
) -> None:
    Shop.objects.filter(pk=connected.pk).update(platform=Shop.Platform.SHOPIFY)
    connected.refresh_from_db()
    _tell(connected, AccessChanged(granted, MORNING))
    assert connected.access_lacks.split() == list(shopify.lacks(granted))
    assert "read_orders" in connected.access_lacks


def test_what_an_older_installation_allowed_is_old_news(connected: Shop, other_shop: Shop) -> None:
    Shop.objects.filter(pk=connected.pk).update(platform=Shop.Platform.SHOPIFY)
    connected.refresh_from_db()
    _tell(connected, AccessChanged((), MORNING - HOUR))
    assert connected.access_lacks == ""


def test_news_that_was_waiting_when_a_shop_left_is_still_handled(
    connected: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr(later, "enqueue", lambda task, shop_id: woken.append((task, shop_id)))
    told = {"source": "webhook", "topic": "order.updated", "event_key": "1", "body": b"[]"}
    receive(connected, at=clock.now() - HOUR, **told)  # type: ignore[arg-type]
    readings.start_import(connected, at=clock.now() - HOUR)
    Shop.objects.filter(pk=connected.pk).update(state=Shop.State.UNINSTALLED)
    tasks.sweep()
    # The law may bind us to what it says; but its store is not asked for anything any more.
    mine = [task for task, shop_id in woken if shop_id == connected.pk]
    assert mine == ["ingest.handle_waiting"]
