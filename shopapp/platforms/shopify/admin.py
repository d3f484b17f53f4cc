"""The app inside Shopify's admin: whose frames may show it, what it may do, and in which words."""

from __future__ import annotations

from collections.abc import Iterable

from shopify import ApiAccess

from shopapp.platforms.shopify import topics, verify
from shopapp.platforms.shopify.identity import SCOPES, identity
from shopapp.platforms.words import Words

ADMIN_ORIGIN = "https://admin.shopify.com"

words = Words(
    name="Shopify",
    connect_again=(
        "Open Rebasket in your Shopify admin, or install it again from there; that connects the"
        " shop again."
    ),
    leave=(
        "Uninstall Rebasket in your Shopify admin, under Settings, Apps. Its access to your shop"
        " ends with that, and nothing is sent any more. To pause only, switch the flows off."
    ),
    news=topics.TOLD,
    access={
        "read_orders": "view orders",
        "read_products": "view products",
        "write_customers": "edit customers",
        "write_discounts": "edit discounts",
        "write_marketing_events": "edit marketing",
        "write_app_proxy": "show pages in the online store",
    },
    kinds={"categories": "Collections", "variations": "Variants"},
)


def frame_ancestors(host: str) -> tuple[str, ...]:
    """Return the origins whose frames may show this shop's pages; none for what is no shop.

    https://shopify.dev/docs/apps/build/security/app-server/set-up-iframe-protection
    """
    shop = verify.shop_host(host)
    if not shop:
        return ()
    stand_in = identity().stand_in
    return (f"https://{shop}", ADMIN_ORIGIN, *((stand_in,) if stand_in else ()))


def lacks(granted: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes that we need and were not granted, in our order. Writing includes reading;
    scopes of a shape that the library does not know count for nothing."""
    known = [scope for scope in granted if ApiAccess.SCOPE_RE.match(scope)]
    allowed = ApiAccess(known)
    return tuple(scope for scope in SCOPES if not allowed.covers(ApiAccess([scope])))
