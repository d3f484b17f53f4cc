"""What is left to do in a new shop, and the store's page without the plugin."""

from __future__ import annotations

from django.test import Client, override_settings

from recovery.flows import services as flows
from recovery.flows.models import Flow
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING, make_shop
from tests.recovery.messaging import scene


def carts_page(client: Client, shop: Shop) -> str:
    text: str = client.get(f"/shops/{shop.pk}/carts/").content.decode()
    return text


def test_a_new_shop_is_told_what_is_left_in_order(owner_client: Client, shop: Shop) -> None:
    text = carts_page(owner_client, shop)
    places = [text.index(words) for words in ("Say who writes", "Switch a flow on", "first cart")]
    assert places == sorted(places)
    assert f'class="button primary" href="/shops/{shop.pk}/settings/sender/"' in text


def test_each_step_ticks_itself_from_the_rows(owner_client: Client, shop: Shop) -> None:
    with access.scope(shop):
        scene.make_sender(shop)
    text = carts_page(owner_client, shop)
    assert f'class="button primary" href="/shops/{shop.pk}/flows/"' in text
    with access.scope(shop):
        flows.make_presets(shop, at=MORNING)
        Flow.objects.update(live=True, active_from=MORNING)
    assert f'class="button primary" href="{shop.url}"' in carts_page(owner_client, shop)
    with access.scope(shop):
        scene.make_cart(shop, None)
    text = carts_page(owner_client, shop)
    assert "What is left to do" not in text
    assert "Next:" not in text


def test_half_a_sender_is_none(owner_client: Client, shop: Shop) -> None:
    with access.scope(shop):
        scene.make_sender(shop, legal_address="")
        scene.make_cart(shop, None)
    assert "Next: say who writes" in carts_page(owner_client, shop)


def test_another_shops_rows_tick_nothing(
    owner_client: Client, shop: Shop, other_shop: Shop
) -> None:
    with access.scope(other_shop):
        scene.make_sender(other_shop)
        scene.make_cart(other_shop, None)
    assert "Set the sender" in carts_page(owner_client, shop)


@override_settings(APP_URL="https://app.example")
def test_a_store_without_the_plugin_is_given_the_line_to_paste(
    owner_client: Client, shop: Shop
) -> None:
    Shop.objects.filter(pk=shop.pk).update(plugin_version="")
    text = owner_client.get(f"/shops/{shop.pk}/settings/").content.decode()
    line = f"https://app.example/w/{shop.public_id}/rebasket.js"
    assert f"&lt;script src=&quot;{line}&quot; defer&gt;&lt;/script&gt;" in text
    assert 'data-copy="#snippet"' in text
    assert 'href="/plugin/rebasket.zip"' in text


def test_a_store_with_the_plugin_has_nothing_to_paste(owner_client: Client, shop: Shop) -> None:
    text = owner_client.get(f"/shops/{shop.pk}/settings/").content.decode()
    assert "There is nothing to paste." in text
    assert "data-copy" not in text


def test_a_disconnected_store_is_offered_no_line(owner_client: Client, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(state=Shop.State.UNINSTALLED, plugin_version="")
    text = owner_client.get(f"/shops/{shop.pk}/settings/").content.decode()
    assert "rebasket.js" not in text


def test_the_store_page_of_another_shop_is_not_there(owner_client: Client, shop: Shop) -> None:
    theirs = make_shop("third.example")
    assert owner_client.get(f"/shops/{theirs.pk}/settings/").status_code == 404
