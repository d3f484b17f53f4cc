"""Which platforms show our pages inside their own admin."""

from __future__ import annotations

from shopapp.platforms.embedding import Embedding
from shopapp.platforms.shopify import embedding as shopify

_EMBEDDINGS: dict[str, Embedding] = {"shopify": shopify}


def known() -> list[tuple[str, Embedding]]:
    """Return the platforms of which this installation has an app, each with what it can do."""
    return [(name, found) for name, found in _EMBEDDINGS.items() if found.is_known()]


def of(platform: str) -> Embedding:
    """Return what this platform's admin can do; raises KeyError for one that shows no pages."""
    return _EMBEDDINGS[platform]
