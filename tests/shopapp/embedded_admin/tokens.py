"""ID tokens as Shopify's admin signs them, and as nobody should."""

from __future__ import annotations

import time
from typing import Any

import jwt

APP = "http://testserver"
APP_KEY = "a-shopify-app"
SECRET = "shpss_a-secret-of-thirty-two-letters"
HOST = "hedge.myshopify.com"
OTHER_HOST = "thorn.myshopify.com"


def id_token(
    host: str = HOST,
    user: str = "7",
    *,
    secret: str = SECRET,
    algorithm: str = "HS256",
    **claims: Any,
) -> str:
    """Return a token of this shop's member of staff, signed just now."""
    now = int(time.time())
    told = {
        "iss": f"https://{host}/admin",
        "dest": f"https://{host}",
        "aud": APP_KEY,
        "sub": user,
        "exp": now + 60,
        "nbf": now,
        "iat": now,
        "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
        "sid": "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
    }
    return jwt.encode(told | claims, secret if algorithm != "none" else "", algorithm=algorithm)


def bearer(token: str) -> dict[str, str]:
    """Return the header with which a script of ours comes."""
    return {"authorization": f"Bearer {token}", "x-embedded": "1", "hx-request": "true"}
