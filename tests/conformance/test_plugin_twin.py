"""The plugin's twin speaks the wire that docs/wire.md describes."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid

import httpx

from tests.conformance.twin import CONNECTION, HOME, SECRET, App, connect, put_mug
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.plugin.state import Connection


def test_connecting_answers_what_the_plugin_is(store: Store, browser: httpx.Client) -> None:
    answer = connect(store, browser)
    assert answer.status_code == 200
    assert answer.json() == {
        "schema": 1,
        "plugin": "1.0.0",
        "woocommerce": "10.9.1",
        "wordpress": "7.0.4",
        "php": "8.2.36",
        "merchant_email": "owner@almgrenvik.example",
        "home_url": "https://shop.test/",
        "plain_permalinks": False,
        "own_cart_mail": False,
    }


def test_only_woocommerce_keys_open_the_plugins_routes(browser: httpx.Client) -> None:
    answer = browser.post("/wp-json/wc-rebasket/v1/connection", json=CONNECTION)
    assert (answer.status_code, answer.json()["code"]) == (401, "rest_forbidden")


def test_an_incomplete_connection_is_refused(store: Store, browser: httpx.Client) -> None:
    assert connect(store, browser, consent={}).status_code == 400


def test_plain_permalinks_need_the_decoy(app: App) -> None:
    store = Store(threads=False, past_orders=0, home=HOME, plain_permalinks=True,
                  transport=httpx.MockTransport(app))  # fmt: skip
    key = store.make_key()
    with httpx.Client(transport=httpx.WSGITransport(app=store.wsgi), base_url=HOME) as client:
        client.auth = (key.key, key.secret)
        route = "/index.php?rest_route=/wc-rebasket/v1/connection"
        assert client.get("/wp-json/wc/v3/products").headers["content-type"].startswith("text/html")
        assert client.get(route).status_code == 401
        assert client.get(f"{route}&_u=wp-json/wc-").json()["plain_permalinks"] is True


def test_a_changed_cart_is_reported_once_with_a_signature(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    mug = put_mug(browser, store)
    browser.get("/cart/")
    assert store.send_outbox() == 1
    [post] = app.posts
    assert str(post.url) == f"https://app.example/hooks/woocommerce/{'a' * 22}/plugin"
    stamp, digest = re.fullmatch(
        r"t=(\d+),v1=([0-9a-f]{64})", post.headers["x-rebasket-signature"]
    ).groups()  # type: ignore[union-attr]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + post.content, hashlib.sha256)
    assert digest == expected.hexdigest()
    [event] = app.events()
    assert (event["schema"], event["type"], event["revision"]) == (1, "cart.changed", 1)
    assert uuid.UUID(event["event_id"]).version == 4
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["changed_at"])
    data = event["data"]
    assert (data["stage"], data["currency"], data["decimals"]) == ("cart", "EUR", 2)
    assert data["total_minor"] == 2200 + 600
    assert [(one["product_id"], one["quantity"]) for one in data["lines"]] == [(mug, 1)]
    assert data["shopper"]["email"] is None
    cart = browser.get("/wp-json/wc/store/v1/cart").json()
    assert cart["extensions"] == {"rebasket": {"cart_id": data["cart_id"]}}


def test_an_emptied_cart_is_reported_and_a_purchase_is_an_order(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    put_mug(browser, store)
    [visit] = store.state.visits.values()
    browser.post("/cart/", data={"remove": visit.lines[0].key})
    put_mug(browser, store)
    address = {"first_name": "Anna", "last_name": "Holm", "address_1": "Storgatan 1",
               "postcode": "211 20", "city": "Malmö", "country": "SE"}  # fmt: skip
    form = {f"billing_{key}": value for key, value in address.items()}
    form |= {"billing_email": "anna@shopper.example", "payment_method": "cod"}
    browser.get("/checkout/")
    page = browser.post("/checkout/", data=form)
    assert "anna@shopper.example" in page.text
    store.send_outbox()
    events = app.events()
    assert [one["type"] for one in events] == ["cart.changed"] * 4 + ["order.placed"]
    assert [len(one["data"]["lines"]) for one in events[:4]] == [1, 0, 1, 1]
    assert events[3]["data"]["stage"] == "checkout"
    placed = events[4]["data"]
    meta = {row["key"]: row["value"] for row in placed["order"]["meta_data"]}
    assert meta["_rebasket_cart_id"] == placed["cart_id"] == events[0]["data"]["cart_id"]
    assert placed["order"]["status"] == "processing"
    assert "anna@shopper.example" not in json.dumps([one["data"] for one in events[:4]])


def test_a_typed_address_leaves_only_with_the_box_where_the_country_asks(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    put_mug(browser, store)
    page = browser.get("/checkout/")
    assert "Remind me of my cart" in page.text
    typed = {"billing_email": "anna@shopper.example", "billing_country": "SE"}
    browser.post("/?wc-ajax=checkout_fields", data=typed)
    browser.post("/?wc-ajax=checkout_fields", data={**typed, "rebasket_consent": "yes"})
    browser.post("/?wc-ajax=checkout_fields", data={**typed, "billing_country": "US"})
    store.send_outbox()
    told = [one["data"]["shopper"] for one in app.events()]
    emails = [one["email"] for one in told]
    assert emails == [None, None, None, "anna@shopper.example", "anna@shopper.example"]
    assert told[3]["email_source"] == "checkout"
    assert told[3]["consent"]["version"] == "2026-11-1"
    assert told[4]["consent"] is None


def test_what_fails_waits_in_order_and_keeps_its_event_id(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    app.status = 503
    put_mug(browser, store)
    put_mug(browser, store)
    assert store.send_outbox() == 0
    app.status = 202
    assert store.send_outbox() == 2
    ids = [one["event_id"] for one in app.events()]
    assert ids[0] == ids[1] != ids[2]
    assert [one["revision"] for one in app.events()[1:]] == [1, 2]


def test_an_ended_connection_keeps_the_rows_and_says_so(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    app.status = 410
    put_mug(browser, store)
    assert store.send_outbox() == 0
    assert store.send_outbox() == 0
    assert len(app.posts) == 1
    page = browser.get("/wp-admin/admin.php?page=rebasket").text
    assert "has ended this connection" in page


def test_poke_sends_what_waits_and_runs_the_queue(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    put_mug(browser, store)
    key = store.make_key()
    answer = browser.post("/wp-json/wc-rebasket/v1/poke", auth=(key.key, key.secret))
    assert answer.json() == {"sent": 1, "waiting": 0}
    about = browser.get("/wp-json/wc-rebasket/v1/connection", auth=(key.key, key.secret)).json()
    assert (about["shop"], about["outbox"]) == ("a" * 22, {"waiting": 0, "oldest_at": None})
    assert len(app.posts) == 1


def test_disconnecting_in_the_shop_tells_the_app_and_forgets(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    page = browser.post("/wp-admin/admin.php?page=rebasket")
    assert 'id="connect"' in page.text
    assert [one["type"] for one in app.events()] == ["plugin.stopped"]
    assert store.shop.plugin is not None
    assert store.shop.plugin.connection is None


def test_the_box_is_wanted_by_country_and_by_default_when_unknown() -> None:
    connection = Connection("a", "b", "c", "d", "w", "v", ("DE",), box_default=True)
    wanted = {country: connection.wants_box(country) for country in ("DE", "US", "")}
    assert wanted == {"DE": True, "US": False, "": True}


def test_the_script_is_on_every_page_once_connected(store: Store, browser: httpx.Client) -> None:
    assert "rebasket.js" not in browser.get("/").text
    connect(store, browser)
    script = f'<script src="{CONNECTION["script_url"]}" defer></script>'
    for path in ("/", "/cart/", "/product/stoneware-mug/"):
        assert script in browser.get(path).text
