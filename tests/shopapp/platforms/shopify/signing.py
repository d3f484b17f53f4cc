"""Signing as Shopify signs, written anew for tests: nothing of it is the product's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "shopify"
SHOP, OTHER_SHOP = "exampleshop.myshopify.com", "othershop.myshopify.com"
CLIENT_ID = "client-id-123"
SECRET = "shpss_0123456789abcdef0123456789abcdef"
OLD_SECRET = "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"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def webhook(body: bytes, secret: str = SECRET) -> str:
    """Return the header X-Shopify-Hmac-Sha256 of a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def proxied(pairs: list[tuple[str, str]], secret: str = SECRET) -> str:
    """Return the query of a request through the app proxy."""
    joined: dict[str, str] = {}
    for key, value in pairs:
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    message = "".join(sorted(f"{key}={value}" for key, value in joined.items()))
    return _query([*pairs, ("signature", _hex(message, secret))])


def admin(told: dict[str, str], secret: str = SECRET) -> str:
    """Return the query of a request from the admin."""
    message = _query(sorted(told.items()))
    return _query([*told.items(), ("hmac", _hex(message, secret))])


def id_token(
    secret: str = SECRET, header: dict[str, str] | None = None, /, **claims: object
) -> str:
    """Return an ID token for SHOP; ``claims`` replace its own, None takes one out."""
    now = int(NOW.timestamp())
    told = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": CLIENT_ID,
        "sub": "42",
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
        "sid": "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
        **claims,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    parts = [_part(header or {"alg": "HS256", "typ": "JWT"}), _part(kept)]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _base64(signature)])


def _query(pairs: list[tuple[str, str]]) -> str:
    written = "&".join(f"{_form(key)}={_form(value)}" for key, value in pairs)
    return written.replace("~", "%7E")


def _form(text: str) -> str:
    return quote_plus(text, safe="*")


def _hex(message: str, secret: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def _part(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
