"""Where a merchant switches our script on, on platforms whose themes carry it."""

from __future__ import annotations

from shopapp.platforms.storefronts import storefront_for
from shopapp.shops.models import Shop


def script_switch(shop: Shop) -> dict[str, str]:
    """Return the address of the theme's editor and the switch's name; empty where themes know no
    such switch, or nothing is connected."""
    storefront = storefront_for(shop.platform)
    if storefront is None or shop.state != Shop.State.CONNECTED:
        return {}
    return {"switch": storefront.script_switch(shop.host), "handle": storefront.script_handle}
