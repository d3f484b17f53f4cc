"""The plugin's twin speaks the wire that docs/wire.md describes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shopapp.kit import clock
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.plugin.state import Connection

SECRET = "s" * 43
HOME = "https://shop.test"
CONNECTION = {
    "schema": 1,
    "shop": "a" * 22,
    "secret": SECRET,
    "app_url": "https://app.example",
    "script_url": f"https://app.example/w/{'a' * 22}/rebasket.js",
    "consent": {
        "wording": "Remind me of my cart",
        "version": "2026-11-1",
        "box_countries": ["DE", "SE"],
        "box_default": True,
    },
}


class App:
    """An app that keeps what the plugin posts and answers as it is told."""

    def __init__(self) -> None:
        self.status = 202
        self.posts: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "app.example":
            self.posts.append(request)
        return httpx.Response(self.status)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(one.content) for one in self.posts]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def store(app: App) -> Store:
    return Store(threads=False, past_orders=0, home=HOME, transport=httpx.MockTransport(app))


@pytest.fixture
def browser(store: Store) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(app=store.wsgi)
    with httpx.Client(transport=transport, base_url=HOME, follow_redirects=True) as client:
        yield client


def _connect(store: Store, browser: httpx.Client, **changes: object) -> httpx.Response:
    key = store.make_key()
    return browser.post(
        "/wp-json/wc-rebasket/v1/connection",
        json={**CONNECTION, **changes},
        auth=(key.key, key.secret),
    )


def _put_mug(browser: httpx.Client, store: Store) -> int:
    mug = next(one for one in store.state.products.values() if one.slug == "stoneware-mug")
    assert browser.post(f"/product/{mug.slug}/", data={"add-to-cart": mug.id}).status_code == 200
    return mug.id


def _link(lines: list[list[int]], *, expires_in: int = 900, secret: str = SECRET) -> str:
    expiry = int(clock.now().timestamp()) + expires_in
    body = json.dumps({"v": 1, "c": "click1", "l": lines, "e": expiry}).encode()
    payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    signature = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    return f"/?rebasket-restore={payload}.{signature}&utm_source=rebasket&utm_content=click1"


def test_connecting_answers_what_the_plugin_is(store: Store, browser: httpx.Client) -> None:
    answer = _connect(store, browser)
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
    assert _connect(store, browser, consent={}).status_code == 400


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
    _connect(store, browser)
    mug = _put_mug(browser, store)
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
    _connect(store, browser)
    _put_mug(browser, store)
    [visit] = store.state.visits.values()
    browser.post("/cart/", data={"remove": visit.lines[0].key})
    _put_mug(browser, store)
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
    _connect(store, browser)
    _put_mug(browser, store)
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
    _connect(store, browser)
    app.status = 503
    _put_mug(browser, store)
    _put_mug(browser, store)
    assert store.send_outbox() == 0
    app.status = 202
    assert store.send_outbox() == 2
    ids = [one["event_id"] for one in app.events()]
    assert ids[0] == ids[1] != ids[2]
    assert [one["revision"] for one in app.events()[1:]] == [1, 2]


def test_an_ended_connection_keeps_the_rows_and_says_so(
    store: Store, browser: httpx.Client, app: App
) -> None:
    _connect(store, browser)
    app.status = 410
    _put_mug(browser, store)
    assert store.send_outbox() == 0
    assert store.send_outbox() == 0
    assert len(app.posts) == 1
    page = browser.get("/wp-admin/admin.php?page=rebasket").text
    assert "has ended this connection" in page


def test_poke_sends_what_waits_and_runs_the_queue(
    store: Store, browser: httpx.Client, app: App
) -> None:
    _connect(store, browser)
    _put_mug(browser, store)
    key = store.make_key()
    answer = browser.post("/wp-json/wc-rebasket/v1/poke", auth=(key.key, key.secret))
    assert answer.json() == {"sent": 1, "waiting": 0}
    about = browser.get("/wp-json/wc-rebasket/v1/connection", auth=(key.key, key.secret)).json()
    assert (about["shop"], about["outbox"]) == ("a" * 22, {"waiting": 0, "oldest_at": None})
    assert len(app.posts) == 1


def test_a_restore_link_merges_and_its_landing_is_reported_by_the_page(
    store: Store, browser: httpx.Client, app: App
) -> None:
    _connect(store, browser)
    mug = _put_mug(browser, store)
    tray = next(one for one in store.state.products.values() if one.slug == "serving-tray")
    bowl = next(one for one in store.state.products.values() if one.slug == "breakfast-bowl")
    page = browser.get(_link([[mug, 0, 3], [bowl.id, 0, 1], [tray.id, 0, 1]]))
    assert page.url.path == "/cart/"
    assert dict(page.url.params) == {"utm_source": "rebasket", "utm_content": "click1"}
    assert "Welcome back" in page.text
    assert "no longer available" in page.text
    [visit] = store.state.visits.values()
    assert [(one.product_id, one.quantity) for one in visit.lines] == [(mug, 3), (bowl.id, 1)]
    store.send_outbox()
    assert "link.followed" not in [one["type"] for one in app.events()]
    browser.post("/?wc-ajax=rebasket_landing")
    browser.post("/?wc-ajax=rebasket_landing")
    store.send_outbox()
    followed = [one["data"] for one in app.events() if one["type"] == "link.followed"]
    assert followed == [{"click_ref": "click1", "cart_id": visit.notes["cart_id"]}]


@pytest.mark.parametrize("wrong", ["expired", "forged", "damaged"])
def test_a_wrong_restore_link_changes_nothing(
    store: Store, browser: httpx.Client, wrong: str
) -> None:
    _connect(store, browser)
    mug = _put_mug(browser, store)
    links = {
        "expired": _link([[mug, 0, 5]], expires_in=-1),
        "forged": _link([[mug, 0, 5]], secret="x" * 43),
        "damaged": "/?rebasket-restore=%00.zz",
    }
    page = browser.get(links[wrong])
    assert "This link has expired" in page.text
    [visit] = store.state.visits.values()
    assert [one.quantity for one in visit.lines] == [1]


def test_disconnecting_in_the_shop_tells_the_app_and_forgets(
    store: Store, browser: httpx.Client, app: App
) -> None:
    _connect(store, browser)
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
    _connect(store, browser)
    script = f'<script src="{CONNECTION["script_url"]}" defer></script>'
    for path in ("/", "/cart/", "/product/stoneware-mug/"):
        assert script in browser.get(path).text
