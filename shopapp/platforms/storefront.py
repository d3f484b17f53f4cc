"""What the product asks of a platform that lets an app into its shops' pages: a module each.

A platform that has none of it (`platforms.storefronts`) puts our script there another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Proxied:
    """A request that the platform passed on from a page of the shop's own address, and signed.

    ``host``: the shop, as `Shop.host`. ``customer_id``: who is signed in to it, '' for nobody.
    ``path_prefix``: where we are in that shop. ``query``: what the page itself asked. It tells
    which shop asks, never that the visitor owns a cart or an address.
    """

    host: str
    customer_id: str
    path_prefix: str
    query: tuple[tuple[str, str], ...]


class Storefront(Protocol):
    """A platform with a theme that takes our script in, and an address that leads to us."""

    script_handle: str
    """The name under which the theme knows our script."""

    def read_proxied(self, query: str, *, at: datetime) -> Proxied | None:
        """Return who asks through the shop, None when the platform did not sign this query (as it
        stands in the address) or not just now. ``at``: real time."""

    def script_switch(self, host: str) -> str:
        """Return the address where the merchant switches our script on in the shop's theme."""
