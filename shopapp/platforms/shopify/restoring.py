"""Where a cart's link leads on Shopify, with nothing personal in it.

A checkout that was begun has an address of its own that brings everything back
(``abandonedCheckoutUrl``). A cart has a permalink:
https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks ; with ``storefront=true`` it
leads to the cart, where our script tells that a person arrived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from shopapp.platforms.connector import Restore, RestoreLine, Straight, Way
from shopapp.platforms.shopify import identity
from shopapp.platforms.shopify.lines import CLICK_NOTE

CHECKOUT_HOST = "checkout.shopify.com"
_ID = re.compile(r"[1-9][0-9]{0,19}")
_MAX_CODE = 255


def way_to(restore: Restore) -> Way:
    """Return where this cart's link leads.

    To the checkout's own address, if it is the shop's; no page of ours is there, so our own page
    has to ask the browser on the way. Else into the storefront's cart, and to its first page where
    no line can be named. A discount is applied on the way; a code with a comma cannot be (Shopify
    takes it for two).
    """
    checkout = _own_checkout(restore)
    if checkout is not None:
        return Straight(_with(checkout, {**restore.tags, **_discount(restore)}), reported=False)
    home = restore.store.url.rstrip("/")
    lines = ",".join(f"{line.variant_id}:{line.quantity}" for line in _nameable(restore.lines))
    if not lines:
        return Straight(_address(f"{home}/", restore.tags))
    marks = {"storefront": "true", **_discount(restore)}
    if restore.click_ref:
        marks[f"attributes[{CLICK_NOTE}]"] = restore.click_ref
    return Straight(_address(f"{home}/cart/{lines}", {**marks, **restore.tags}))


def _own_checkout(restore: Restore) -> SplitResult | None:
    """Return the checkout's address where it is safe to send people to: on https at the shop, at
    its storefront or at Shopify's checkout; in development also where the stand-in plays these."""
    address = _split(restore.recovery_url)
    if address is None:
        return None
    stand_in, storefront = identity.identity().stand_in, _split(restore.store.url)
    if stand_in and _origin(address) in {stand_in.lower(), storefront and _origin(storefront)}:
        return address
    host, plain = address.hostname or "", address.port is None and "@" not in address.netloc
    known = {restore.store.host, CHECKOUT_HOST}
    if storefront is not None:
        known.add((storefront.hostname or "").removeprefix("www."))
    is_known = bool(known & {host, host.removeprefix("www.")})
    return address if address.scheme == "https" and plain and is_known else None


def _split(url: str) -> SplitResult | None:
    """Return an address in parts, None where it has no host or cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # Raises ValueError for one that is no number.
    except ValueError:
        return None
    return parts if parts.hostname else None


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}".lower()


def _nameable(lines: tuple[RestoreLine, ...]) -> list[RestoreLine]:
    """Return the lines that a permalink can name: what was added without a variant is no thing of
    the catalogue."""
    return [line for line in lines if _ID.fullmatch(line.variant_id) and line.quantity > 0]


def _discount(restore: Restore) -> dict[str, str]:
    code = restore.code.strip()
    return {"discount": code} if code and "," not in code and len(code) <= _MAX_CODE else {}


def _with(address: SplitResult, marks: Mapping[str, str]) -> str:
    kept = [
        (key, value)
        for key, value in parse_qsl(address.query, keep_blank_values=True)
        if key not in marks
    ]
    return urlunsplit(address._replace(query=urlencode([*kept, *marks.items()])))


def _address(url: str, marks: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(marks)}" if marks else url
