"""Shopify's online store: the app proxy, and the theme app extension that loads our script.

A module with the functions of `platforms.storefront.Storefront`.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from shopapp.platforms.shopify import verify
from shopapp.platforms.shopify.identity import identity
from shopapp.platforms.storefront import Proxied

script_handle = "rebasket"
"""The app embed's file in `widgets/shopify/extensions/rebasket-embed/blocks`."""


def read_proxied(query: str, *, at: datetime) -> Proxied | None:
    """Return who asks through the app proxy, None unless Shopify signed it just now.

    https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
    """
    call = verify.app_proxy(query, identity().secrets, at=at)
    if call is None:
        return None
    return Proxied(call.shop, call.customer_id, call.path_prefix, call.query)


def script_switch(host: str) -> str:
    """Return the theme editor's address with the app embed switched on, to be saved there.

    https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration
    """
    app = identity()
    origin = app.stand_in or f"https://{host}"
    query = {
        "context": "apps",
        "template": "index",
        "activateAppId": f"{app.client_id}/{script_handle}",
    }
    return f"{origin}/admin/themes/current/editor?{urlencode(query, safe='/')}"
