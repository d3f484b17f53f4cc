"""Carts, their lines, and the one timeline that explains what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recovery.contacts.models import Contact
from shopapp.kit.money import Money
from shopapp.shops.tenancy import TenantModel


class CartRules(TenantModel):
    """How long a cart must be quiet before it counts as abandoned."""

    checkout_minutes = models.PositiveIntegerField(default=30)
    cart_minutes = models.PositiveIntegerField(default=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="one_set_of_cart_rules"),
        ]


class Cart(TenantModel):
    """A shopper's cart. Emptied and refilled, or touched again after an order or 30 days, it
    becomes a new generation under the same ``cart_id``."""

    class State(models.TextChoices):
        OPEN = "open", "Live"
        ABANDONED = "abandoned", "Abandoned"
        ORDERED = "ordered", "Ordered"
        EMPTIED = "emptied", "Emptied"
        LOST = "lost", "Lost"
        MERGED = "merged", "Joined with another"

    class Stage(models.TextChoices):
        CART = "cart", "Cart"
        CHECKOUT = "checkout", "Checkout"

    cart_id = models.CharField(max_length=64)
    generation = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.CART)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="carts"
    )
    # Signed: reported by the platform or the plugin. Otherwise a browser alone says so.
    signed = models.BooleanField()
    alias = models.CharField(max_length=128, blank=True, default="")
    visitor_id = models.CharField(max_length=64, blank=True, default="")
    customer_id = models.CharField(max_length=64, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    locale = models.CharField(max_length=16, blank=True, default="")
    click_ref = models.CharField(max_length=64, blank=True, default="")
    # The platform's own address that opens this cart, and its id of the checkout, if any.
    recovery_url = models.TextField(blank=True, default="")
    checkout_id = models.CharField(max_length=64, blank=True, default="")
    total_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    decimals = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=0)
    # The newest news that was applied: (changed_at, revision), ties by content hash.
    changed_at = models.DateTimeField()
    revision = models.BigIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    abandoned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the flows last looked at this abandoned cart; None asks them to look.
    considered_at = models.DateTimeField(null=True, blank=True)
    # Why nobody is written to about this cart, as a reason's code; empty when nothing is.
    blocked_reason = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "cart_id", "generation"],
                name="one_cart_per_id_and_generation",
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for open carts that have been quiet.
            models.Index(
                fields=["shop", "changed_at"],
                name="open_carts_by_change",
                condition=models.Q(state="open"),
            ),
            # Serves the flows' question: which abandoned carts has nobody looked at.
            models.Index(
                fields=["shop", "abandoned_at"],
                name="carts_to_consider",
                condition=models.Q(state="abandoned", considered_at__isnull=True),
            ),
            # Serves the Carts page: tabs of one state, newest first.
            models.Index(fields=["shop", "state", "-changed_at"]),
            # Serves its tabs that ask more than the state, and the preview's newest carts.
            models.Index(fields=["shop", "-changed_at"], name="carts_newest_first"),
            # Serves Results: what became of the carts abandoned in a window, from the index alone.
            models.Index(
                fields=["shop", "abandoned_at"],
                include=["state"],
                name="carts_by_abandonment",
                condition=models.Q(abandoned_at__isnull=False),
            ),
            # Serves news that knows a cart by its second name only.
            models.Index(
                fields=["shop", "alias"], name="carts_by_alias", condition=~models.Q(alias="")
            ),
            # Serves orders that name only a person.
            models.Index(fields=["shop", "contact"]),
        ]

    @property
    def visitor(self) -> str:
        """Return what a nameless shopper's cart is told from others by: the end of its name, for
        the beginnings may all be alike (Shopify's begin with the data centre)."""
        return (self.cart_id or self.alias)[-4:]

    @property
    def total(self) -> Money | None:
        """Return the platform's own total, tax included; None when only a browser reported it."""
        if self.total_minor is None:
            return None
        return Money(self.total_minor, self.currency, self.decimals)


class CartLine(TenantModel):
    """One line of a cart, as last reported."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product_id = models.CharField(max_length=64)
    variant_id = models.CharField(max_length=64, blank=True, default="")
    quantity = models.PositiveIntegerField()
    name = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=list)
    total_minor = models.BigIntegerField(null=True, blank=True)
    image_url = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    sku = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cart", "position"], name="one_line_per_position"),
        ]


class Entry(TenantModel):
    """One thing that happened to a cart, or was decided about it and why (append-only).

    ``kind`` and ``reason`` are codes which ``carts.wording`` puts into sentences; ``detail`` holds
    ids, counts and moments, never an address.
    """

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=48)
    reason = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        # Serves the timeline of one cart.
        indexes: ClassVar = [models.Index(fields=["shop", "cart", "at", "id"])]
