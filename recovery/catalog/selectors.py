"""What the shop sells now, as far as the store has told."""

from __future__ import annotations

from collections.abc import Iterable

from recovery.catalog.models import Product, Variant
from shopapp.shops.models import Shop


def sellable(shop: Shop, product_id: str, variant_id: str) -> Product | Variant | None:
    """Return what is sold under these ids, None when the store has no such thing (any more)."""
    return many(shop, [(product_id, variant_id)]).get((product_id, variant_id))


def many(shop: Shop, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Product | Variant]:
    """Return what is sold under each (product id, variant id), in two queries.

    A simple product is its own variant: its id twice, or no variant id at all. A variant's id
    twice is that variant: a storefront may not tell its product.
    """
    del shop  # The scope already names it.
    wanted = set(pairs)
    products = _products({product for product, _ in wanted})
    variants = _variants({variant for _, variant in wanted if variant})
    found: dict[tuple[str, str], Product | Variant] = {}
    row: Product | Variant | None
    for product_id, variant_id in wanted:
        simple = variant_id in {"", product_id}
        row = products.get(product_id) if simple else None
        row = row or variants.get(variant_id)
        if row is not None:
            found[product_id, variant_id] = row
    return found


def _products(ids: set[str]) -> dict[str, Product]:
    rows = Product.objects.filter(platform_id__in=ids, vanished_at=None)
    return {row.platform_id: row for row in rows}


def _variants(ids: set[str]) -> dict[str, Variant]:
    rows = Variant.objects.filter(platform_id__in=ids, vanished_at=None)
    return {row.platform_id: row for row in rows}
