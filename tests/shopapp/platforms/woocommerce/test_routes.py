"""Addresses and signatures are those that a real WooCommerce accepted."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from woocommerce.oauth import OAuth

from shopapp.platforms.woocommerce.routes import Routes, signed
from tests.shopapp.platforms.woocommerce.recordings import answers

CK = "ck_45a77f5547c386eba315d80341067709b3217504"
CS = "cs_03d351250123dc0f87a37914428e37e829d1a7e7"


@pytest.mark.parametrize("name", ["oauth1_http_products", "oauth1_http_orders_post"])
def test_a_recorded_signed_request_is_signed_alike(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorded answers are 200 and 201: WooCommerce itself has judged these signatures."""
    recording = answers()[f"rest-v3/{name}"]
    parts = urlsplit(recording["request"]["url"])
    recorded = dict(parse_qsl(parts.query))
    monkeypatch.setattr(OAuth, "generate_nonce", staticmethod(lambda: recorded["oauth_nonce"]))
    plain = {key: value for key, value in recorded.items() if not key.startswith("oauth")}
    routes = Routes(f"{parts.scheme}://{parts.netloc}")
    url = routes.of("wc/v3", parts.path.rpartition("/")[2], plain)
    moment = datetime.fromtimestamp(int(recorded["oauth_timestamp"]), UTC)
    with time_machine.travel(moment, tick=False):
        ours = signed(recording["request"]["method"], url, consumer_key=CK, consumer_secret=CS)
    assert recording["response"]["status"] in {200, 201}
    assert urlsplit(ours).path == parts.path
    assert dict(parse_qsl(urlsplit(ours).query)) == recorded


def test_routes_follow_the_permalinks() -> None:
    pretty = Routes("https://shop.example/butik")
    plain = Routes("https://shop.example/butik", plain_permalinks=True)
    assert pretty.of("wc/v3", "/orders/5/") == "https://shop.example/butik/wp-json/wc/v3/orders/5"
    assert pretty.index().startswith("https://shop.example/butik/wp-json/?_fields=")
    assert plain.index().startswith("https://shop.example/butik/index.php?rest_route=/&_fields=")
    assert "_u=" not in plain.index()


def test_reading_and_judging_need_neither_django_nor_the_network() -> None:
    """A parser that can reach out or ask a setting is no longer a function of its input."""
    modules = ("parse", "verify", "oauth", "topics")
    imports = "; ".join(f"import shopapp.platforms.woocommerce.{one}" for one in modules)
    check = (
        f"import sys; {imports}; "
        "print([one for one in ('django', 'httpx', 'requests', 'celery') if one in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", check], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.strip() == "[]"
