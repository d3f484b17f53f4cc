"""Keep products, variants and categories as the store tells them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from recovery.catalog import mirror
from recovery.catalog.models import Category, Product, Variant
from shopapp.platforms.base import (
    CategoryChanged,
    ProductChanged,
    StockChanged,
    VariantChanged,
    VariantState,
)
from shopapp.shops.models import Shop

_MAX_STOCK = 2**31 - 1


def record_product(shop: Shop, event: ProductChanged, *, at: datetime, read: bool = False) -> bool:
    """Keep the product, with the variants that this source lists; say whether it changed.

    ``read``: the store itself said so just now. A simple product is its own single variant and
    has no row of its own for that.
    """
    _, changed = mirror.record(Product, shop, product_news(event), at=at, read=read)
    return _record_variants(shop, event, changed=changed, at=at, read=read)


def settle_product(
    shop: Shop, question: mirror.Question, answer: ProductChanged | None, *, at: datetime
) -> bool:
    """Let the store's answer about a doubtful product stand, with the variants it lists; of one
    that is gone the variants are doubted. False when the row moved on meanwhile."""
    news = product_news(answer) if answer is not None else None
    if mirror.settle(Product, question, news, at=at) is None:
        return False
    if answer is not None:
        _record_variants(shop, answer, changed=True, at=at, read=True)
        return True
    known = Variant.objects.filter(product_id_there=question.platform_id, vanished_at=None)
    known.update(doubtful_since=at)
    return True


def _record_variants(
    shop: Shop, event: ProductChanged, *, changed: bool, at: datetime, read: bool
) -> bool:
    for variant in event.variants or ():
        if variant.variant_id != event.product_id:
            told = VariantChanged(variant, variant.changed_at or event.changed_at)
            changed |= record_variant(shop, told, at=at, read=read)
    if event.variants is not None and (changed or read):
        _doubt_unlisted(event, at=at)
    return changed


def _doubt_unlisted(event: ProductChanged, *, at: datetime) -> None:
    """Doubt the variants that a product's whole list no longer names: nothing else tells of it."""
    listed = [variant.variant_id for variant in event.variants or ()]
    known = Variant.objects.filter(product_id_there=event.product_id, vanished_at=None)
    known.exclude(platform_id__in=listed).update(doubtful_since=at)


def record_variant(shop: Shop, event: VariantChanged, *, at: datetime, read: bool = False) -> bool:
    """Keep the variant; say whether it changed."""
    _, changed = mirror.record(Variant, shop, variant_news(event), at=at, read=read)
    return changed


def record_category(shop: Shop, event: CategoryChanged) -> bool:
    """Keep the category as the store just listed it; say whether it is new."""
    _, created = Category.objects.update_or_create(
        shop=shop,
        platform_id=event.category_id,
        defaults={
            "name": event.name,
            "parent_id": event.parent_id,
            "slug": event.slug[:200],
            "vanished_at": None,
        },
    )
    return created


def vanish(shop: Shop, platform_id: str, *, at: datetime) -> bool:
    """Note a hint that this product or variant is gone: the store will be asked.

    Ids are one number space on some platforms (a trashed coupon speaks of "product" too), so
    what we do not know is nothing to us.
    """
    del shop  # The scope already names it.
    known = [mirror.doubt(model, platform_id, at=at) for model in (Product, Variant)]
    doubt_variants([platform_id], at=at)
    return any(known)


def doubt_variants(product_ids: Iterable[str], *, at: datetime) -> int:
    """Note that these products, and so their variants, may be gone; return how many we know."""
    known = Variant.objects.filter(product_id_there__in=product_ids, vanished_at=None)
    return known.update(doubtful_since=at)


def doubt_stock(shop: Shop, event: StockChanged, *, at: datetime) -> bool:
    """Note a hint that a variant came into stock or ran out: the store will be asked about it and
    its product, as far as we know them; False when we know neither."""
    del shop  # The scope already names it.
    known = [
        mirror.doubt(Variant, event.variant_id, at=at),
        mirror.doubt(Product, event.product_id, at=at),
    ]
    return any(known)


def product_news(event: ProductChanged) -> mirror.News:
    """Return the product as columns."""
    values = {
        **_sellable(event),
        "kind": event.kind,
        "published": event.published,
        "variant_ids": list(event.variant_ids),
    }
    known = event.category_ids is not None
    aside = {"category_ids": list(event.category_ids or ())} if known else {}
    return mirror.News(event.product_id, event.changed_at, values, aside)


def variant_news(event: VariantChanged) -> mirror.News:
    """Return the variant as columns."""
    variant = event.variant
    values = {
        **_sellable(variant),
        "product_id_there": variant.product_id,
        "attributes": [list(pair) for pair in variant.attributes],
    }
    return mirror.News(variant.variant_id, event.changed_at, values)


def _sellable(told: ProductChanged | VariantState) -> dict[str, Any]:
    return {
        "name": told.name,
        "url": told.url,
        "image_url": told.image_url,
        "sku": told.sku[:200],
        "price_minor": told.price.minor,
        "regular_minor": told.regular_price.minor,
        "currency": told.price.currency,
        "decimals": told.price.decimals,
        "available": told.available,
        "stock": _bounded(told.stock),
    }


def _bounded(stock: int | None) -> int | None:
    return None if stock is None else max(-_MAX_STOCK, min(stock, _MAX_STOCK))
