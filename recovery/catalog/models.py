"""Products, their variants and categories, as the store last told them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shopapp.kit.money import Money
from shopapp.shops.tenancy import TenantModel


class Mirrored(TenantModel):
    """A row that mirrors a thing of the store: equal content once all news has been applied.

    ``doubtful_since`` is set when two different contents claim the same moment: the store is asked.
    """

    platform_id = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    doubtful_since = models.DateTimeField(null=True, blank=True)
    vanished_at = models.DateTimeField(null=True, blank=True)
    # The newest full reading that showed it, where the store's list has no order to miss it by.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Sellable(Mirrored):
    """What products and variants share: name, price, stock, picture."""

    name = models.TextField()
    url = models.TextField(blank=True, default="")
    image_url = models.TextField(blank=True, default="")
    sku = models.CharField(max_length=200, blank=True, default="")
    price_minor = models.BigIntegerField()
    regular_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    decimals = models.PositiveSmallIntegerField()
    available = models.BooleanField()
    stock = models.IntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def price(self) -> Money:
        """Return today's price."""
        return Money(self.price_minor, self.currency, self.decimals)


class Product(Sellable):
    """A product; a simple one is sold itself, a variable one through its variants."""

    kind = models.CharField(max_length=16)
    published = models.BooleanField()
    category_ids = models.JSONField(default=list)
    variant_ids = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "platform_id"], name="one_product_per_id"),
        ]
        indexes: ClassVar = [
            # Serves the question which products the store must be asked about.
            models.Index(
                fields=["shop", "doubtful_since"],
                name="doubtful_products",
                condition=models.Q(doubtful_since__isnull=False),
            ),
        ]


class Variant(Sellable):
    """One size or colour of a product. ``product_id_there`` is the product's platform id."""

    product_id_there = models.CharField(max_length=64)
    attributes = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "platform_id"], name="one_variant_per_id"),
        ]
        indexes: ClassVar = [
            # Serves "the variants of this product".
            models.Index(fields=["shop", "product_id_there"]),
            # Serves the question which variants the store must be asked about.
            models.Index(
                fields=["shop", "doubtful_since"],
                name="doubtful_variants",
                condition=models.Q(doubtful_since__isnull=False),
            ),
        ]


class Category(TenantModel):
    """A product category."""

    platform_id = models.CharField(max_length=64)
    name = models.TextField()
    parent_id = models.CharField(max_length=64, blank=True, default="")
    slug = models.CharField(max_length=200, blank=True, default="")
    vanished_at = models.DateTimeField(null=True, blank=True)
    # As `Mirrored.seen_at`.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "platform_id"], name="one_category_per_id"),
        ]
