"""Two Shopify shops, and calls through the app proxy as Shopify signs them."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from shopapp.kit.clock import real_now
from shopapp.shops.models import Shop
from tests.conftest import make_shop

SECRET = "hush-hush-hush-hush-hush-hush-hush-hush"
HOST, OTHER_HOST = "almgrenvik.myshopify.com", "hashimoto-mokko.myshopify.com"
TOKEN = "Z2NwLXVzLXdlc3QxOjAxSjBQTVk1Sjc5NVFKTjNOVlhLWENXQUI1"


@pytest.fixture
def shopify_shop(db: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a Shopify shop; another is beside it."""
    monkeypatch.setenv("SHOPIFY_API_KEY", "client-id-123")
    monkeypatch.setenv("SHOPIFY_API_SECRET", SECRET)
    make_shop(OTHER_HOST, platform="shopify", currency="JPY", decimals=0)
    return make_shop(HOST, platform="shopify", url="https://almgrenvik.example")


def signed(*, secret: str = SECRET, age: int = 0, **changes: str | None) -> dict[str, str]:
    """Return the query of a proxied call; a change of None leaves a parameter out."""
    usual: dict[str, str | None] = {
        "shop": HOST,
        "logged_in_customer_id": "",
        "path_prefix": "/apps/rebasket",
        "timestamp": str(int(real_now().timestamp()) - age),
        "country": "DE",
        "locale": "sv",
    }
    query = {key: value for key, value in (usual | changes).items() if value is not None}
    message = "".join(sorted(f"{key}={value}" for key, value in query.items()))
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    return {**query, "signature": digest}


def address(query: dict[str, str]) -> str:
    """Return where the proxy sends this query."""
    return f"/proxy/shopify/config.json?{urlencode(query)}"
