"""Signatures: what Shopify signed is believed, and nothing that differs from it by one byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopapp.platforms.shopify import verify
from tests.shopapp.platforms.shopify import signing
from tests.shopapp.platforms.shopify.signing import (
    FIXTURES,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
)

VECTORS = json.loads((FIXTURES / "signature_vectors.json").read_text(encoding="utf-8"))
STAMP = str(int(NOW.timestamp()))
SECRETS = (SECRET, OLD_SECRET)
ADMIN = {"shop": SHOP, "timestamp": STAMP, "state": "nonce", "code": "abc", "host": "YWRt"}
PROXY = [
    ("shop", SHOP),
    ("logged_in_customer_id", "42"),
    ("path_prefix", "/apps/rebasket"),
    ("timestamp", STAMP),
    ("page", "cart"),
]


def mutations(text: str) -> list[str]:
    """Return the text with each character replaced, by its neighbour and by a few others."""
    return [
        text[:at] + other + text[at + 1 :]
        for at, one in enumerate(text)
        for other in {chr(ord(one) ^ 1), "0", "a", "&", "=", "%", " ", "é"} - {one}
    ]


def vector(name: str) -> tuple[str, str, datetime]:
    told: dict[str, Any] = VECTORS[name]
    stamp = dict(parse_qsl(told["query"]))["timestamp"]
    return told["query"], told["secret"], datetime.fromtimestamp(int(stamp), UTC)


@pytest.mark.parametrize(
    ("name", "customer"),
    [("app_proxy_logged_in", "1"), ("app_proxy_anonymous", ""),
     ("app_proxy_old_without_customer", "")],
)  # fmt: skip
def test_the_documented_proxy_requests_are_believed(name: str, customer: str) -> None:
    query, secret, at = vector(name)
    assert verify.app_proxy(query, (secret,), at=at) == verify.ProxyCall(
        shop="shop-name.myshopify.com",
        customer_id=customer,
        path_prefix="/apps/awesome_reviews",
        query=(("extra", "1"), ("extra", "2")),
    )


def test_the_documented_oauth_request_is_believed() -> None:
    query, secret, at = vector("oauth_hmac")
    assert verify.admin_query(query, (secret,), at=at) == {
        "code": "0907a61c0c8d55e99db179b68161bc00",
        "shop": "some-shop.myshopify.com",
        "timestamp": "1337178173",
    }


def test_a_webhook_is_believed_with_either_secret_and_with_no_other() -> None:
    body = b'{"id":1}'
    for secret in SECRETS:
        assert verify.webhook(body, signing.webhook(body, secret), SECRETS)
    assert not verify.webhook(body, signing.webhook(body, "shpss_other"), SECRETS)
    assert not verify.webhook(body, signing.webhook(body), ())


def test_an_empty_secret_signs_nothing() -> None:
    body = b'{"id":1}'
    assert not verify.webhook(body, signing.webhook(body, ""), ("",))
    assert verify.app_proxy(signing.proxied(PROXY, ""), ("",), at=NOW) is None
    assert verify.admin_query(signing.admin(ADMIN, ""), ("",), at=NOW) is None


@pytest.mark.parametrize("signature", [None, "", "x", "=" * 44, "é" * 44, "A" * 43 + "\n"])
def test_a_misshapen_signature_is_wrong(signature: str | None) -> None:
    assert not verify.webhook(b"{}", signature, SECRETS)


def test_a_signature_sent_twice_and_a_body_without_anything_are_wrong() -> None:
    right = signing.webhook(b"{}")
    assert not verify.webhook(b"{}", f"{right}, {right}", SECRETS)
    assert not verify.webhook(b"{}", f"{right} ", SECRETS)
    assert not verify.webhook(b"", signing.webhook(b""), SECRETS)


def test_no_byte_of_a_webhook_or_its_signature_can_be_another() -> None:
    body = (FIXTURES / "webhooks" / "customers_create.json").read_bytes()
    signature = signing.webhook(body)
    assert verify.webhook(body, signature, SECRETS)
    for at in range(len(body)):
        for bit in (1, 128):
            changed = body[:at] + bytes([body[at] ^ bit]) + body[at + 1 :]
            assert not verify.webhook(changed, signature, SECRETS)
    for other in mutations(signature):
        assert not verify.webhook(body, other, SECRETS)


def test_no_byte_of_the_admins_query_can_be_another() -> None:
    query = signing.admin(ADMIN)
    assert verify.admin_query(query, SECRETS, at=NOW) == ADMIN
    for other in mutations(query):
        assert verify.admin_query(other, SECRETS, at=NOW) is None, other


def test_no_byte_of_a_proxied_query_can_be_another() -> None:
    query = signing.proxied(PROXY)
    believed = verify.app_proxy(query, SECRETS, at=NOW)
    assert believed is not None
    for other in mutations(query):
        found = verify.app_proxy(other, SECRETS, at=NOW)
        # %2F and %2f are one and the same slash.
        assert found is None or parse_qsl(other) == parse_qsl(query), other


@pytest.mark.parametrize("away", [-91, 91, -86_400])
def test_what_was_signed_a_while_ago_or_later_is_refused(away: int) -> None:
    at = NOW + timedelta(seconds=away)
    assert verify.admin_query(signing.admin(ADMIN), SECRETS, at=at) is None
    assert verify.app_proxy(signing.proxied(PROXY), SECRETS, at=at) is None


@pytest.mark.parametrize("away", [-90, 90])
def test_a_minute_and_a_half_is_just_now(away: int) -> None:
    at = NOW + timedelta(seconds=away)
    assert verify.admin_query(signing.admin(ADMIN), SECRETS, at=at)
    assert verify.app_proxy(signing.proxied(PROXY), SECRETS, at=at)


@pytest.mark.parametrize("stamp", ["", "x", "-1", "1e9", " 1", "9" * 12, f"{STAMP}.0"])
def test_a_moment_that_is_none_is_refused(stamp: str) -> None:
    assert verify.admin_query(signing.admin({**ADMIN, "timestamp": stamp}), SECRETS, at=NOW) is None
    pairs = [(key, stamp if key == "timestamp" else value) for key, value in PROXY]
    assert verify.app_proxy(signing.proxied(pairs), SECRETS, at=NOW) is None


@pytest.mark.parametrize("own", ["shop", "logged_in_customer_id", "path_prefix", "timestamp"])
def test_shopifys_own_parameters_may_not_stand_there_twice(own: str) -> None:
    """A visitor writes the query; Shopify adds its own and signs all of it."""
    pairs = [(own, "7"), *PROXY]
    assert verify.app_proxy(signing.proxied(pairs), SECRETS, at=NOW) is None
    assert verify.app_proxy(signing.proxied([*PROXY, (own, "7")]), SECRETS, at=NOW) is None


def test_a_second_signature_is_refused() -> None:
    query = signing.proxied(PROXY)
    assert verify.app_proxy(f"{query}&signature=x", SECRETS, at=NOW) is None
    assert verify.admin_query(signing.admin(ADMIN) + "&hmac=x", SECRETS, at=NOW) is None
    assert verify.admin_query(signing.admin(ADMIN) + "&state=x", SECRETS, at=NOW) is None


def test_another_shops_proxied_request_is_that_shops() -> None:
    pairs = [("shop", OTHER_SHOP), *PROXY[1:]]
    call = verify.app_proxy(signing.proxied(pairs), SECRETS, at=NOW)
    assert call is not None
    assert call.shop == OTHER_SHOP


@pytest.mark.parametrize(
    "shop",
    ["", "evil.example", "myshopify.com", ".myshopify.com", f"{SHOP}.evil.example", f"x/{SHOP}",
     f"https://{SHOP}", f"{SHOP}:443", f"{SHOP}/", f"user@{SHOP}", f"{SHOP}\n", f" {SHOP}",
     "exam\u212aple.myshopify.com", "a.b.myshopify.com", "-ab.myshopify.com", f"{SHOP}.",
     "exampleshop", "exampleshop.myshopify.com.myshopify.com", "ab\x00.myshopify.com"],
)  # fmt: skip
def test_what_is_no_shop_is_none(shop: str) -> None:
    assert verify.shop_host(shop) == ""
    assert verify.admin_query(signing.admin({**ADMIN, "shop": shop}), SECRETS, at=NOW) is None
    pairs = [("shop", shop), *PROXY[1:]]
    assert verify.app_proxy(signing.proxied(pairs), SECRETS, at=NOW) is None


def test_a_shop_is_written_small() -> None:
    assert verify.shop_host("ExampleShop.MyShopify.com") == SHOP
    assert verify.shop_host(None) == ""


@pytest.mark.parametrize(
    "query", ["", "shop", "%ff=1&" + signing.admin(ADMIN), "é=1", "a=1;b=2", "&" * 20_000]
)
def test_a_misshapen_query_is_refused(query: str) -> None:
    assert verify.admin_query(query, SECRETS, at=NOW) is None
    assert verify.app_proxy(query, SECRETS, at=NOW) is None


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_comes_in_makes_a_check_fail_otherwise(query: str, signature: str) -> None:
    verify.shop_host(query)
    assert not verify.webhook(query.encode("utf-8", "replace"), signature, SECRETS)
    assert verify.admin_query(query, SECRETS, at=NOW) is None
    assert verify.app_proxy(query, SECRETS, at=NOW) is None
    told = {"shop": SHOP, "timestamp": STAMP, "hmac": "0" * 64}
    written = "&".join(f"{key}={value}" for key, value in told.items())
    assert verify.admin_query(f"{written}&{query}", SECRETS, at=NOW) is None


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


@settings(deadline=None)
@given(st.dictionaries(words, words, max_size=5))
def test_whatever_the_page_asks_comes_through_the_proxy(asked: dict[str, str]) -> None:
    pairs = [*asked.items(), *PROXY[:4]]
    call = verify.app_proxy(signing.proxied(pairs), SECRETS, at=NOW)
    if not {"shop", "signature", "timestamp", "path_prefix", "logged_in_customer_id"} & set(asked):
        assert call is not None
        assert list(call.query) == list(asked.items())
