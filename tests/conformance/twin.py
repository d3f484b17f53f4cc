"""An app for the plugin's twin to talk to, and the steps that its tests share."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx

from shopapp.kit import clock
from tests.doubles.woocommerce import Store

SECRET = "s" * 43
HOME = "https://shop.test"
CONNECTION: dict[str, Any] = {
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


def connect(store: Store, browser: httpx.Client, **changes: object) -> httpx.Response:
    key = store.make_key()
    return browser.post(
        "/wp-json/wc-rebasket/v1/connection",
        json={**CONNECTION, **changes},
        auth=(key.key, key.secret),
    )


def put_mug(browser: httpx.Client, store: Store) -> int:
    mug = next(one for one in store.state.products.values() if one.slug == "stoneware-mug")
    assert browser.post(f"/product/{mug.slug}/", data={"add-to-cart": mug.id}).status_code == 200
    return mug.id


def restore_link(lines: list[list[int]], *, expires_in: int = 900, secret: str = SECRET) -> str:
    expiry = int(clock.now().timestamp()) + expires_in
    body = json.dumps({"v": 1, "c": "click1", "l": lines, "e": expiry}).encode()
    payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    signature = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    return f"/?rebasket-restore={payload}.{signature}&utm_source=rebasket&utm_content=click1"
