"""Flows, their versions, and the runs of shoppers through them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from recovery.carts.models import Cart
from recovery.contacts.models import Contact
from shopapp.shops.tenancy import TenantModel


class Flow(TenantModel):
    """A series of messages about one kind of loss. Off until the merchant switches it on."""

    class Trigger(models.TextChoices):
        CART = "cart", "Cart abandoned"
        CHECKOUT = "checkout", "Checkout abandoned"

    preset = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    trigger = models.CharField(max_length=16, choices=Trigger)
    # Smaller goes first when several flows could take a cart.
    priority = models.PositiveSmallIntegerField()
    live = models.BooleanField(default=False)
    # Only carts abandoned since then enter; look-back moves it into the past on purpose.
    active_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "preset"], name="one_flow_per_preset"),
        ]


class FlowVersion(TenantModel):
    """The steps of a flow as they were published. ``steps`` is read by ``flows.steps``."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    steps = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["flow", "number"], name="one_version_per_number"),
        ]


class FlowRun(TenantModel):
    """One shopper inside a flow, pinned to the version that they entered."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        FINISHED = "finished", "Finished"

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="runs")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="runs")
    # The mailbox that holds the slot, whichever spelling the contact has.
    address_key = models.CharField(max_length=254)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)
    # Steps before this one are done; a step's number is its place in the version.
    position = models.PositiveSmallIntegerField(default=0)
    abandoned_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    waiting_reason = models.CharField(max_length=64, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "address_key"],
                condition=models.Q(state="active"),
                name="one_active_run_per_shopper",
            ),
            models.UniqueConstraint(fields=["flow", "cart"], name="a_cart_enters_a_flow_once"),
        ]
        indexes: ClassVar = [
            # Serves the claim of due runs.
            models.Index(
                fields=["shop", "due_at"],
                name="runs_due",
                condition=models.Q(state="active"),
            ),
        ]
