"""Where a cart's link leads: into the store, with the cart's lines and nothing personal. Pure.

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
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from shopapp.platforms.connector import (
    Ask,
    OneByOne,
    Restore,
    RestoreLine,
    StoreAddress,
    Straight,
    Way,
)

_ID = re.compile(r"[0-9]{1,18}")
_CHECKOUT_LINKS_SINCE = (10, 0)


def way_to(restore: Restore) -> Way:
    """Return where this cart's link leads; ``restore.secret`` is the plugin's, '' without one."""
    store, tags, lines = restore.store, restore.tags, _named_by_number(restore.lines)
    if restore.secret:
        payload = signed_payload(
            restore.secret, restore.click_ref, lines, expires_at=restore.expires_at
        )
        return Straight(_address(store, "/", {"rebasket-restore": payload, **tags}))
    if not lines:
        return Straight(_address(store, "/", tags))
    if len(lines) == 1:
        return Straight(_add_to_cart(store, lines[0], tags))
    if _takes_checkout_links(restore):
        products = ",".join(f"{_bought_id(line)}:{line.quantity}" for line in lines)
        return Ask(_address(store, "/checkout-link/", {"products": products, **tags}))
    return OneByOne({line.position: _add_to_cart(store, line, tags) for line in lines})


def signed_payload(
    secret: str, click_ref: str, lines: Sequence[RestoreLine], *, expires_at: int
) -> str:
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


def _named_by_number(lines: Sequence[RestoreLine]) -> list[RestoreLine]:
    """Return the lines that WooCommerce can name by number."""
    return [
        line
        for line in lines
        if _ID.fullmatch(line.product_id)
        and (not line.variant_id or _ID.fullmatch(line.variant_id))
    ]


def _variation_id(line: RestoreLine) -> str:
    """Return the variation's number, '0' for a simple product (its own single variant)."""
    return "0" if line.variant_id in {"", line.product_id} else line.variant_id


def _bought_id(line: RestoreLine) -> str:
    variation = _variation_id(line)
    return line.product_id if variation == "0" else variation


def _add_to_cart(store: StoreAddress, line: RestoreLine, tags: Mapping[str, str]) -> str:
    query = {"add-to-cart": _bought_id(line), "quantity": str(line.quantity), **tags}
    # Plain permalinks know no /cart/, but the front page takes the same parameter.
    return _address(store, "/" if store.plain_permalinks else "/cart/", query)


def _takes_checkout_links(restore: Restore) -> bool:
    found = re.match(r"(\d+)\.(\d+)", restore.version)
    if found is None or restore.store.plain_permalinks:
        return False
    return (int(found.group(1)), int(found.group(2))) >= _CHECKOUT_LINKS_SINCE


def _address(store: StoreAddress, path: str, query: Mapping[str, str]) -> str:
    return f"{store.url.rstrip('/')}{path}?{urlencode(query, safe=':,')}"
