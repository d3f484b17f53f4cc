"""Who asks: WooCommerce keys by Basic, by query or by OAuth 1.0a, with their recorded refusals."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from urllib.parse import quote

from tests.doubles.base.http import Request
from tests.doubles.woocommerce.errors import ApiError
from tests.doubles.woocommerce.records import ApiKey
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.state import State

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_OAUTH = ("consumer_key", "timestamp", "nonce", "signature", "signature_method")
_TOLERANCE_SECONDS = 15 * 60


def caller(shop: Shop, request: Request) -> ApiKey | None:
    """Return the key behind a request, or None; raises ApiError when it is presented wrongly.

    WooCommerce looks for ``wp-json/wc/`` or ``wp-json/wc-`` anywhere in the address, and knows
    Basic only over TLS.
    """
    if "wp-json/wc/" not in request.uri and "wp-json/wc-" not in request.uri:
        return None
    if request.scheme == "https":
        name, secret = _presented(request)
        key = _key_named(shop.state, name)
        if key and not hmac.compare_digest(key.secret.encode(), secret.encode()):
            raise refused("Consumer secret is invalid.")
        return key
    return _signed(shop, request)


def allow(key: ApiKey, method: str) -> None:
    """Raise ApiError unless the key may do this."""
    if method in _WRITES and "write" not in key.permissions:
        raise refused("The API key provided does not have write permissions.")
    if method not in _WRITES and "read" not in key.permissions:
        raise refused("The API key provided does not have read permissions.")


def refused(message: str) -> ApiError:
    """Return WooCommerce's refusal of a key or signature."""
    return ApiError("woocommerce_rest_authentication_error", message, 401)


def _presented(request: Request) -> tuple[str, str]:
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(coded).decode("utf-8", "replace").partition(":")
        except binascii.Error:
            return "", ""
        return name, secret
    return request.query.get("consumer_key", ""), request.query.get("consumer_secret", "")


def _key_named(state: State, name: str) -> ApiKey | None:
    return next((one for one in state.keys.values() if name and one.key == name), None)


def _signed(shop: Shop, request: Request) -> ApiKey | None:
    query = request.query
    if "oauth_consumer_key" not in query:
        return None
    missing = [f"oauth_{one}" for one in _OAUTH if not query.get(f"oauth_{one}")]
    if missing:
        raise refused(f"Missing OAuth parameter {', '.join(missing)}")
    key = _key_named(shop.state, query["oauth_consumer_key"])
    if key is None:
        raise refused("Consumer key is invalid.")
    expected = _signature(request, query, key.secret)
    if not hmac.compare_digest(expected.encode(), query["oauth_signature"].encode()):
        raise refused("Invalid signature - provided signature does not match.")
    _fresh(shop, query)
    return key


def _fresh(shop: Shop, query: dict[str, str]) -> None:
    """Refuse an old moment or a nonce that was used; signatures stand on real time."""
    stamp = query["oauth_timestamp"]
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > _TOLERANCE_SECONDS:
        raise refused("Invalid timestamp.")
    nonce = query["oauth_consumer_key"] + query["oauth_nonce"]
    with shop.state.lock:
        if nonce in shop.used_nonces:
            raise refused("Invalid nonce - nonce has already been used.")
        shop.used_nonces.add(nonce)


def _signature(request: Request, query: dict[str, str], secret: str) -> str:
    def encoded(text: str) -> str:
        return quote(text, safe="-._~")

    signed = {name: value for name, value in query.items() if name != "oauth_signature"}
    pairs = sorted((encoded(name), encoded(value)) for name, value in signed.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    parts = (request.method, request.root + request.path, joined)
    base = "&".join(encoded(part) for part in parts)
    digest = hashlib.sha1 if query["oauth_signature_method"] == "HMAC-SHA1" else hashlib.sha256
    return base64.b64encode(
        hmac.new(f"{secret}&".encode(), base.encode(), digest).digest()
    ).decode()
