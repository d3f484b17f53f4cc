"""Which platforms let an app into their shops' pages."""

from __future__ import annotations

from shopapp.platforms.shopify import storefront as shopify
from shopapp.platforms.storefront import Storefront

_STOREFRONTS: dict[str, Storefront] = {"shopify": shopify}


def storefront_for(platform: str) -> Storefront | None:
    """Return this platform's storefront, None where our script comes another way."""
    return _STOREFRONTS.get(platform)
