"""Disconnecting a store: what is taken out of it, in which order, and what stays here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from recovery.carts.models import Cart, Entry
from recovery.contacts.models import Channel, Contact
from recovery.flows import services as flows
from recovery.flows.models import Flow, FlowRun
from recovery.ingest.models import Subscription
from recovery.ingest.tasks import sweep
from recovery.messaging.models import Message
from shopapp.kit import clock
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access
from shopapp.shops.models import Credential, Member, Shop, User
from tests.doubles.woocommerce.plugin import routes
from tests.doubles.woocommerce.plugin.state import PluginState
from tests.shopapp.install.road import Road, only_shop


@pytest.fixture
def connected(plugin_road: Road) -> Road:
    """Return the road whose store is connected, its owner signed in."""
    page = plugin_road.connect(plugin_road.press_connect())
    plugin_road.browser.post(page.request["PATH_INFO"])
    plugin_road.worker.work("ingest.welcome")
    return plugin_road


def disconnect(road: Road) -> str:
    """Press the button; returns the page that follows."""
    answer = road.browser.post(f"/shops/{only_shop().pk}/uninstall/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_webhooks_are_deleted_first_and_then_the_plugins_connection(
    connected: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin, hooks = connected.store.shop.plugin, connected.store.state.webhooks
    assert plugin is not None
    take_out, left = routes.disconnect, []

    def watched(state: PluginState, *, tell: bool = False) -> None:
        left.append(len(hooks))
        take_out(state, tell=tell)

    monkeypatch.setattr(routes, "disconnect", watched)
    assert len(hooks) == len(TOPICS)
    page = disconnect(connected)
    deleted = [one.path for one in connected.store.rest_requests if one.method == "DELETE"]
    assert len(deleted) == len(TOPICS)
    assert left == [0], "the plugin is told when no webhook is left"
    assert plugin.connection is None
    assert "is disconnected" in page
    assert "REST API" in page, "the key itself only the merchant can delete"
    assert "The webhooks whose names" not in page


def test_keys_and_secrets_are_forgotten_and_the_state_says_so(connected: Road) -> None:
    disconnect(connected)
    shop = only_shop()
    assert (shop.state, shop.plugin_version) == ("uninstalled", "")
    assert shop.uninstalled_at is not None
    with access.scope(shop):
        assert not Credential.objects.exists()
        assert not Subscription.objects.exists()


def test_afterwards_the_doors_are_gone_and_no_sweep_wakes_anybody(connected: Road) -> None:
    disconnect(connected)
    shop = only_shop()
    for door in ("", "plugin"):
        answer = Client().post(
            f"/hooks/woocommerce/{shop.public_id}/{door}", "{}", content_type="application/json"
        )
        assert answer.status_code == 410
    connected.worker.waiting.clear()
    sweep()
    assert list(connected.worker.waiting) == []


def test_runs_end_and_messages_are_withdrawn_with_the_reason_in_words(connected: Road) -> None:
    shop, at = only_shop(), clock.now()
    with access.scope(shop):
        flow = Flow.objects.get(preset="cart-standard")
        flows.switch_on(flow, look_back=timedelta(0), at=at)
        contact = Contact.objects.create(
            shop=shop,
            email="anna@shopper.example",
            address_key="anna@shopper.example",
            created_at=at,
        )
        cart = Cart.objects.create(
            shop=shop, cart_id="c" * 32, state=Cart.State.ABANDONED, contact=contact,
            started_at=at, changed_at=at, abandoned_at=at, currency="EUR", signed=True, decimals=2,
        )  # fmt: skip
        run = FlowRun.objects.create(
            shop=shop, flow=flow, version=flows.newest_version(flow), contact=contact, cart=cart,
            address_key=contact.address_key, abandoned_at=at, entered_at=at, due_at=at,
        )  # fmt: skip
        Message.objects.create(
            shop=shop, dedup_key="one", kind=Message.Kind.FLOW, contact=contact, cart=cart,
            run_id=run.pk, channel=Channel.EMAIL, created_at=at, due_at=at, too_late_at=at,
        )  # fmt: skip
    disconnect(connected)
    with access.scope(shop):
        run.refresh_from_db()
        assert (run.state, run.outcome) == ("finished", "uninstalled")
        assert Message.objects.get().state == Message.State.SKIPPED
        assert not Flow.objects.filter(live=True).exists(), "connected again, all is off"
        assert "uninstalled" in Entry.objects.values_list("reason", flat=True)
    page = connected.browser.get(f"/shops/{shop.pk}/carts/{cart.pk}/").content.decode()
    assert "The shop is no longer connected" in page


def _down(road: Road) -> None:
    road.store.go_down()


def _revoke(road: Road) -> None:
    road.store.state.keys.clear()


@pytest.mark.parametrize("befall", [_down, _revoke])
def test_a_store_that_does_not_let_us_is_disconnected_here_and_the_rest_is_told(
    connected: Road, befall: Callable[[Road], None]
) -> None:
    befall(connected)
    page = disconnect(connected)
    shop = only_shop()
    assert shop.state == "uninstalled"
    for word in ("REST API", "Webhooks", "Plugins"):
        assert word in page
    with access.scope(shop):
        assert not Credential.objects.exists()
        assert not Subscription.objects.exclude(sealed_secret="").exists()


def test_connected_again_the_shop_is_the_same_with_webhooks_of_its_own(connected: Road) -> None:
    before = only_shop()
    _down(connected)
    disconnect(connected)
    connected.store.come_back()
    connected.connect(connected.press_connect())
    connected.worker.work("ingest.welcome")
    after = only_shop()
    assert (after.pk, after.state, after.uninstalled_at) == (before.pk, "connected", None)
    plugin = connected.store.shop.plugin
    assert plugin is not None
    assert plugin.connection is not None
    assert len(connected.store.state.webhooks) == len(TOPICS), "the old ones were swept out"
    with access.scope(after):
        assert Subscription.objects.filter(status="active").count() == len(TOPICS)


@pytest.mark.parametrize("role", [Member.Role.STAFF, Member.Role.VIEWER])
def test_only_owners_disconnect(connected: Road, role: str) -> None:
    shop = only_shop()
    other = User.objects.create_user("staff@shop.example")
    Member.objects.create(user=other, shop=shop, role=role)
    browser: Any = Client()
    browser.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(f"/shops/{shop.pk}/uninstall/").status_code == 403
    assert only_shop().state == Shop.State.CONNECTED


def test_members_go_on_reading_and_a_second_press_changes_nothing(connected: Road) -> None:
    disconnect(connected)
    shop = only_shop()
    for page in ("carts", "messages", "results", "settings", "uninstall"):
        assert connected.browser.get(f"/shops/{shop.pk}/{page}/").status_code == 200
    left = shop.uninstalled_at
    disconnect(connected)
    assert only_shop().uninstalled_at == left
