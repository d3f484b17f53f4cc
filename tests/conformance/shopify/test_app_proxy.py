"""The double's app proxy: its signature, what passes, and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest

from shopapp.kit.clock import real_now
from shopapp.platforms.shopify import verify
from tests.conformance.shopify.front import SECRET, AppAnswer, Asked, Front
from tests.doubles.shopify.front.proxy import STRIPPED, sign
from tests.doubles.shopify.installing import uninstall

VECTORS = Path(__file__).parents[2] / "fixtures" / "shopify" / "signature_vectors.json"


def noting(asked: list[Asked], answer: httpx.Response) -> AppAnswer:
    """Return an app that notes what it is asked."""

    def app(request: Asked) -> httpx.Response:
        asked.append(request)
        return answer

    return app


@pytest.mark.parametrize(
    "name", ["app_proxy_logged_in", "app_proxy_anonymous", "app_proxy_old_without_customer"]
)
def test_it_signs_as_documented(name: str) -> None:
    vector = json.loads(VECTORS.read_text())[name]
    query = parse_qsl(vector["query"], keep_blank_values=True)
    signature = dict(query)["signature"]
    assert sign([pair for pair in query if pair[0] != "signature"], vector["secret"]) == signature


def test_what_it_asks_the_app_is_believed_there(front: Front) -> None:
    asked: list[Asked] = []
    front.app = noting(asked, httpx.Response(200, text="hello"))
    browser = front.browser(cookies={"customer": "42"})
    forged = "shop=evil.myshopify.com&logged_in_customer_id=7"
    answer = browser.get(f"/apps/rebasket/config.json?extra=1&extra=2&{forged}")
    assert answer.text == "hello"
    [request] = asked
    assert request.url.path == "/proxy/shopify/config.json"
    call = verify.app_proxy(request.url.query.decode(), (SECRET,), at=real_now())
    assert call is not None
    assert (call.shop, call.customer_id) == ("almgrenvik.myshopify.com", "42")
    assert call.path_prefix == "/apps/rebasket"
    assert call.query == (("extra", "1"), ("extra", "2"))


def test_no_cookie_passes_and_the_listed_headers_are_stripped(front: Front) -> None:
    asked: list[Asked] = []
    sent = dict.fromkeys(
        STRIPPED - {"content-length", "content-encoding", "transfer-encoding"}, "x"
    )
    kept = {"X-Kept": "yes", "Cache-Control": "max-age=60"}
    front.app = noting(asked, httpx.Response(200, headers=sent | kept))
    browser = front.browser(cookies={"secret": "yes"})
    answer = browser.get("/apps/rebasket/x")
    assert "cookie" not in asked[0].headers
    assert [name for name in answer.headers if name in sent] == []
    assert (answer.headers["x-kept"], answer.headers["cache-control"]) == ("yes", "max-age=60")


def test_without_the_app_the_address_is_the_shops_own(front: Front) -> None:
    uninstall(front.shop)
    assert front.browser().get("/apps/rebasket/x").status_code == 404


def test_an_app_that_is_away_is_told_as_such(front: Front) -> None:
    def away(request: Asked) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    front.app = away
    assert front.browser().get("/apps/rebasket/x").status_code == 502
