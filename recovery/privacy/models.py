"""What people asked of their data: requests to see it, and proof of what was erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shopapp.shops.models import User
from shopapp.shops.tenancy import TenantModel


class DataRequest(TenantModel):
    """A shopper asked the shop for their data: by what names they are found, and whether the
    merchant has handed the file over. The file itself is made when it is downloaded."""

    request_id = models.CharField(max_length=64)
    customer_id = models.CharField(max_length=64, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    order_ids = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    # By when the law wants it answered.
    due_at = models.DateTimeField()
    downloaded_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The shopper was erased since: there is nothing left to hand over.
    erased_at = models.DateTimeField(null=True, blank=True)
    # When the owners are to be told by mail that it waits; None when they have been.
    tell_due_at = models.DateTimeField(null=True, blank=True)
    tell_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "request_id"], name="each_request_once"),
        ]
        indexes: ClassVar = [
            # Serves the page, and the banner that something waits.
            models.Index(fields=["shop", "-asked_at"]),
            # Serves the sweep that tells the owners.
            models.Index(
                fields=["shop", "tell_due_at"],
                name="requests_to_tell",
                condition=models.Q(tell_due_at__isnull=False),
            ),
        ]

    @property
    def waits(self) -> bool:
        """Say whether the merchant still has to hand the file over."""
        return self.handed_over_at is None and self.erased_at is None


class Erasure(TenantModel):
    """Proof that somebody, or the whole shop, was erased: when, and how many rows of what. It
    outlives the erasure of the shop."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "A shopper"
        SHOP = "shop", "The shop"

    kind = models.CharField(max_length=16, choices=Kind)
    counts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        # Serves the page.
        indexes: ClassVar = [models.Index(fields=["shop", "-at"])]
