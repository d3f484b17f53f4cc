"""Where a cart's link leads: into the store, with the cart's lines and nothing personal.

The plugin's address merges (docs/wire.md, section 4). Without the plugin WooCommerce knows one
product per add-to-cart address, and from 10.0 on /checkout-link/, which empties the present cart
first: https://woocommerce.com/document/shareable-checkout-urls/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from recovery.carts.models import Cart, CartLine
from recovery.messaging.models import Link
from shopapp.kit import clock
from shopapp.shops import credentials
from shopapp.shops.models import Credential, Shop

PAYLOAD_LIVES = timedelta(minutes=15)
_MAX_LINES = 100
_ID = re.compile(r"[0-9]{1,18}")
_CHECKOUT_LINKS_SINCE = (10, 0)


@dataclass(frozen=True, slots=True)
class Straight:
    """One address that gives the shopper the cart back."""

    url: str


@dataclass(frozen=True, slots=True)
class Ask:
    """An address that replaces the visitor's present cart: to be asked first."""

    url: str


@dataclass(frozen=True, slots=True)
class OneByOne:
    """No address takes all the lines: each line has its own."""

    urls: dict[int, str]
    """By the line's position."""


Way = Straight | Ask | OneByOne


def way_to(shop: Shop, link: Link, *, at: datetime) -> Way:
    """Return where this restore link leads. Needs the shop in scope."""
    tags = _tags(link)
    lines = _lines(link.cart)
    secret = credentials.reveal(shop, Credential.Kind.PLUGIN_SECRET) if shop.has_plugin else ""
    if secret:
        payload = signed_payload(secret, link.click_ref, lines, expires_at=_expiry(at))
        return Straight(_address(shop, "/", {"rebasket-restore": payload, **tags}))
    if not lines:
        return Straight(_address(shop, "/", tags))
    if len(lines) == 1:
        return Straight(_add_to_cart(shop, lines[0], tags))
    if _takes_checkout_links(shop):
        products = ",".join(f"{_bought_id(line)}:{line.quantity}" for line in lines)
        return Ask(_address(shop, "/checkout-link/", {"products": products, **tags}))
    return OneByOne({line.position: _add_to_cart(shop, line, tags) for line in lines})


def signed_payload(secret: str, click_ref: str, lines: list[CartLine], *, expires_at: int) -> str:
    """Return ``payload.signature`` for the plugin. ``expires_at``: Unix seconds, real time."""
    told = {
        "v": 1,
        "c": click_ref,
        "l": [[int(line.product_id), int(_variation_id(line)), line.quantity] for line in lines],
        "e": expires_at,
    }
    raw = json.dumps(told, separators=(",", ":")).encode()
    payload = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    signature = hmac.new(secret.encode("ascii"), payload.encode("ascii"), hashlib.sha256)
    return f"{payload}.{signature.hexdigest()}"


def _expiry(at: datetime) -> int:
    # The store judges by its own clock, which a demonstration's may outrun.
    return int((at + clock.lasting(PAYLOAD_LIVES)).timestamp())


def _lines(cart: Cart | None) -> list[CartLine]:
    """Return the cart's lines that WooCommerce can name by number."""
    if cart is None:
        return []
    rows = CartLine.objects.filter(cart=cart).order_by("position")[:_MAX_LINES]
    return [
        line
        for line in rows
        if _ID.fullmatch(line.product_id)
        and (not line.variant_id or _ID.fullmatch(line.variant_id))
    ]


def _variation_id(line: CartLine) -> str:
    """Return the variation's number, '0' for a simple product (its own single variant)."""
    return "0" if line.variant_id in {"", line.product_id} else line.variant_id


def _bought_id(line: CartLine) -> str:
    variation = _variation_id(line)
    return line.product_id if variation == "0" else variation


def _add_to_cart(shop: Shop, line: CartLine, tags: dict[str, str]) -> str:
    query = {"add-to-cart": _bought_id(line), "quantity": str(line.quantity), **tags}
    # Plain permalinks know no /cart/, but the front page takes the same parameter.
    return _address(shop, "/" if shop.plain_permalinks else "/cart/", query)


def _takes_checkout_links(shop: Shop) -> bool:
    found = re.match(r"(\d+)\.(\d+)", shop.platform_version)
    if found is None or shop.plain_permalinks:
        return False
    return (int(found.group(1)), int(found.group(2))) >= _CHECKOUT_LINKS_SINCE


def _tags(link: Link) -> dict[str, str]:
    message = link.message
    campaign = "cart" if message is None or not message.step_key else message.step_key
    return {
        "utm_source": "rebasket",
        "utm_medium": "email",
        "utm_campaign": campaign,
        "utm_content": link.click_ref,
    }


def _address(shop: Shop, path: str, query: dict[str, str]) -> str:
    return f"{shop.url.rstrip('/')}{path}?{urlencode(query, safe=':,')}"
