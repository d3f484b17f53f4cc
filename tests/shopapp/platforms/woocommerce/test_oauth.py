"""A merchant's typing becomes one store; its hand-over is read strictly."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from shopapp.platforms.base import Unreadable
from shopapp.platforms.woocommerce.oauth import (
    BadStoreAddress,
    HandedOver,
    StoreAddress,
    authorize_url,
    normalise_store_url,
    parse_callback,
    same_store,
)
from tests.shopapp.platforms.woocommerce.recordings import ROOT

POSTS = [
    json.loads(line)["body"].encode()
    for line in (ROOT / "wc-auth/callback-posts.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("shop.example", "https://shop.example"),
        ("  Shop.Example/ \n", "https://shop.example"),
        ("https://shop.example", "https://shop.example"),
        ("http://shop.example/", "http://shop.example"),
        ("HTTPS://WWW.SHOP.EXAMPLE", "https://www.shop.example"),
        ("//shop.example", "https://shop.example"),
        ("shop.example.", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("shop.example/wp-admin/", "https://shop.example"),
        ("shop.example/wp-admin/admin.php?page=wc-settings", "https://shop.example"),
        ("shop.example/wp-login.php", "https://shop.example"),
        ("shop.example/wp-json/wc/v3", "https://shop.example"),
        ("shop.example/index.php", "https://shop.example"),
        ("shop.example/?utm_source=x#top", "https://shop.example"),
        ("shop.example/butik/", "https://shop.example/butik"),
        ("shop.example/butik/WP-Admin/plugins.php", "https://shop.example/butik"),
        ("shop.example/wp-adminton", "https://shop.example/wp-adminton"),
        ("shop.example/büro", "https://shop.example/b%C3%BCro"),
        ("shop.example/b%c3%bcro", "https://shop.example/b%C3%BCro"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("localhost:8010", "https://localhost:8010"),
        ("http://127.0.0.1:8010", "http://127.0.0.1:8010"),
        ("http://[::1]:8010/", "http://[::1]:8010"),
    ],
)
def test_what_a_merchant_types_becomes_the_stores_home(typed: str, url: str) -> None:
    store = normalise_store_url(typed)
    assert store == StoreAddress(url, url.partition("://")[2])
    assert normalise_store_url(store.url) == store
    assert store.secure is url.startswith("https")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the address"),
        ("   ", "Enter the address"),
        ("my shop", "not a web address"),
        ("shop", "no ending"),
        ("owner@shop.example", "e-mail"),
        ("https://anna:pass@shop.example", "password"),
        ("https://anna@shop.example/", "user name"),
        ("ftp://shop.example", "begins with https"),
        ("javascript://shop.example", "begins with https"),
        ("https://", "not valid"),
        ("https:///path", "not valid"),
        ("https://shop..example", "not valid"),
        ("https://-shop.example", "not valid"),
        ("https://shop.example:99999", "port"),
        ("https://shop.example:0", "port"),
        ("https://shop.example:http", "port"),
        ("https://1.2.3", "IP address"),
        ("https://999.1.1.1", "IP address"),
        ("https://2130706433", "IP address"),
        ("https://[::1", "web address"),
        ("https://shop.example\\@evil.example", "not a web address"),
        ("https://shop.example\x00", "not a web address"),
        ("<script>.example", "not a web address"),
        ("https://" + "a" * 64 + ".example", "not valid"),
        ("https://shop.example/" + "a" * 600, "not a web address"),
        ("https://xn--\u00fc.example", "not valid"),
    ],
)
def test_nonsense_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(BadStoreAddress, match=words):
        normalise_store_url(typed)


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("http://shop.example/", True),
        ("https://SHOP.example", True),
        ("https://www.shop.example/", False),
        ("https://shop.example/butik/", False),
        ("https://shop.example:8443/", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_store_is_the_same_over_http_and_https(told: str, same: bool) -> None:
    assert same_store(told, normalise_store_url("https://shop.example")) is same


ASKED = {
    "app_name": "Rebasket & Söhne",
    "user_id": "state:1/2+3",
    "return_url": "https://app.example/return/?x=1&y=2",
    "callback_url": "https://app.example/callback/",
}


@pytest.mark.parametrize("plain", [False, True])
def test_the_consent_page_is_asked_with_all_five_parameters(plain: bool) -> None:
    url = authorize_url(
        normalise_store_url("http://shop.example/butik"),
        app_name=ASKED["app_name"],
        state=ASKED["user_id"],
        return_url=ASKED["return_url"],
        callback_url=ASKED["callback_url"],
        plain_permalinks=plain,
    )
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    route = {"wc-auth-version": "1", "wc-auth-route": "authorize"} if plain else {}
    assert query == ASKED | {"scope": "read_write"} | route
    assert parts.path == ("/butik/" if plain else "/butik/wc-auth/v1/authorize")


def test_keys_are_handed_to_https_only() -> None:
    with pytest.raises(ValueError, match="https"):
        authorize_url(
            normalise_store_url("shop.example"),
            app_name="Rebasket",
            state="s",
            return_url="http://app.example/",
            callback_url="http://app.example/",
        )


def test_every_recorded_hand_over_is_read() -> None:
    assert [parse_callback(body).key_id for body in POSTS] == [1, 2, 3, 4, 5, 6]
    assert parse_callback(POSTS[0]) == HandedOver(
        state="merchant-42:state-abc123",
        key_id=1,
        consumer_key="ck_45a77f5547c386eba315d80341067709b3217504",
        consumer_secret="cs_03d351250123dc0f87a37914428e37e829d1a7e7",
        permissions="read_write",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"key_id": "1"},
        {"key_id": 0},
        {"key_id": True},
        {"key_id": None},
        {"user_id": ""},
        {"user_id": 5},
        {"user_id": "x" * 201},
        {"consumer_key": "ck_short"},
        {"consumer_key": "cs_" + "a" * 40},
        {"consumer_key": "ck_" + "a" * 40 + "\n"},
        {"consumer_secret": ["cs_" + "a" * 40]},
        {"key_permissions": "admin"},
    ],
)
def test_a_hand_over_with_a_wrong_value_is_unreadable(changes: dict[str, object]) -> None:
    posted = json.loads(POSTS[0])
    with pytest.raises(Unreadable):
        parse_callback(json.dumps(posted | changes).encode())
    for field in changes:
        del posted[field]
        with pytest.raises(Unreadable):
            parse_callback(json.dumps(posted).encode())


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"user_id=1", POSTS[0][:-1], POSTS[0] + b" " * 5000, b"[" * 5000]
)
def test_a_hand_over_that_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_callback(body)
