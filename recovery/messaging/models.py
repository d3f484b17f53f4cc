"""Messages, the links in them and the clicks on those; who sends, and when not."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models

from recovery.carts.models import Cart
from recovery.contacts.models import Channel, Contact
from shopapp.shops.tenancy import TenantModel


class Sender(TenantModel):
    """Whose name and address the shop's mails bear, how they look and when they keep quiet."""

    name = models.CharField(max_length=100, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    reply_to = models.CharField(max_length=254, blank=True, default="")
    legal_address = models.TextField(blank=True, default="")
    brand_color = models.CharField(max_length=7, default="#00684a")
    logo_url = models.CharField(max_length=500, blank=True, default="")
    # Local wall time in the shopper's zone, else the shop's. Equal times mean: never quiet.
    quiet_from = models.TimeField(default=time(21, 0))
    quiet_until = models.TimeField(default=time(8, 0))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="one_sender_per_shop"),
        ]


class Message(TenantModel):
    """One mail to one person. Its unique ``dedup_key`` stands before anything is sent.

    ``run_id``, ``flow_id`` and ``step_key`` name what asked for it, by number only, since flows
    stand above messages. ``content`` is the step's texts as they were when it was queued.
    """

    class Kind(models.TextChoices):
        FLOW = "flow", "Flow"
        MY_CART = "my_cart", "Asked for in the pop-up"
        TEST = "test", "Test"

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        PREPARED = "prepared", "Prepared"
        HANDING_OVER = "handing_over", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        SKIPPED = "skipped", "Not sent"

    dedup_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind)
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.EMAIL)
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    cart = models.ForeignKey(
        Cart, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    run_id = models.BigIntegerField(null=True, blank=True)
    flow_id = models.BigIntegerField(null=True, blank=True)
    step_key = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=254)
    address_key = models.CharField(max_length=254)
    locale = models.CharField(max_length=16, blank=True, default="en")
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    # Why it waits, was not sent or failed: a code that ``messaging.wording`` puts into a sentence.
    reason = models.CharField(max_length=64, blank=True, default="")
    problem = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    too_late_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    prepared_at = models.DateTimeField(null=True, blank=True)
    handing_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True, default="")
    # From when the store is to be told that it went out; None when there is nothing (more) to tell.
    report_due_at = models.DateTimeField(null=True, blank=True)
    report_attempts = models.PositiveSmallIntegerField(default=0)
    subject = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "dedup_key"], name="never_twice"),
        ]
        indexes: ClassVar = [
            # Serves the claim of due messages.
            models.Index(
                fields=["shop", "due_at"],
                name="messages_due",
                condition=models.Q(state__in=["queued", "prepared", "handing_over"]),
            ),
            # Serves the reports to the store.
            models.Index(
                fields=["shop", "report_due_at"],
                name="messages_to_report",
                condition=models.Q(report_due_at__isnull=False),
            ),
            # Serves caps and gaps: what this mailbox got lately.
            models.Index(fields=["shop", "address_key", "-handing_over_at"]),
            # Serves the Messages page: all, and the tab of each state, newest first.
            models.Index(fields=["shop", "-created_at"]),
            models.Index(fields=["shop", "state", "-created_at"], name="messages_by_state"),
            # Serves the figures of flows and steps, from the index alone.
            models.Index(
                fields=["shop", "flow_id", "step_key", "sent_at"],
                name="messages_sent_by_flows",
                condition=models.Q(kind="flow", state__in=["sent", "unknown"]),
            ),
            # Serves what a run has sent.
            models.Index(fields=["shop", "run_id"]),
        ]


class Link(TenantModel):
    """A link of one purpose. The token is only in the mail; here is its SHA-256.

    ``click_ref`` is its public name, which opens nothing: it travels in UTM tags and orders.
    """

    class Purpose(models.TextChoices):
        RESTORE = "restore", "Open the cart"
        UNSUBSCRIBE = "unsubscribe", "Stop these mails"
        CONFIRM = "confirm", "Confirm the address"

    purpose = models.CharField(max_length=16, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    click_ref = models.CharField(max_length=64, unique=True)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE)
    cart = models.ForeignKey(Cart, null=True, blank=True, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Click(TenantModel):
    """One following of a link. It counts once the landing page, or the order, reports it."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="clicks")
    followed_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # Serves "the last counted click before this order".
            models.Index(fields=["shop", "link", "counted_at"]),
            # Serves the figures: the clicks counted in a window.
            models.Index(
                fields=["shop", "counted_at"],
                include=["link"],
                name="clicks_counted",
                condition=models.Q(counted_at__isnull=False),
            ),
        ]
