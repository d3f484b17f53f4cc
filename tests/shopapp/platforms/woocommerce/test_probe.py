"""Before anything is connected, the address is looked at, and the merchant told what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.woocommerce.oauth import normalise_store_url
from shopapp.platforms.woocommerce.probe import Found, NoWooCommerce, probe
from tests.shopapp.platforms.woocommerce.recordings import answers
from tests.shopapp.platforms.woocommerce.stand_in import Answer, Asked, page, recorded, store

INDEX = recorded(answers()["rest-v3/index_wp_json"])
FRONT = page(text='<meta name="generator" content="WooCommerce 10.9.1" />')


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def test_a_store_with_pretty_permalinks_is_found() -> None:
    with store(lambda asked: INDEX if asked.path == "/wp-json/" else FRONT) as (url, seen):
        found = probe(normalise_store_url(url))
    assert found == Found(
        address=normalise_store_url(url),
        plain_permalinks=False,
        name="Lab Woo Store",
        home="https://127.0.0.1:8802",
        version="10.9.1",
    )
    assert all("oauth" not in asked.target for asked in seen)


def test_a_store_with_plain_permalinks_is_found_behind_its_front_page() -> None:
    def reply(asked: Asked) -> Answer:
        if asked.path == "/index.php" and asked.query["rest_route"] == "/":
            return INDEX
        return page()

    with store(reply) as (url, _):
        found = probe(normalise_store_url(url))
    assert (found.plain_permalinks, found.version) == (True, "")


def test_a_redirect_leads_to_the_address_that_truly_answers() -> None:
    def reply(asked: Asked) -> Answer:
        if not asked.path.startswith("/butik"):
            return Answer("", 301, {"Location": f"{home[0]}/butik/wp-json/?_fields=name"})
        return INDEX if asked.path == "/butik/wp-json/" else FRONT

    home: list[str] = []
    with store(reply) as (url, _):
        home.append(url)
        found = probe(normalise_store_url(url))
    assert found.address.url == f"{home[0]}/butik"


def test_a_store_that_redirects_without_end_is_unavailable() -> None:
    def reply(asked: Asked) -> Answer:
        return Answer("", 302, {"Location": f"{home[0]}/a{len(seen)}/wp-json/"})

    home: list[str] = []
    with store(reply) as (url, seen):
        home.append(url)
        with pytest.raises(StoreUnavailable, match="circles"):
            probe(normalise_store_url(url))
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (lambda asked: page(), NoWooCommerce, "No WordPress shop"),
        (lambda asked: page(404), NoWooCommerce, "No WordPress shop"),
        (lambda asked: Answer({"hello": 1}), NoWooCommerce, "No WordPress shop"),
        (lambda asked: Answer([1]), NoWooCommerce, "No WordPress shop"),
        (
            lambda asked: Answer({"name": "Blog", "namespaces": ["wp/v2"]}),
            NoWooCommerce,
            "without WooCommerce",
        ),
        (lambda asked: Answer({"code": "rest_login"}, 401), StoreUnavailable, "let us look"),
        (lambda asked: Answer({}, 503), StoreUnavailable, "503"),
        (
            lambda asked: Answer("", 302, {"Location": "/wp-login.php"}),
            StoreUnavailable,
            "another address",
        ),
    ],
)
def test_anything_else_is_told_in_words(
    reply: Callable[[Asked], Answer], error: type[Exception], words: str
) -> None:
    with store(reply) as (url, _), pytest.raises(error, match=words):
        probe(normalise_store_url(url))


def test_a_redirect_to_the_sites_own_login_is_no_shop() -> None:
    def reply(asked: Asked) -> Answer:
        return Answer("", 302, {"Location": f"{home[0]}/wp-login.php?redirect_to=x"})

    home: list[str] = []
    with store(reply) as (url, _):
        home.append(url)
        with pytest.raises(NoWooCommerce):
            probe(normalise_store_url(url))


def test_an_address_inside_our_own_network_is_never_asked() -> None:
    with (
        override_settings(ALLOW_LOOPBACK_STORES=False),
        store(lambda asked: INDEX) as (url, seen),
    ):
        with pytest.raises(StoreUnavailable, match="not a public address"):
            probe(normalise_store_url(url))
        assert seen == []
