"""The double as a process and through its back door, as the demonstration uses it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from shopapp.platforms.base import CartChanged
from shopapp.platforms.shopify.facts import parse_store_facts
from shopapp.platforms.shopify.parse import parse_delivery
from tests.conformance.shopify_bench import Bench
from tests.conformance.shopify_story import abandoned_checkout
from tests.doubles.base.http import Request, Response, as_wsgi
from tests.doubles.base.server import Listener
from tests.doubles.shopify import carts, installing, shelving
from tests.doubles.shopify.stand_in import StandIn

ROOT = Path(__file__).parents[2]


def _act(bench: Bench, name: str, **posted: Any) -> int:
    return bench.browser.post(f"/__double/{name}", json=posted).status_code


def _state(bench: Bench) -> dict[str, Any]:
    told: dict[str, Any] = bench.browser.get("/__double/state").json()
    return told


def test_it_runs_as_a_process_under_any_name() -> None:
    told = [sys.executable, "-m", "tests.doubles.shopify", "--shop", "test-shop", "--all"]
    with subprocess.Popen(told, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            first, second = process.stdout.readline().split(), process.stdout.readline().split()
            assert first[-2] == "test-shop.myshopify.com"
            state = httpx.get(f"{first[-1]}/__double/state", trust_env=False).json()
            assert (state["shop"], state["installed"]) == ("test-shop.myshopify.com", False)
            named = {"X-Stand-In-Host": second[-2]}
            other = httpx.get(f"{first[-1]}/__double/state", headers=named, trust_env=False).json()
            assert other["shop"] == second[-2]
            assert other["url"] == second[-1]
        finally:
            process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_running_shop_sends_by_itself_and_tries_again() -> None:
    answers, arrived = [503, 200], threading.Semaphore(0)
    heard: list[Request] = []

    def reader(request: Request) -> Response:
        heard.append(request)
        arrived.release()
        return Response(answers.pop(0))

    with Listener(as_wsgi(reader)) as app, StandIn(app_url=app.url, tick=0.02) as shopify:
        installing.install(shopify.shop)
        cart = carts.new_cart(shopify.shop)
        carts.add_to_cart(shopify.shop, cart, shelving.buyable(shopify.shop)[0].id)
        assert arrived.acquire(timeout=10)
        while not shopify.shop.news.waiting:
            time.sleep(0.01)
        shopify.shop.news.waiting[0].due_at = shopify.shop.now()
        assert arrived.acquire(timeout=10)
    first, second = heard
    assert first.path == "/hooks/shopify/"
    assert first.body == second.body
    assert first.headers["x-shopify-webhook-id"] == second.headers["x-shopify-webhook-id"]
    assert first.headers["x-shopify-topic"] == "carts/create"


def test_the_back_door_acts_on_the_shop_and_its_news_follow(bench: Bench) -> None:
    variant = shelving.buyable(bench.shop)[0]
    customer = bench.shop.state.customer_with("erik.lund@mail.example")
    order = next(one for one in bench.shop.state.orders.values() if not one.refunds)
    assert customer
    assert _act(bench, "price", variant_id=variant.id, price="12.00") == 200
    assert _act(bench, "stock", variant_id=variant.id, stock=0) == 200
    assert _act(bench, "consent", customer_id=customer.id, state="subscribed") == 200
    assert _act(bench, "refund-order", order_id=order.id, amount="1.00") == 200
    assert _act(bench, "cancel-order", order_id=order.id) == 200
    assert _act(bench, "request-data", customer_id=customer.id) == 200
    assert _act(bench, "redact-customer", customer_id=customer.id) == 200
    assert _act(bench, "nonsense") == 404
    assert bench.browser.get("/__double/nonsense").status_code == 404
    before = _state(bench)
    assert before["waiting"] > 5
    assert _act(bench, "run-queue") == 200
    assert {one["status"] for one in bench.browser.get("/__double/deliveries").json()} == {200}
    topics = set(bench.app.topics())
    assert {"orders/cancelled", "variants/out_of_stock", "customers/data_request"} <= topics


def test_the_back_door_breaks_things_and_shows_what_was_asked(bench: Bench) -> None:
    assert _act(bench, "bucket", maximum=10, restore_rate=1) == 200
    bench.post("query Little { shop { name } }")
    bench.post("query Much { collections(first: 100) { nodes { id } } }")
    asked = bench.browser.get("/__double/requests").json()
    assert [(one["operation"], one["throttled"]) for one in asked] == [
        ("Little", False),
        ("Much", True),
    ]
    assert _state(bench)["throttled"] == 1
    assert _act(bench, "faults", outage="503", times=1, drop=1) == 200
    assert bench.post("{ shop { name } }").status_code == 503
    assert _act(bench, "expire-tokens") == 200
    assert bench.post("{ shop { name } }").status_code == 401
    assert _act(bench, "uninstall") == 200
    assert not _state(bench)["installed"]
    assert _act(bench, "install", scopes=["read_orders"]) == 200
    assert _state(bench)["scopes"] == ["read_orders"]


@pytest.mark.parametrize("topic", ["checkouts/update", "checkouts/create"])
def test_redacted_news_are_understood_without_a_person(bench: Bench, topic: str) -> None:
    bench.shop.news.faults.redact = True
    abandoned_checkout(bench.shop)
    found = [one for one in bench.news() if one.headers["X-Shopify-Topic"] == topic]
    told = json.loads(found[-1].content)
    assert told["email"] is None
    shop = bench.ask(
        """{ shop { name email currencyCode ianaTimezone taxesIncluded
        primaryDomain { url } shopAddress { countryCodeV2 } } }"""
    )["shop"]
    (event,) = parse_delivery(topic, found[-1].content, parse_store_facts(shop))
    assert isinstance(event, CartChanged)
    assert event.shopper.email == ""
    assert event.lines
