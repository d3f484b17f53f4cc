"""The inbox of everything a shop tells us, and how far its store has been read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shopapp.shops.tenancy import TenantModel


class Delivery(TenantModel):
    """One piece of news, exactly as it arrived: committed before it is acknowledged."""

    class Source(models.TextChoices):
        WEBHOOK = "webhook", "Webhook"
        PLUGIN = "plugin", "Plugin"

    class State(models.TextChoices):
        NEW = "new", "Waiting"
        HANDLED = "handled", "Handled"
        QUARANTINED = "quarantined", "Unreadable"
        PARKED = "parked", "Failed three times"

    source = models.CharField(max_length=16, choices=Source)
    topic = models.CharField(max_length=100)
    # Unique per event: see ingest.keys.
    event_key = models.CharField(max_length=200)
    # The same content again is the same news, whatever its key; empty where it may be new.
    content_key = models.CharField(max_length=200, blank=True, default="")
    # When the platform says it happened.
    said_at = models.DateTimeField(null=True, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "event_key"], name="each_event_once"),
            models.UniqueConstraint(
                fields=["shop", "content_key"],
                name="each_content_once",
                condition=~models.Q(content_key=""),
            ),
        ]
        indexes: ClassVar = [
            # Serves the sweep for deliveries that wait.
            models.Index(
                fields=["shop", "due_at"],
                name="deliveries_due",
                condition=models.Q(state="new"),
            ),
            # Serves the inbox page.
            models.Index(fields=["shop", "state", "-received_at"]),
        ]


class Reading(TenantModel):
    """How far one kind of the store's things has been read, for the import and ever after."""

    class Kind(models.TextChoices):
        CATEGORIES = "categories", "Categories"
        PRODUCTS = "products", "Products"
        VARIATIONS = "variations", "Variations"
        CUSTOMERS = "customers", "Customers"
        ORDERS = "orders", "Orders"
        CHECKOUTS = "checkouts", "Checkouts"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Will be tried again"

    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    # The first import's place (a page or an id) and its progress.
    cursor = models.CharField(max_length=500, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    # Everything the store changed before this moment has been read.
    read_through_at = models.DateTimeField(null=True, blank=True)
    full_read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "kind"], name="one_reading_per_kind"),
        ]


class Account(TenantModel):
    """A customer account that a full list showed, or should have shown: then it is asked about."""

    customer_id = models.CharField(max_length=64)
    # The newest full reading that showed it, where the store's list has no order to miss it by.
    seen_at = models.DateTimeField(null=True, blank=True)
    doubtful_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "customer_id"], name="one_account_per_id"),
        ]
        indexes: ClassVar = [
            # Serves the question which accounts the store must be asked about.
            models.Index(
                fields=["shop", "doubtful_since"],
                name="doubtful_accounts",
                condition=models.Q(doubtful_since__isnull=False),
            ),
        ]


class Subscription(TenantModel):
    """One of the store's webhooks that points at us, and whether the store still sends it."""

    topic = models.CharField(max_length=64)
    platform_id = models.CharField(max_length=64)
    sealed_secret = models.TextField()
    status = models.CharField(max_length=32)
    checked_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "topic"], name="one_webhook_per_topic"),
        ]


class Reach(TenantModel):
    """How the shop's store can be reached now: what keeps a store that is down from being asked
    on and on, and what keeps two workers from doing the same errand."""

    # Failures in a row; the store is left alone until resume_at.
    failures = models.PositiveSmallIntegerField(default=0)
    resume_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    turn_lease_until = models.DateTimeField(null=True, blank=True)
    doubts_lease_until = models.DateTimeField(null=True, blank=True)
    poked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="one_reach_per_shop"),
        ]


class Welcome(TenantModel):
    """How far a connected store has been made ready, and when to look after its plugin next."""

    # When the keys were kept that this welcome is for: newer keys begin a new one.
    keys_at = models.DateTimeField()
    started_at = models.DateTimeField()
    # The next try or look; while a worker is at it, when its claim runs out.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="one_welcome_per_shop"),
        ]
