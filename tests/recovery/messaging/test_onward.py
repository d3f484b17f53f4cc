"""Where no page of the store tells that a person arrived, our own page asks on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from recovery.carts.models import Cart, Entry
from recovery.messaging.models import Link
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging.scene import Mailed, clicks

pytestmark = pytest.mark.usefixtures("morning")
URL = "https://hedge.myshopify.com/1/checkouts/abc/recover?key=k&x=<b>"


@pytest.fixture
def path(shop: Shop, mailed: Mailed) -> str:
    """Return the link to a Shopify checkout."""
    Shop.objects.filter(pk=shop.pk).update(
        platform=Shop.Platform.SHOPIFY, host="hedge.myshopify.com", locale="nl"
    )
    with access.scope(shop):
        Cart.objects.update(recovery_url=URL)
    return mailed[1]["restore"]


def _counted(shop: Shop) -> list[bool]:
    return [click.counted_at is not None for click in clicks(shop)]


def test_the_page_leads_on_and_counts_nothing_by_itself(
    client: Client, shop: Shop, path: str
) -> None:
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    # The visible link works without scripts.
    assert 'href="https://hedge.myshopify.com/1/checkouts/abc/recover?key=k&amp;' in text
    assert f'data-here="{path}/here"' in text
    assert "utm_source=rebasket" in text
    assert "<b>" not in text
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "connect-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert _counted(shop) == [False]


def test_the_browser_that_goes_on_is_a_person(client: Client, shop: Shop, path: str) -> None:
    client.get(path)
    assert client.post(f"{path}/here").status_code == 204
    assert client.post(f"{path}/here").status_code == 204
    assert _counted(shop) == [True]
    with access.scope(shop):
        assert Entry.objects.filter(kind="restored").count() == 1


def test_looking_ahead_and_heads_count_nothing(client: Client, shop: Shop, path: str) -> None:
    client.head(path)
    client.get(path, headers={"Sec-Purpose": "prefetch;prerender"})
    assert client.get(f"{path}/here").status_code == 405
    assert client.head(f"{path}/here").status_code == 405
    assert _counted(shop) == []


def test_where_the_store_tells_us_this_door_counts_nothing(
    client: Client, shop: Shop, mailed: Mailed
) -> None:
    path = mailed[1]["restore"]
    client.get(path)
    assert client.post(f"{path}/here").status_code == 204
    assert _counted(shop) == [False]


def test_a_wrong_or_old_token_counts_nothing(client: Client, shop: Shop, path: str) -> None:
    assert client.post(f"{path[:-1]}x/here").status_code == 404
    with access.scope(shop):
        Link.objects.update(expires_at=MORNING - timedelta(days=1))
    assert client.post(f"{path}/here").status_code == 410
    assert _counted(shop) == []


def test_one_link_is_reported_so_often_and_no_more(client: Client, path: str) -> None:
    client.get(path)
    answers = [client.post(f"{path}/here").status_code for _ in range(21)]
    assert answers == [204] * 20 + [429]
