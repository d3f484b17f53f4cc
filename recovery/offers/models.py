"""Discounts that the shop gives to win carts back, and their single-use codes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recovery.carts.models import Cart
from shopapp.shops.tenancy import TenantModel


class Discount(TenantModel):
    """One campaign's discount: made in the store once, with many codes that are good once each."""

    class State(models.TextChoices):
        WANTED = "wanted", "Being made in the store"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused by the store"
        ENDED = "ended", "Ended"

    title = models.CharField(max_length=200)
    # One of the two: a share in per cent, or an amount in minor units.
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    decimals = models.PositiveSmallIntegerField(default=2)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    platform_id = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=16, choices=State, default=State.WANTED)
    problem = models.CharField(max_length=200, blank=True, default="")
    # How many codes should stand ready, once it is used at all.
    pool = models.PositiveIntegerField(default=0)
    # When its next errand at the store is due; None when there is none. Also the errand's lease.
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Batches in a row of which the store made not one code.
    barren = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(percent__isnull=False, amount_minor__isnull=True)
                | models.Q(percent__isnull=True, amount_minor__isnull=False),
                name="a_share_or_an_amount",
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for errands at the store.
            models.Index(
                fields=["shop", "due_at"],
                name="discounts_due",
                condition=models.Q(due_at__isnull=False),
            ),
        ]


class Code(TenantModel):
    """One code of a discount, given to one mail at most."""

    class State(models.TextChoices):
        WANTED = "wanted", "Wanted"
        ASKED = "asked", "Asked for"
        READY = "ready", "Ready"
        FAILED = "failed", "Refused by the store"
        GIVEN = "given", "Given"

    discount = models.ForeignKey(Discount, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State, default=State.WANTED)
    # The store's batch in which it is made; empty while its answer has not come.
    batch_id = models.CharField(max_length=64, blank=True, default="")
    problem = models.CharField(max_length=200, blank=True, default="")
    given_at = models.DateTimeField(null=True, blank=True)
    # By number only, since messages stand above offers.
    message_id = models.BigIntegerField(null=True, blank=True)
    cart = models.ForeignKey(
        Cart, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "code"], name="each_code_once"),
            models.UniqueConstraint(
                fields=["shop", "message_id"],
                name="one_code_per_message",
                condition=models.Q(message_id__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # Serves taking a code, and counting the pool.
            models.Index(fields=["shop", "discount", "state"]),
        ]
