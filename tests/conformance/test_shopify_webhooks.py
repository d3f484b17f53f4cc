"""Webhooks on their way: signatures, headers, retries, faults, and what an uninstall ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from shopify_app import RequestInput, ShopifyApp

from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import abandoned_checkout, full_cart
from tests.doubles.shopify import carts, installing, people, shelving
from tests.doubles.shopify.news import RETRY_WAITS

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _official(secret: str, old: str | None = None) -> ShopifyApp:
    return ShopifyApp(client_id="id", client_secret=secret, old_client_secret=old)


def _verified(app: ShopifyApp, request: httpx.Request) -> bool:
    told: RequestInput = {
        "method": "POST",
        "headers": dict(request.headers),
        "url": str(request.url),
        "body": request.content.decode(),
    }
    return bool(app.verify_webhook_req(told).ok)


def test_shopifys_own_verifier_takes_every_delivery(bench: Bench) -> None:
    abandoned_checkout(bench.shop)
    official = _official(bench.shopify.setup.signing_secret)
    news = bench.news()
    assert len(news) >= 5
    assert all(_verified(official, one) for one in news)
    assert not any(_verified(_official("shpss_another"), one) for one in news)


def test_the_headers_are_complete(bench: Bench) -> None:
    full_cart(bench.shop)
    first, *rest = bench.news()
    assert first.headers["X-Shopify-Topic"] == "carts/create"
    assert first.headers["X-Shopify-Shop-Domain"] == "almgrenvik.myshopify.com"
    assert first.headers["X-Shopify-API-Version"] == "2026-10"
    assert first.headers["Content-Type"] == "application/json"
    datetime.fromisoformat(first.headers["X-Shopify-Triggered-At"])
    ids = [one.headers["X-Shopify-Webhook-Id"] for one in (first, *rest)]
    assert len(set(ids)) == len(ids)


def test_all_news_of_one_action_share_an_event_id(bench: Bench) -> None:
    abandoned_checkout(bench.shop)
    bench.news()
    variant = shelving.buyable(bench.shop)[0]
    shelving.change_variant(bench.shop, variant, stock=0)
    shelving.change_variant(bench.shop, variant, stock=3)
    events = [one.headers["X-Shopify-Event-Id"] for one in bench.news()]
    assert len(events) == 4
    assert len(set(events)) == 2


def test_a_failed_delivery_comes_again_eight_times_the_same(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        full_cart(bench.shop)
        bench.app.answers = [503] * 100
        first = bench.news()
        for wait in RETRY_WAITS:
            assert not bench.news()
            traveller.shift(wait)
            again = bench.news()
            assert [one.content for one in again] == [one.content for one in first]
            assert [one.headers["X-Shopify-Webhook-Id"] for one in again] == [
                one.headers["X-Shopify-Webhook-Id"] for one in first
            ]
        traveller.shift(timedelta(days=2))
        assert not bench.news()
    assert len(RETRY_WAITS) == 8
    assert sum(RETRY_WAITS, timedelta(0)) == timedelta(hours=4)


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_anything_but_a_2xx_is_a_failure(bench: Bench, status: int) -> None:
    carts.new_cart(bench.shop)
    carts.tell_cart(bench.shop, carts.new_cart(bench.shop))
    bench.app.answers = [status]
    bench.news()
    assert len(bench.shop.news.waiting) == 1


def test_a_delivery_is_lost_doubled_held_or_turned_around_on_request(bench: Bench) -> None:
    shop, faults = bench.shop, bench.shop.news.faults
    cart = carts.new_cart(shop)
    variant = shelving.buyable(shop)[0].id

    def change() -> None:
        carts.add_to_cart(shop, cart, variant)

    assert _counted(bench, change) == 1
    faults.drop = 1
    assert _counted(bench, change) == 0
    assert not shop.news.waiting
    faults.duplicate = 1
    assert _counted(bench, change) == 2
    faults.hold = 1
    assert _counted(bench, change) == 0
    assert _counted(bench, lambda: None) == 1
    faults.shuffle = 3
    for _ in range(5):
        change()
    said = [json.loads(one.content)["line_items"][0]["quantity"] for one in bench.news()]
    assert said != sorted(said)


def _counted(bench: Bench, happen: Callable[[], None]) -> int:
    happen()
    return len(bench.news())


def test_the_oldest_secret_signs_until_it_is_revoked(bench: Bench) -> None:
    setup = bench.shopify.setup
    old = setup.signing_secret
    setup.rotate("shpss_new")
    carts.tell_cart(bench.shop, carts.new_cart(bench.shop))
    (before,) = bench.news()
    assert _verified(_official(old), before)
    assert not _verified(_official("shpss_new"), before)
    setup.revoke_oldest()
    carts.tell_cart(bench.shop, carts.new_cart(bench.shop))
    (after,) = bench.news()
    assert _verified(_official("shpss_new"), after)


def test_a_shop_without_the_app_tells_nothing(bench: Bench) -> None:
    installing.uninstall(bench.shop)
    bench.news()
    abandoned_checkout(bench.shop)
    assert bench.news() == []


def test_what_no_scope_covers_is_not_told(bench: Bench) -> None:
    installing.grant_scopes(bench.shop, ["read_products"])
    assert [one.headers["X-Shopify-Topic"] for one in bench.news()] == ["app/scopes_update"]
    abandoned_checkout(bench.shop)
    assert bench.news() == []


def test_the_shop_is_redacted_48_hours_after_the_app_left(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        installing.uninstall(bench.shop)
        assert [one.headers["X-Shopify-Topic"] for one in bench.news()] == ["app/uninstalled"]
        traveller.shift(timedelta(hours=47, minutes=59))
        assert bench.news() == []
        traveller.shift(timedelta(minutes=1))
        (redact,) = bench.news()
    assert redact.headers["X-Shopify-Topic"] == "shop/redact"
    assert redact.url.path == "/hooks/shopify/compliance/"
    assert json.loads(redact.content)["shop_domain"] == "almgrenvik.myshopify.com"


def test_coming_back_in_time_keeps_the_shop(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        installing.uninstall(bench.shop)
        installing.install(bench.shop)
        traveller.shift(timedelta(days=3))
        assert "shop/redact" not in [one.headers["X-Shopify-Topic"] for one in bench.news()]


def test_a_customers_erasure_is_told_ten_days_later(bench: Bench) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        customer = bench.shop.state.customer_with("erik.lund@mail.example")
        assert customer
        people.redact_customer(bench.shop, customer)
        bench.news()
        traveller.shift(timedelta(days=10))
        (redact,) = bench.news()
    told = json.loads(redact.content)
    assert told["customer"]["email"] == "erik.lund@mail.example"
    assert told["orders_to_redact"]
    assert bench.shop.state.customer_with("erik.lund@mail.example") is None


def test_the_app_is_told_only_what_its_configuration_asks_for(bench: Bench) -> None:
    subscribed = {topic for one in bench.shopify.setup.subscriptions for topic in one.topics}
    abandoned_checkout(bench.shop)
    people.request_data(bench.shop, next(iter(bench.shop.state.customers.values())))
    assert {one.headers["X-Shopify-Topic"] for one in bench.news()} <= subscribed


def test_the_second_shop_is_never_heard(bench: Bench) -> None:
    abandoned_checkout(bench.shop)
    assert {one.headers["X-Shopify-Shop-Domain"] for one in bench.news()} == {bench.shop.host}
