"""The door that a platform sends all shops' webhooks to: signed first, then whose, then once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from recovery.ingest import handling, services
from recovery.ingest.models import Delivery
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING, make_shop
from tests.recovery.ingest.conftest import inbox

SECRET, OLD_SECRET = "hush", "older-hush"
HEDGE, HEATH = "hedge.myshopify.com", "heath.myshopify.com"
CART = json.dumps({"token": "abc", "updated_at": "2026-11-23T06:00:00Z", "line_items": []}).encode()

Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPIFY_API_KEY", "app-id")
    monkeypatch.setenv("SHOPIFY_API_SECRET", SECRET)
    monkeypatch.delenv("SHOPIFY_API_SECRET_OLD", raising=False)


@pytest.fixture
def hedge(db: None) -> Shop:
    """Return a Shopify shop; another one is beside it."""
    make_shop(HEATH, platform=Shop.Platform.SHOPIFY)
    return make_shop(HEDGE, platform=Shop.Platform.SHOPIFY)


@pytest.fixture
def post(client: Client) -> Post:
    """Return a function that posts a webhook as Shopify does."""

    def knock(
        topic: str = "carts/update",
        body: bytes = CART,
        *,
        secret: str = SECRET,
        door: str = "/hooks/shopify/",
        **said: str,
    ) -> Any:
        signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        headers = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
            "X-Shopify-Shop-Domain": HEDGE,
            "X-Shopify-Webhook-Id": "w-1",
            "X-Shopify-Triggered-At": "2026-11-23T06:00:01Z",
        } | {name.replace("_", "-"): value for name, value in said.items()}
        return client.post(door, body, content_type="application/json", headers=headers)

    return knock


def test_a_signed_delivery_is_kept_for_its_shop(hedge: Shop, post: Post) -> None:
    assert post().status_code == 200
    (row,) = inbox(hedge)
    assert (row.topic, bytes(row.body), row.state) == ("carts/update", CART, "new")
    assert row.said_at == datetime(2026, 11, 23, 6, 0, 1, tzinfo=UTC)
    assert inbox(Shop.objects.get(host=HEATH)) == []


@pytest.mark.parametrize(
    "said",
    [
        {"secret": "guessed"},
        {"X_Shopify_Hmac_Sha256": ""},
        {"X_Shopify_Hmac_Sha256": "bm90IGEgc2lnbmF0dXJl"},
        {"secret": "guessed", "X_Shopify_Shop_Domain": "nobody.myshopify.com"},
        {"secret": "guessed", "X_Shopify_Shop_Domain": "https://evil.example"},
        {"secret": "guessed", "topic": "customers/redact"},
    ],
)
def test_the_unsigned_learn_nothing(hedge: Shop, post: Post, said: dict[str, str]) -> None:
    refused = post(**said)
    assert refused.status_code == 401
    assert refused.json() == post(secret="guessed").json()
    assert inbox(hedge) == []


def test_without_a_secret_nobody_is_believed(
    hedge: Shop, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPIFY_API_SECRET", "")
    assert post(secret="").status_code == 401
    assert post(door="/hooks/woocommerce/").status_code == 401
    assert inbox(hedge) == []


def test_while_a_secret_is_replaced_both_count(
    hedge: Shop, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert post(secret=OLD_SECRET).status_code == 401
    monkeypatch.setenv("SHOPIFY_API_SECRET_OLD", OLD_SECRET)
    assert post(secret=OLD_SECRET).status_code == 200
    assert len(inbox(hedge)) == 1


def test_a_shop_that_is_not_here_yet_is_asked_for_again(hedge: Shop, post: Post) -> None:
    assert post(X_Shopify_Shop_Domain="nobody.myshopify.com").status_code == 404
    assert post(X_Shopify_Shop_Domain="").status_code == 404


@pytest.mark.parametrize("door", ["/hooks/shopify/", "/hooks/shopify/compliance/"])
def test_what_binds_us_is_answered_for_shops_that_never_were_here(
    hedge: Shop, post: Post, door: str
) -> None:
    answer = post("shop/redact", b"{}", door=door, X_Shopify_Shop_Domain="nobody.myshopify.com")
    assert answer.status_code == 200
    assert inbox(hedge) == []


def test_a_shop_that_left_gets_only_what_binds_us(hedge: Shop, post: Post) -> None:
    Shop.objects.filter(pk=hedge.pk).update(state=Shop.State.UNINSTALLED, uninstalled_at=MORNING)
    assert post().status_code == 410
    body = json.dumps({"shop_domain": HEDGE}).encode()
    redact = {"body": body, "door": "/hooks/shopify/compliance/"}
    assert post("shop/redact", **redact).status_code == 200
    assert [row.topic for row in inbox(hedge)] == ["shop/redact"]


def test_the_same_delivery_counts_once(hedge: Shop, post: Post) -> None:
    assert [post().status_code for _ in range(3)] == [200, 200, 200]
    assert len(inbox(hedge)) == 1


def test_the_same_content_under_another_id_counts_once(hedge: Shop, post: Post) -> None:
    assert post().status_code == 200
    assert post(X_Shopify_Webhook_Id="w-2").status_code == 200
    assert len(inbox(hedge)) == 1
    newer = CART.replace(b"06:00:00", b"06:00:09")
    assert post(body=newer, X_Shopify_Webhook_Id="w-3").status_code == 200
    assert len(inbox(hedge)) == 2


def test_a_race_for_the_same_content_is_no_error(hedge: Shop) -> None:
    def receive(event_key: str, content_key: str = "") -> bool:
        return services.receive(
            hedge,
            source="webhook",
            topic="t",
            event_key=event_key,
            content_key=content_key,
            body=b"{}",
            at=MORNING,
        )

    assert receive("1", "same")
    assert not receive("2", "same")
    assert receive("3")
    assert receive("4")


def test_a_body_of_another_shop_waits_for_a_person(hedge: Shop, post: Post) -> None:
    body = json.dumps({"shop_domain": HEATH, "customer": {"id": 1}}).encode()
    assert post("customers/redact", body).status_code == 200
    (row,) = inbox(hedge)
    assert row.state == Delivery.State.QUARANTINED
    assert inbox(Shop.objects.get(host=HEATH)) == []


def test_no_platform_has_no_door(client: Client, db: None) -> None:
    assert client.post("/hooks/nowhere/").status_code == 404
    assert client.get("/hooks/shopify/").status_code == 405


def test_an_uninstall_ends_the_shop_without_asking_anybody(hedge: Shop, post: Post) -> None:
    body = json.dumps({"id": 1, "myshopify_domain": HEDGE}).encode()
    assert post("app/uninstalled", body).status_code == 200
    assert handling.handle_waiting(hedge, at=MORNING) == 1
    hedge.refresh_from_db()
    assert hedge.state == Shop.State.UNINSTALLED
    assert post(X_Shopify_Webhook_Id="w-9").status_code == 410
    other = Shop.objects.get(host=HEATH)
    assert other.state == Shop.State.CONNECTED
    with access.scope(hedge):
        assert Delivery.objects.get().state == "handled"


def test_the_same_words_at_another_moment_are_other_news(hedge: Shop, post: Post) -> None:
    """Taken out, put in again, taken out: the bodies are the same, and an id may be missing."""
    body = json.dumps({"domain": HEDGE, "myshopify_domain": HEDGE}).encode()
    for moment in ("2026-11-23T06:00:01Z", "2026-11-23T06:00:01Z", "2026-11-23T07:00:01Z"):
        told = {"X_Shopify_Webhook_Id": "", "X_Shopify_Triggered_At": moment}
        assert post("app/uninstalled", body, **told).status_code == 200
    assert [row.said_at.hour for row in inbox(hedge) if row.said_at] == [6, 7]
