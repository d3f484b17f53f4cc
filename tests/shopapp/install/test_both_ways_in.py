"""Both ways in end connected: the store's address typed here, and the plugin's own button."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from recovery.flows.models import Flow
from recovery.ingest.models import Reading, Subscription
from shopapp.install.models import Installation
from shopapp.platforms.registry import connector_for
from shopapp.platforms.woocommerce.topics import TOPICS
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Member, Shop, User
from tests.doubles.woocommerce import Store
from tests.shopapp.install.conftest import open_store
from tests.shopapp.install.road import Road, Worker, newest, only_shop


def test_a_typed_address_ends_connected_with_its_owner_signed_in_by_a_button(road: Road) -> None:
    page = road.connect(road.ask(email="Owner@Shop.Example"))
    assert "is connected" in page.content.decode()
    shop = only_shop()
    assert (shop.state, shop.url, shop.currency) == ("connected", road.store.home, "EUR")
    assert [member.user.email for member in shop.members.all()] == ["owner@shop.example"]
    assert road.browser.get("/").status_code == 302, "looking at the page signs nobody in"
    entered = road.browser.post(page.request["PATH_INFO"])
    assert entered.headers["Location"] == f"/shops/{shop.pk}/import/"
    assert road.browser.get(entered.headers["Location"]).status_code == 200


def test_the_plugins_button_ends_connected_and_the_store_names_its_owner(
    plugin_road: Road,
) -> None:
    page = plugin_road.connect(plugin_road.press_connect())
    assert "is connected" in page.content.decode()
    (member,) = Member.objects.select_related("user")
    assert plugin_road.store.shop.plugin is not None
    assert member.user.email == plugin_road.store.shop.plugin.merchant_email
    assert not User.objects.filter(email="somebody@elsewhere.example").exists()


def test_the_welcome_gives_the_plugin_its_connection_and_the_store_its_webhooks(
    plugin_road: Road,
) -> None:
    plugin_road.connect(plugin_road.press_connect())
    plugin_road.worker.work("ingest.welcome")
    shop, plugin = only_shop(), plugin_road.store.shop.plugin
    assert plugin is not None
    assert plugin.connection is not None
    assert plugin.connection.shop == shop.public_id
    assert plugin.connection.script_url == f"http://testserver/w/{shop.public_id}/rebasket.js"
    assert "DE" in plugin.connection.box_countries
    assert shop.plugin_version == "1.0.0"
    with access.scope(shop):
        assert credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET) == plugin.connection.secret
        assert set(Subscription.objects.values_list("topic", "status")) == {
            (topic, "active") for topic in TOPICS
        }
        assert Reading.objects.count() == len(connector_for("woocommerce").kinds)
        assert set(Flow.objects.values_list("preset", "live")) == {
            ("checkout", False),
            ("cart-standard", False),
        }
    assert "ingest.read" in [name for name, _ in plugin_road.worker.waiting]


def test_keys_lie_sealed_and_leave_the_install_when_it_ends(road: Road) -> None:
    location = road.consent(road.ask())
    assert newest().sealed_keys
    (key,) = road.store.state.keys.values()
    assert key.key not in newest().sealed_keys
    road.come_back(location)
    road.worker.work("install.prove")
    assert newest().sealed_keys == ""
    shop = only_shop()
    with access.scope(shop):
        assert credentials.reveal(shop, Credential.Kind.API_KEYS) == f"{key.key}:{key.secret}"


def test_a_store_on_plain_http_is_connected_with_signed_requests(
    loopback: object, worker: Worker
) -> None:
    with open_store(plain_http=True) as store:
        road = Road(store, worker)
        page = road.connect(road.press_connect())
        worker.work("ingest.welcome")
    assert "is connected" in page.content.decode()
    assert only_shop().url.startswith("http://")
    assert only_shop().plugin_version == "1.0.0"


def test_a_store_with_plain_permalinks_is_connected(loopback: object, worker: Worker) -> None:
    with open_store(plain_http=True, plain_permalinks=True) as store:
        road = Road(store, worker)
        asked = road.ask()
        assert "wc-auth-route=authorize" in asked.headers["Location"]
        page = road.connect(asked)
        worker.work("ingest.welcome")
    assert "is connected" in page.content.decode()
    shop = only_shop()
    assert shop.plain_permalinks
    assert shop.plugin_version == "1.0.0"


def test_the_shop_speaks_its_stores_language(road: Road) -> None:
    road.connect(road.ask())
    assert only_shop().locale == road.store.state.settings.language


def test_two_stores_are_two_shops_of_one_person(road: Road) -> None:
    road.browser.post(road.connect(road.ask()).request["PATH_INFO"])
    with open_store(plain_http=True) as second:
        other = Road(second, road.worker, road.browser)
        page = other.connect(other.ask())
        assert "See the first import" in page.content.decode()
    assert Shop.objects.count() == 2
    assert Member.objects.values("user").distinct().count() == 1


def test_two_installs_in_two_tabs_both_end_connected(road: Road, store: Store) -> None:
    with open_store(plain_http=True) as second:
        other = Road(second, road.worker, road.browser)
        first_way, second_way = road.consent(road.ask()), other.consent(other.ask())
        road.come_back(first_way)
        other.come_back(second_way)
        road.worker.work()
    assert set(Installation.objects.values_list("status", flat=True)) == {"connected"}


@pytest.mark.parametrize("address", ["", "no address", "https://", "ftp://shop.example"])
def test_an_address_that_is_none_is_told_beside_the_field(road: Road, address: str) -> None:
    answer = road.browser.post("/install/", {"store_url": address, "email": "a@b.example"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["store_url"]


def test_a_store_on_loopback_is_refused_where_the_switch_is_off(
    road: Road, settings: Settings
) -> None:
    settings.ALLOW_LOOPBACK_STORES = False
    assert road.ask().status_code == 422
    assert not Installation.objects.exists()
