"""A store's answers are told apart: news, refusals, and what stands in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from shopapp.platforms.answers import KeysRefused, NotFound, StoreSaidNo, StoreUnavailable
from shopapp.platforms.connector import Where
from shopapp.platforms.woocommerce.answers import PageInsteadOfData
from shopapp.platforms.woocommerce.client import Client
from tests.shopapp.platforms.woocommerce.recordings import answers
from tests.shopapp.platforms.woocommerce.stand_in import Answer, page, recorded, store

CK, CS = "ck_" + "a" * 40, "cs_" + "b" * 40
ORDERS = Where("orders", "full", datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _client(url: str, **options: Any) -> Client:
    return Client(url, CK, CS, pause=lambda seconds: None, **options)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("rest-v3/err_401_bad_key", KeysRefused),
        ("rest-v3/err_401_bad_secret", KeysRefused),
        ("rest-v3/err_401_revoked_key", KeysRefused),
        ("rest-v3/err_basic_over_http", KeysRefused),
        ("rest-v3/rest_route_fallback", KeysRefused),
        ("rest-v3/err_404_order", NotFound),
        ("rest-v3/err_404_route", NotFound),
        ("rest-v3/products_per_page_101", StoreSaidNo),
        ("rest-v3/webhook_create_bad_topic", StoreSaidNo),
        ("more/rest-v3/orders/refund-too-much-call", StoreUnavailable),
    ],
)
def test_each_recorded_refusal_has_its_type(name: str, error: type[Exception]) -> None:
    with store(lambda asked: recorded(answers()[name])) as (url, _), pytest.raises(error):
        _client(url).order("5")


def test_a_refusal_keeps_the_stores_own_words() -> None:
    refusal = recorded(answers()["rest-v3/products_per_page_101"])
    with store(lambda asked: refusal) as (url, _), pytest.raises(StoreSaidNo) as caught:
        _client(url).order("5")
    assert (caught.value.code, caught.value.status) == ("rest_invalid_param", 400)


def test_a_demoted_user_is_a_refused_key() -> None:
    forbidden = Answer({"code": "woocommerce_rest_cannot_view", "message": "Sorry"}, 403)
    with store(lambda asked: forbidden) as (url, _), pytest.raises(KeysRefused):
        _client(url).order("5")


@pytest.mark.parametrize(
    ("reply", "temporary", "retry_after", "location"),
    [
        (page(), True, None, ""),
        (page(403), True, None, ""),
        (page(404), False, None, ""),
        (page(500), True, None, ""),
        (Answer({}, 503, {"Retry-After": "120"}), True, 120.0, ""),
        (Answer({}, 429, {"Retry-After": "7"}), True, 7.0, ""),
        (Answer({}, 429, {"Retry-After": "Fri, 01 Jan 2027 00:00:00 GMT"}), True, None, ""),
        (
            Answer("", 301, {"Location": "https://new.example/a"}),
            False,
            None,
            "https://new.example/a",
        ),
        (Answer("", 302, {"Location": "javascript:alert(1)"}), False, None, ""),
        (Answer('{"id": 1'), True, None, ""),
        (Answer('{"id": NaN}'), True, None, ""),
        (Answer("[" * 1000), True, None, ""),
        (Answer("[1, 2]"), True, None, ""),
        (Answer("null"), True, None, ""),
    ],
)
def test_an_answer_that_is_no_news_says_whether_to_try_again(
    reply: Answer, temporary: bool, retry_after: float | None, location: str
) -> None:
    with store(lambda asked: reply) as (url, _), pytest.raises(StoreUnavailable) as caught:
        _client(url).order("5")
    error = caught.value
    assert (error.temporary, error.retry_after, error.location) == (
        temporary,
        retry_after,
        location,
    )
    assert error.reason


def test_a_page_with_status_200_is_never_an_empty_list() -> None:
    with store(lambda asked: page()) as (url, _), pytest.raises(PageInsteadOfData):
        _client(url).read(ORDERS)


def test_a_store_that_is_down_or_not_allowed_is_unavailable() -> None:
    with store(lambda asked: Answer({})) as (url, _):
        pass
    with pytest.raises(StoreUnavailable) as down:
        _client(url).order("5")
    with (
        override_settings(ALLOW_LOOPBACK_STORES=False),
        pytest.raises(StoreUnavailable) as refused,
    ):
        _client(url).order("5")
    assert (down.value.temporary, refused.value.temporary) == (True, False)


def test_one_odd_text_does_not_hide_the_other_orders() -> None:
    """Plugins keep binary in an order's meta; the list must still be read before anyone is
    written to."""
    listing = Answer('[{"id": 1, "note": "a\\u0000b"}, {"id": 2}]', 200, {"X-WP-TotalPages": "1"})
    with store(lambda asked: listing) as (url, _):
        told = _client(url).read(ORDERS)
    assert [item.source["id"] for item in told.items] == [1, 2]
