"""A running double: two listeners, deliveries by itself, outages and the demonstration's door."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.doubles.base.certificate import write_certificate
from tests.doubles.base.http import Request, Response, as_wsgi
from tests.doubles.base.server import Listener
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.plugin.state import Connection
from tests.doubles.woocommerce.store import PROFILES


class Reader:
    """A receiver that tells when something arrived."""

    def __init__(self) -> None:
        self.got: list[Request] = []
        self.arrived = threading.Condition()

    def __call__(self, request: Request) -> Response:
        with self.arrived:
            self.got.append(request)
            self.arrived.notify_all()
        return Response(200)

    def wait_for(self, count: int) -> list[Request]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.got) >= count, timeout=10)
            return list(self.got)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def reading(reader: Reader) -> Iterator[str]:
    with Listener(as_wsgi(reader)) as listener:
        yield listener.url


def test_both_listeners_answer_and_deliveries_leave_by_themselves(
    reader: Reader, reading: str
) -> None:
    with Store(past_orders=3, clock_tick=0.05) as store:
        key = store.make_key()
        context = ssl.create_default_context(cafile=store.certificate)
        with httpx.Client(verify=context, auth=(key.key, key.secret)) as client:
            made = client.post(
                f"{store.https_url}/wp-json/wc/v3/webhooks",
                json={"topic": "order.created", "delivery_url": f"{reading}/h", "secret": "s"},
            )
            assert made.status_code == 201
            assert client.get(f"{store.url}/wp-json/wc/v3/products").status_code == 401
            orders = client.get(f"{store.https_url}/wp-json/wc/v3/orders").json()
        assert len(orders) == 3
        order = store.place_order(products=[(store.buyable()[0].id, 1)])
        ping, told = reader.wait_for(2)
        assert dict(parse_qsl(ping.body.decode())) == {"webhook_id": "1"}
        assert json.loads(told.body)["id"] == order.id
        assert told.headers["x-wc-webhook-source"] == f"{store.https_url}/"
    assert [one.ping for one in store.webhook_deliveries] == [True, False]
    assert store.rest_requests[0].path == "/wc/v3/webhooks"


def test_keys_go_to_an_https_app_which_may_ask_the_shop_before_it_answers(tmp_path: Path) -> None:
    pair = write_certificate(tmp_path, "app")
    proofs: list[int] = []

    def receive(request: Request) -> Response:
        keys = request.json()
        auth = (keys["consumer_key"], keys["consumer_secret"])
        address = f"{store.https_url}/wp-json/wc/v3/orders"
        trust = ssl.create_default_context(cafile=store.certificate)
        proofs.append(httpx.get(address, auth=auth, verify=trust, trust_env=False).status_code)
        return Response(200)

    with (
        Listener(as_wsgi(receive), certificate=pair) as app,
        Store(past_orders=0, app_ca=pair[0]) as store,
    ):
        query = {
            "app_name": "Rebasket",
            "scope": "read_write",
            "user_id": "state",
            "return_url": "http://app.example/return",
            "callback_url": f"{app.url}/callback",
        }
        page = httpx.get(f"{store.url}/wc-auth/v1/authorize", params=query, trust_env=False)
        start = page.text.index("/wc-auth/v1/access_granted/")
        approve = page.text[start : page.text.index('"', start)].replace("&amp;", "&")
        answer = httpx.get(store.url + approve, trust_env=False)
    assert answer.headers["location"] == "http://app.example/return?success=1&user_id=state"
    assert proofs == [200]


def test_reports_leave_the_outbox_by_themselves(reader: Reader, reading: str) -> None:
    with Store(past_orders=0, https_port=None) as store:
        assert store.shop.plugin is not None
        store.shop.plugin.connection = Connection(
            "shop", "s" * 43, reading, "", "", "1", (), box_default=False
        )
        store.add_to_cart(store.visitor(), store.buyable()[0].id)
        [report] = reader.wait_for(1)
    assert report.path == "/hooks/woocommerce/shop/plugin"
    assert json.loads(report.body)["type"] == "cart.changed"


def test_a_shop_goes_down_and_comes_back_at_its_address() -> None:
    with Store(past_orders=0, https_port=None) as store:
        address = f"{store.url}/wp-json/"
        store.go_down()
        with pytest.raises(httpx.ConnectError):
            httpx.get(address, trust_env=False)
        store.come_back()
        assert httpx.get(address, trust_env=False).json()["name"] == "Almgren & Vik"


@pytest.mark.parametrize(
    ("outage", "status", "kind"),
    [("500", 500, "text/html"), ("html", 200, "text/html"), ("redirect", 302, "text/html")],
)
def test_the_demonstrations_door_breaks_the_interfaces_and_leaves_the_pages(
    outage: str, status: int, kind: str
) -> None:
    store = Store(threads=False, past_orders=0)
    transport = httpx.WSGITransport(app=store.wsgi)
    with httpx.Client(transport=transport, base_url="https://shop.test") as client:
        assert client.post("/__double/faults", json={"outage": outage}).json() == {"done": True}
        answer = client.get("/wp-json/")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, kind)
        assert client.get("/").status_code == 200
        assert client.get("/__double/state").json()["shop"] == "Almgren & Vik"


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_each_profile_is_seeded_the_same_each_time(profile: str) -> None:
    first, second = (Store(profile, threads=False) for _ in range(2))
    kinds = [one.kind for one in first.state.products.values()]
    assert len(kinds) - kinds.count("variation") >= 24
    assert {"simple", "variable", "variation"} == set(kinds)
    assert any(one.sale_price for one in first.state.products.values())
    assert any(not one.available for one in first.state.products.values())
    bought = [
        [
            (one.id, one.total, one.billing["email"], one.status)
            for one in store.state.orders.values()
        ]
        for store in (first, second)
    ]
    assert bought[0] == bought[1]
    assert len(bought[0]) == 72


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_page_and_picture_of_a_shop_is_there(profile: str) -> None:
    store = Store(profile, threads=False, past_orders=0)
    settings = store.state.settings
    transport = httpx.WSGITransport(app=store.wsgi)
    with httpx.Client(transport=transport, base_url="https://shop.test") as client:
        home = client.get("/")
        assert f'<html lang="{settings.language}" dir="{settings.direction}">' in home.text
        for product in store.state.products.values():
            if product.kind != "variation":
                assert client.get(f"/product/{product.slug}/").status_code == 200
            for ending in (".png", ".svg"):
                name = product.image.replace(".png", ending)
                picture = client.get(f"/wp-content/uploads/2026/11/{name}")
                assert picture.headers["content-type"].startswith("image/")


def test_a_shopper_buys_a_size_and_a_colour_without_scripts() -> None:
    store = Store(threads=False, past_orders=0)
    transport = httpx.WSGITransport(app=store.wsgi)
    with httpx.Client(
        transport=transport, base_url="https://shop.test", follow_redirects=True
    ) as client:
        form = {"attribute_pa_size": "m", "attribute_pa_colour": "clay", "quantity": "2",
                "add-to-cart": "1"}  # fmt: skip
        page = client.post("/product/everyday-tee/", data=form)
        assert "Everyday Tee is in your cart." in page.text
        assert "M, Clay" in client.get("/cart/").text
        refused = client.post("/checkout/", data={"billing_email": "nobody"})
        assert "E-mail address is needed." in refused.text
    [draft] = store.state.orders.values()
    assert draft.status == "checkout-draft"
