"""Which connector speaks to a shop's platform: the one place that knows them by name."""

from __future__ import annotations

from shopapp.platforms.connector import Connector
from shopapp.platforms.shopify import connector as shopify
from shopapp.platforms.woocommerce import connector as woocommerce

_CONNECTORS: dict[str, Connector] = {"shopify": shopify, "woocommerce": woocommerce}


def connector_for(platform: str) -> Connector:
    """Return the connector of this platform; raises KeyError for one that we do not know."""
    return _CONNECTORS[platform]
