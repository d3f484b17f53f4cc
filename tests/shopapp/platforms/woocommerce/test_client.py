"""The client asks as WooCommerce wants to be asked, and tells its answers apart."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import override_settings

from shopapp.kit import egress
from shopapp.platforms.answers import NotFound, StoreUnavailable
from shopapp.platforms.connector import Kind, Where
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce.client import Client
from shopapp.platforms.woocommerce.routes import Routes
from shopapp.platforms.woocommerce.topics import TOPICS
from tests.shopapp.platforms.woocommerce.recordings import answer, answers
from tests.shopapp.platforms.woocommerce.stand_in import Answer, Asked, recorded, store

CK, CS = "ck_" + "a" * 40, "cs_" + "b" * 40


@pytest.fixture(autouse=True)
def _loopback_stores() -> Iterator[None]:
    with override_settings(ALLOW_LOOPBACK_STORES=True, EGRESS_EXTRA_CA_FILE=""):
        yield


def _client(url: str, **options: Any) -> Client:
    return Client(url, CK, CS, pause=lambda seconds: None, **options)


def _since(kind: Kind, *, page: int = 1) -> Where:
    since = datetime(2026, 11, 1, 2, 3, 4, tzinfo=UTC)
    return Where(kind, "since", started_at=since, since=since, page=page)


def _full(kind: Kind, *, page: int = 1) -> Where:
    return Where(kind, "full", started_at=datetime(2026, 11, 1, tzinfo=UTC), page=page)


def _escape(text: str) -> str:
    return quote(text, safe="~").replace("%", "%25")


def _php_signature(asked: Asked, home: str) -> str:
    """Sign as WooCommerce checks it (class-wc-rest-authentication.php), from the raw query."""
    query = {key: value for key, value in asked.query.items() if key != "oauth_signature"}
    pairs = "%26".join(f"{_escape(key)}%3D{_escape(query[key])}" for key in sorted(query))
    base = f"{asked.method}&{quote(home + asked.path, safe='')}&{pairs}"
    digest = hmac.new(f"{CS}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.read(_since("orders")),
        lambda client: client.order("5"),
        lambda client: client.create_webhook(
            name="Rebasket 100%", topic="order.created", delivery_url="https://a.b/c", secret="s"
        ),
        lambda client: client.delete_webhook("5"),
        lambda client: client.plugin_poke(),
    ],
)
def test_over_plain_http_each_request_carries_the_signature_that_woocommerce_expects(
    call: Callable[[Client], object], plain: bool
) -> None:
    with store(lambda asked: Answer([] if asked.path.endswith("orders") else {})) as (url, seen):
        try:
            call(_client(url, plain_permalinks=plain))
        except StoreUnavailable:
            assert plain, "a list was asked for and an object came"
    (asked,) = seen
    assert asked.query["oauth_signature"] == _php_signature(asked, url)
    assert asked.query["oauth_consumer_key"] == CK
    assert "Authorization" not in asked.headers
    assert CS not in asked.target


def test_over_https_the_keys_travel_as_basic_and_never_in_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[str, Any]] = []

    def request(method: str, url: str, **options: Any) -> egress.Response:
        calls.append((url, options["auth"]))
        raise egress.EgressFailed("down")

    monkeypatch.setattr(egress, "request", request)
    with pytest.raises(StoreUnavailable):
        _client("https://shop.example/").order("5")
    assert calls == [("https://shop.example/wp-json/wc/v3/orders/5", (CK, CS))]


def test_plain_permalinks_use_the_decoy_as_readable_text() -> None:
    routes = Routes("https://shop.example", plain_permalinks=True)
    assert routes.of("wc/v3", "orders", {"page": "2"}) == (
        "https://shop.example/index.php?rest_route=/wc/v3/orders&page=2&_u=wp-json/wc/"
    )
    assert routes.of("wc-rebasket/v1", "poke").endswith("&_u=wp-json/wc-")
    with store(lambda asked: Answer({})) as (url, seen):
        _client(url, plain_permalinks=True).plugin_poke()
    assert "rest_route=/wc-rebasket/v1/poke" in seen[0].target
    assert "_u=wp-json/wc-" in seen[0].target


def test_a_list_is_read_page_by_page_in_the_order_of_ids() -> None:
    def reply(asked: Asked) -> Answer:
        number = int(asked.query["page"])
        rows = [{"id": number * 10}, {"id": number * 10 + 1}][: 1 if number == 3 else 2]
        return Answer(rows, headers={"X-WP-Total": "5", "X-WP-TotalPages": "3"})

    with store(reply) as (url, seen):
        client = _client(url)
        pages = [client.read(_since("products", page=page)) for page in (1, 2, 3)]
    assert [(one.ids, one.last, one.total, one.ordered) for one in pages] == [
        (("10", "11"), False, 5, True),
        (("20", "21"), False, 5, True),
        (("30",), True, 5, True),
    ]
    asked = seen[0].query
    assert {name: asked[name] for name in asked if not name.startswith("oauth")} == {
        "per_page": "100",
        "orderby": "id",
        "order": "asc",
        "modified_after": "2026-11-01T02:03:04",
        "dates_are_gmt": "true",
        "page": "1",
    }


def test_a_page_past_the_end_ends_the_list() -> None:
    past = recorded(answers()["rest-v3/products_last_plus1"])
    with store(lambda asked: past) as (url, _):
        told = _client(url).read(_full("products", page=99))
    assert (told.items, told.last) == ((), True)


def test_recorded_lists_are_read() -> None:
    listing = recorded(answers()["rest-v3/orders_modified_after"])
    with store(lambda asked: listing) as (url, _):
        told = _client(url).read(_full("orders"))
    recorded_ids = [row["id"] for row in answer("rest-v3/orders_modified_after")]
    assert [item.source["id"] for item in told.items] == recorded_ids
    assert told.ids == tuple(map(str, recorded_ids))


def test_a_products_variations_are_read_to_the_end_with_a_pause_between_pages() -> None:
    def reply(asked: Asked) -> Answer:
        if "/8/" in asked.path:
            return Answer({"code": "woocommerce_rest_product_invalid_id"}, status=404)
        return Answer([{"id": int(asked.query["page"])}], headers={"X-WP-TotalPages": "3"})

    pauses: list[float] = []
    with store(reply) as (url, _):
        client = Client(url, CK, CS, pause=pauses.append)
        where = Where("variations", "full", datetime(2026, 11, 1, tzinfo=UTC), parents=("7", "8"))
        told = client.read(where)
    # The eighth product is gone, and its variations are asked about one by one.
    assert [(item.id, item.parent) for item in told.items] == [("1", "7"), ("2", "7"), ("3", "7")]
    assert told.last
    assert len(pauses) == 2


def test_a_missing_route_is_no_product_without_variations() -> None:
    no_route = recorded(answers()["rest-v3/err_404_route"])
    where = Where("variations", "full", datetime(2026, 11, 1, tzinfo=UTC), parents=("7",))
    with store(lambda asked: no_route) as (url, _), pytest.raises(StoreUnavailable):
        _client(url).read(where)


def test_of_the_customers_the_newest_are_read_until_older_ones_come() -> None:
    def reply(asked: Asked) -> Answer:
        made = {"1": "2026-11-02T00:00:00", "2": "2026-10-31T00:00:00"}[asked.query["page"]]
        return Answer([{"id": 5, "date_created_gmt": made}], headers={"X-WP-TotalPages": "9"})

    with store(reply) as (url, seen):
        told = [_client(url).read(_since("customers", page=page)) for page in (1, 2)]
    assert [one.last for one in told] == [False, True]
    assert {(one.query["order"], one.query["role"]) for one in seen} == {("desc", "all")}


def test_webhooks_are_made_changed_and_deleted() -> None:
    replies = {
        "GET": recorded(answers()["rest-v3/webhooks_list"]),
        "POST": recorded(answers()["rest-v3/webhook_create_https_order_created"]),
        "PUT": recorded(answers()["rest-v3/webhook_reactivate"]),
        "DELETE": recorded(answers()["rest-v3/webhook_delete"]),
    }
    with store(lambda asked: replies[asked.method]) as (url, seen):
        client = _client(url)
        made = client.create_webhook(
            name="Rebasket", topic="order.created", delivery_url="https://a.example/", secret="s"
        )
        changed = client.update_webhook("20", status="active")
        client.delete_webhook("20")
        listed = client.webhooks()
    assert (made["id"], made["topic"], changed["status"]) == (20, "order.created", "active")
    assert {"order.created", "product.updated"} <= {str(row["topic"]) for row in listed}
    assert seen[0].json == {
        "name": "Rebasket",
        "topic": "order.created",
        "delivery_url": "https://a.example/",
        "secret": "s",
        "status": "active",
    }
    assert seen[1].json == {"status": "active"}
    assert seen[2].query["force"] == "true"


def test_a_webhook_that_is_gone_already_is_deleted() -> None:
    gone = recorded(answers()["rest-v3/webhook_get_404"])
    with store(lambda asked: gone) as (url, _):
        _client(url).delete_webhook("9999")


def test_the_plugins_connection_is_given_read_and_taken() -> None:
    with store(lambda asked: Answer({"schema": 1})) as (url, seen):
        client = _client(url)
        assert client.plugin_connection_post({"schema": 1, "shop": "x"}) == {"schema": 1}
        assert client.plugin_connection_get() == {"schema": 1}
        client.plugin_connection_delete()
    assert [(one.method, one.path) for one in seen] == [
        ("POST", "/wp-json/wc-rebasket/v1/connection"),
        ("GET", "/wp-json/wc-rebasket/v1/connection"),
        ("DELETE", "/wp-json/wc-rebasket/v1/connection"),
    ]
    assert seen[0].json == {"schema": 1, "shop": "x"}


def test_a_store_without_the_plugin_says_not_found() -> None:
    no_route = recorded(answers()["rest-v3/err_404_route"])
    with store(lambda asked: no_route) as (url, _), pytest.raises(NotFound):
        _client(url).plugin_connection_get()


def test_store_facts_are_read_and_the_index_is_asked_without_keys() -> None:
    general = [
        {**row, "value": "yes"} if row["id"] == "woocommerce_calc_taxes" else row
        for row in answer("rest-v3/settings_general")
    ]

    def reply(asked: Asked) -> Answer:
        if asked.path.endswith("/settings/general"):
            return Answer(general)
        if asked.path.endswith("/settings/tax"):
            return Answer([{"id": "woocommerce_prices_include_tax", "value": "yes"}])
        assert not any(name.startswith("oauth") for name in asked.query)
        return recorded(answers()["rest-v3/index_wp_json"])

    with store(reply) as (url, _):
        facts = _client(url).store_facts()
    assert facts == StoreFacts("USD", 2, "America/Los_Angeles", True, "US", "Lab Woo Store")


def test_the_version_is_read() -> None:
    status = recorded(answers()["rest-v3/system_status"])
    with store(lambda asked: status) as (url, _):
        assert _client(url).version() == "10.9.1"


def test_ids_are_numbers_before_they_become_addresses() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        _client("http://127.0.0.1:1").order("../../wp/v2/users")


def test_the_topics_are_those_that_woocommerce_has() -> None:
    assert len(TOPICS) == 11
    assert {"order.restored", "product.restored"} < set(TOPICS)
    assert all(meaning.endswith(".") for meaning in TOPICS.values())
