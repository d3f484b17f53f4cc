"""Order attribution: WooCommerce writes where a shopper came from into the order's meta data."""

from __future__ import annotations

from urllib.parse import quote, unquote

from tests.doubles.base.http import Request
from tests.doubles.woocommerce.settings import now

COOKIE = "sbjs_first"
_TAGS = ("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_id", "utm_term")


def landing_cookie(request: Request) -> str:
    """Return the cookie that keeps a landing with campaign tags, or an empty text."""
    if request.method != "GET" or "utm_source" not in request.query:
        return ""
    entry = quote(f"{request.root}{request.uri}", safe="")
    return f"{COOKIE}={entry}; path=/; Max-Age=15552000"


def attribution_meta(request: Request) -> list[tuple[str, str]]:
    """Return the rows that the order gets, in WooCommerce's order."""
    entry = unquote(request.cookies.get(COOKIE, ""))
    if not entry:
        return []
    pairs = [part.partition("=") for part in entry.partition("?")[2].split("&")]
    query = {name: unquote(value) for name, _, value in pairs}
    rows = [("source_type", "utm")]
    rows += [(tag, query[tag]) for tag in _TAGS if tag in query]
    rows += [
        ("session_entry", entry),
        ("session_start_time", f"{now():%Y-%m-%d %H:%M:%S}"),
        ("session_pages", "1"),
        ("session_count", "1"),
        ("user_agent", request.headers.get("user-agent", "")),
        ("device_type", "Desktop"),
    ]
    return [(f"_wc_order_attribution_{name}", value) for name, value in rows]
