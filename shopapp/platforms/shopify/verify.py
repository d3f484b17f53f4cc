"""Whether a request truly comes from Shopify: webhooks, the app proxy, the admin's first call.

Pure. A secret, signature, shop or moment that is absent, empty, repeated or misshapen is a wrong
one. Several secrets count while one is being replaced: Shopify signs with the oldest that is not
revoked (shopify.dev, "Rotate or revoke client credentials").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from shopify import Session
from shopify.utils.shop_url import sanitize_shop_domain

TOLERANCE = timedelta(seconds=90)
"""How far a signed moment may be from now, as in the official Node library."""

_WEBHOOK_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")
_HEX_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,98}[a-z0-9]\.myshopify\.com")
_CUSTOMER = re.compile(r"[1-9][0-9]{0,19}")
_MAX_QUERY = 16_384
_PROXY_OWN = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProxyCall:
    """A request that came through the app proxy of ``shop``.

    ``customer_id``: who is signed in to the storefront, '' for nobody. ``path_prefix``: where the
    proxy is in that storefront (``/apps/rebasket``; the merchant may have moved it). ``query``:
    what the page itself asked, Shopify's own parameters taken out.
    """

    shop: str
    customer_id: str
    path_prefix: str
    query: tuple[tuple[str, str], ...]


def shop_host(text: str | None) -> str:
    """Return the shop (``name.myshopify.com``) that this text names; '' when it names none."""
    if not text or not text.isascii() or not _SHOP.fullmatch(text.lower()):
        return ""
    return str(sanitize_shop_domain(text) or "")


def webhook(body: bytes, signature: str | None, secrets: tuple[str, ...]) -> bool:
    """Say whether Shopify signed this body with one of our secrets.

    ``signature``: base64 of HMAC-SHA256 over the raw body (header X-Shopify-Hmac-Sha256). There is
    no moment in it. A header sent twice reaches us joined by a comma, which no base64 holds.
    """
    if not body or not signature or not _WEBHOOK_SIGNATURE.fullmatch(signature):
        return False
    return _signed_by_one(
        secrets, signature, lambda secret: base64.b64encode(_digest(body, secret)).decode()
    )


def app_proxy(query: str, secrets: tuple[str, ...], *, at: datetime) -> ProxyCall | None:
    """Return the storefront's call, None when Shopify did not sign this query or not just now.

    ``query``: as it stands in the address. ``at``: real time. Shopify joins ``key=value`` without
    anything between, so a parameter of its own that stands there twice is never believed.
    """
    pairs = _pairs(query)
    if pairs is None or any([key for key, _ in pairs].count(own) > 1 for own in _PROXY_OWN):
        return None
    told = dict(pairs)
    shop, signature = shop_host(told.get("shop")), told.get("signature", "")
    if not shop or not _HEX_SIGNATURE.fullmatch(signature) or not _is_timely(told, at):
        return None
    message = _proxy_message([pair for pair in pairs if pair[0] != "signature"]).encode()
    if not _signed_by_one(secrets, signature, lambda secret: _digest(message, secret).hex()):
        return None
    customer = told.get("logged_in_customer_id", "")
    return ProxyCall(
        shop=shop,
        customer_id=customer if _CUSTOMER.fullmatch(customer) else "",
        path_prefix=told.get("path_prefix", ""),
        query=tuple(pair for pair in pairs if pair[0] not in _PROXY_OWN),
    )


def admin_query(query: str, secrets: tuple[str, ...], *, at: datetime) -> dict[str, str] | None:
    """Return what the admin calls us with (``shop``, ``code``, ``state``, ``host`` ...), None when
    Shopify did not sign this query or not just now.

    The parameters are sorted and joined by ``&``. Shopify's libraries write unusual characters in
    two ways (as in an address: Ruby and Node; only ``%``, ``&`` and ``=`` escaped: Python); both
    are unambiguous, and either is right. Keys that stand there twice are refused.
    """
    pairs = _pairs(query)
    if pairs is None or len(dict(pairs)) != len(pairs):
        return None
    told = dict(pairs)
    signature = told.pop("hmac", "")
    shop = shop_host(told.get("shop"))
    if not shop or not _HEX_SIGNATURE.fullmatch(signature) or not _is_timely(told, at):
        return None
    written = _form(told).encode()
    right = _signed_by_one(secrets, signature, lambda secret: _digest(written, secret).hex())
    for secret in filter(None, secrets):
        right = _session(secret).validate_hmac({**told, "hmac": signature}) or right
    return {**told, "shop": shop} if right else None


def _form(told: dict[str, str]) -> str:
    """Return a query as browsers, Ruby and Node write it. (Python leaves ``~`` and escapes ``*``,
    they do the opposite: https://url.spec.whatwg.org/#concept-urlencoded)"""
    return urlencode(sorted(told.items()), safe="*").replace("~", "%7E")


def _session(secret: str) -> type[Session]:
    """Return ShopifyAPI's session class with this secret. The class keeps it for all threads, so
    each call has a class of its own."""
    return type("SignedSession", (Session,), {"secret": secret})


def _pairs(query: str) -> Pairs | None:
    """Return the parameters of a query, None where it is misshapen."""
    if not query or len(query) > _MAX_QUERY or not query.isascii():
        return None
    try:
        return parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
    except (ValueError, UnicodeDecodeError):
        return None


def _is_timely(told: dict[str, str], at: datetime) -> bool:
    written = told.get("timestamp", "")
    if not _TIMESTAMP.fullmatch(written):
        return False
    return abs(at.timestamp() - int(written)) <= TOLERANCE.total_seconds()


def _proxy_message(pairs: Pairs) -> str:
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return "".join(sorted(f"{key}={','.join(found)}" for key, found in values.items()))


def _digest(message: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def _signed_by_one(secrets: tuple[str, ...], signature: str, signed: Callable[[str], str]) -> bool:
    # Bytes: compare_digest raises on text that is not ASCII. All are tried: no early way out.
    found = [
        hmac.compare_digest(signed(secret).encode(), signature.encode())
        for secret in secrets
        if secret
    ]
    return any(found)
