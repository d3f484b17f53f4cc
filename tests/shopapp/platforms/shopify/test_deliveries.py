"""What a webhook's headers say, whether its body is the same shop's, and what makes it the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.connector import WebhookHead
from shopapp.platforms.shopify import topics
from shopapp.platforms.shopify.deliveries import delivery_keys, read_webhook_head, same_store
from tests.shopapp.platforms.shopify.signing import FIXTURES, OTHER_SHOP, SHOP
from tests.shopapp.platforms.shopify.things import sample

VECTORS = json.loads((FIXTURES / "signature_vectors.json").read_text(encoding="utf-8"))
DOCUMENTED: dict[str, str] = VECTORS["webhook_headers_example"]
HEAD = WebhookHead(
    topic="products/update",
    delivery_id="545ebdd4-b7be-4d3d-b14e-54aa78e0e0f9",
    source="snowdevil.myshopify.com",
    signature="xT6yH5jZfQm6Q3lC8nA0r7sV2bP9dK1eL4wG0hM5nYI=",
    said_at=datetime(2025, 7, 10, 16, 15, 47, tzinfo=UTC),
)


def head(topic: str = "orders/updated", **changed: Any) -> WebhookHead:
    return WebhookHead(**{"topic": topic, "delivery_id": "d", "source": SHOP, "signature": "s",
        **changed})  # fmt: skip


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_the_documented_headers_are_read_in_both_spellings() -> None:
    assert read_webhook_head(DOCUMENTED) == HEAD
    new = {name.replace("X-Shopify-", "shopify-"): value for name, value in DOCUMENTED.items()}
    assert read_webhook_head(new) == HEAD
    assert read_webhook_head({name.upper(): value for name, value in new.items()}) == HEAD
    assert read_webhook_head({**DOCUMENTED, **new}) == HEAD


def test_headers_that_contradict_each_other_say_nothing() -> None:
    told = read_webhook_head({**DOCUMENTED, "shopify-hmac-sha256": "other", "shopify-topic": "x"})
    assert (told.signature, told.topic) == ("", "")


def test_without_headers_nothing_is_said() -> None:
    assert read_webhook_head({}) == WebhookHead("", "", "", "")
    long = {"X-Shopify-Webhook-Id": "x" * 151, "X-Shopify-Triggered-At": "yesterday"}
    assert read_webhook_head(long) == WebhookHead("", "", "", "")


@pytest.mark.parametrize("moment", ["", "2025-07-10", "2025-07-10T16:15:47", "x" * 40, "0001-01-01T00:00:00+14:00"])  # fmt: skip  # noqa: E501
def test_a_moment_that_is_none_is_left_out(moment: str) -> None:
    assert read_webhook_head({"X-Shopify-Triggered-At": moment}).said_at is None


def test_a_moment_finer_than_a_clock_is_read() -> None:
    told = read_webhook_head({"X-Shopify-Triggered-At": "2025-07-10T16:15:47.123456789Z"})
    assert told.said_at == datetime(2025, 7, 10, 16, 15, 47, 123456, tzinfo=UTC)


@pytest.mark.parametrize("topic", [*topics.TOPICS, *topics.COMPLIANCE])
def test_what_the_law_asks_for_is_binding(topic: str) -> None:
    told = read_webhook_head({"X-Shopify-Topic": topic})
    assert told.binding is (topic in {"customers/data_request", "customers/redact", "shop/redact"})
    assert topics.is_known(topic)
    assert not topics.is_known(topic + "/x")


def test_a_delivery_is_of_the_shop_that_its_headers_name() -> None:
    assert same_store(head(), b"{}", SHOP)
    assert not same_store(head(), b"{}", OTHER_SHOP)
    assert not same_store(head(source=""), b"{}", "")
    assert not same_store(head(source="evil.example"), b"{}", "evil.example")


@pytest.mark.parametrize("key", ["shop_domain", "myshopify_domain"])
def test_a_body_that_names_another_shop_is_that_shops(key: str) -> None:
    """Headers are not signed: a delivery could be sent again under another shop's name."""
    assert same_store(head(), body({key: SHOP}), SHOP)
    assert same_store(head(), body({key: None}), SHOP)
    assert not same_store(head(), body({key: OTHER_SHOP}), SHOP)
    assert not same_store(head(), body({key: "evil.example"}), SHOP)


def test_a_sample_of_the_law_names_its_shop() -> None:
    told = body(sample("shop/redact", shop_domain=OTHER_SHOP))
    assert not same_store(head("shop/redact"), told, SHOP)
    assert same_store(head("shop/redact", source=OTHER_SHOP), told, OTHER_SHOP)


ORDER: JsonObject = {"id": 1, "updated_at": "2026-11-22T12:00:00Z", "x": 1}


def test_the_same_news_under_another_id_is_the_same_news() -> None:
    first = delivery_keys(head(delivery_id="a"), body(ORDER))
    again = delivery_keys(head(delivery_id="b"), body(ORDER))
    assert (first[0], again[0]) == ("a", "b")
    assert first[1] == again[1] != ""


@pytest.mark.parametrize(
    "other", [{"id": 2}, {"updated_at": "2026-11-22T12:00:01Z"}, {"x": 2}, {"token": "1"}]
)
def test_other_news_are_other_news(other: JsonObject) -> None:
    """More may change within a second than the payload's moments tell apart."""
    assert delivery_keys(head(), body(ORDER))[1] != delivery_keys(head(), body(ORDER | other))[1]


def test_one_things_two_topics_are_two_pieces_of_news() -> None:
    created, paid = head("orders/create"), head("orders/paid")
    assert delivery_keys(created, body(ORDER))[1] != delivery_keys(paid, body(ORDER))[1]


@pytest.mark.parametrize("topic", sorted(topics.TOPICS))
def test_news_with_a_moment_have_a_content_of_their_own(topic: str) -> None:
    family, _, event = topic.partition("/")
    dated = family in {"carts", "checkouts", "orders", "customers", "products"}
    assert bool(delivery_keys(head(topic), body(ORDER))[1]) is (dated and event != "delete")


@pytest.mark.parametrize("odd", [{}, {"id": 1}, {"id": [], "updated_at": "x"}, [], 5])
def test_news_without_a_thing_or_a_moment_may_be_new_each_time(odd: object) -> None:
    assert delivery_keys(head(), body(odd))[1] == ""


def test_a_delivery_without_an_id_is_known_by_its_body() -> None:
    one, other = head(delivery_id=""), head("orders/create", delivery_id="")
    assert delivery_keys(one, b"{}")[0] == delivery_keys(one, b"{}")[0]
    keys = {
        delivery_keys(one, b"{}")[0],
        delivery_keys(one, b"[]")[0],
        delivery_keys(other, b"{}")[0],
    }
    assert len(keys) == 3


@settings(deadline=None)
@given(st.text(max_size=200), st.binary(max_size=50))
def test_keys_are_never_too_long_and_nothing_fails(text: str, raw: bytes) -> None:
    told = read_webhook_head({"X-Shopify-Topic": text, "X-Shopify-Webhook-Id": text})
    assert all(len(key) <= 150 for key in delivery_keys(told, raw))
    longest = max(topics.TOPICS, key=len)
    assert all(len(key) <= 150 for key in delivery_keys(head(longest, delivery_id=""), raw))
    same_store(told, raw, SHOP)
