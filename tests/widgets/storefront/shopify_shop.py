"""A Shopify storefront with our embed switched on, and the app that its script speaks to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.conformance.shopify.front import Front, open_front
from tests.doubles.base.http import as_wsgi
from tests.doubles.base.server import Listener
from tests.doubles.shopify.order_records import Metafield
from tests.doubles.shopify.records import Cart
from tests.doubles.shopify.settings import now
from tests.widgets.storefront.shop import PUBLIC_ID, Shop, open_shop


@dataclass
class ShopifyShop:
    """The storefront's address, the shop behind it, and the app with its ledger."""

    url: str
    front: Front
    app: Shop

    @property
    def cart(self) -> Cart:
        """Return the one cart that there is."""
        [cart] = self.front.shop.state.carts.values()
        return cart

    def bodies(self, door: str) -> list[Any]:
        """Return what was posted to a door of the app."""
        return self.app.bodies(door)


def write_script(front: Front, address: str) -> None:
    """Keep the script's address where the app keeps it when it is installed."""
    owner, at = f"gid://shopify/AppInstallation/{front.shop.setup.app_id}", now()
    front.shop.state.metafields[(owner, "rebasket", "script")] = Metafield(
        1, owner, "rebasket", "script", "single_line_text_field", address, at, at
    )


@contextmanager
def open_shopify() -> Iterator[ShopifyShop]:
    """Yield the shop on a free port; the app is the one of WooCommerce's tests."""
    with open_shop() as app:
        front = open_front()
        with Listener(as_wsgi(front.answer)) as listener:
            front.shop.state.url = listener.url
            front.shop.front.embeds.add("rebasket")
            write_script(front, f"{app.app_url}/w/{PUBLIC_ID}/rebasket.js")
            yield ShopifyShop(listener.url, front, app)
