"""Orders, as the store last told them: what ends every recovery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recovery.carts.models import Cart
from recovery.catalog.models import Mirrored
from shopapp.kit.money import Money


class Order(Mirrored):
    """An order. ``stage`` says what its status means for recovery (see platforms.base)."""

    class Stage(models.TextChoices):
        NONE = "none", "Not an order yet"
        PENDING = "pending", "Waiting for payment"
        PLACED = "placed", "Placed"
        FAILED = "failed", "Payment failed"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=64)
    status = models.CharField(max_length=64)
    stage = models.CharField(max_length=16, choices=Stage)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    total_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    decimals = models.PositiveSmallIntegerField()
    email = models.CharField(max_length=254, blank=True, default="")
    address_key = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    first_name = models.CharField(max_length=100, blank=True, default="")
    last_name = models.CharField(max_length=100, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    customer_id = models.CharField(max_length=64, blank=True, default="")
    payment_method = models.CharField(max_length=100, blank=True, default="")
    cart_id = models.CharField(max_length=64, blank=True, default="")
    checkout_token = models.CharField(max_length=128, blank=True, default="")
    click_ref = models.CharField(max_length=64, blank=True, default="")
    lines = models.JSONField(default=list)
    # The cart that this order ended, once found.
    ended_cart = models.ForeignKey(
        Cart, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "platform_id"], name="one_order_per_id"),
        ]
        indexes: ClassVar = [
            # Each serves one way of asking "has this shopper ordered?" under the sending lock.
            models.Index(fields=["shop", "cart_id"]),
            models.Index(fields=["shop", "address_key", "placed_at"]),
            models.Index(fields=["shop", "phone", "placed_at"]),
            models.Index(fields=["shop", "customer_id", "placed_at"]),
            models.Index(fields=["shop", "checkout_token"]),
            # Serves Results: orders of a time.
            models.Index(fields=["shop", "placed_at"]),
            # Serves the question which orders the store must be asked about.
            models.Index(
                fields=["shop", "doubtful_since"],
                name="doubtful_orders",
                condition=models.Q(doubtful_since__isnull=False),
            ),
        ]

    @property
    def total(self) -> Money:
        """Return the platform's own total."""
        return Money(self.total_minor, self.currency, self.decimals)
