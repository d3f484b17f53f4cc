"""What platforms' own settings may not be where real shops are."""

from __future__ import annotations

from shopapp.platforms.shopify import identity as shopify


def faults() -> list[tuple[str, str]]:
    """Return what is wrong with the platforms' settings for production, each with a hint."""
    return shopify.faults()
