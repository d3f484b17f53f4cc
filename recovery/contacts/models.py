"""Shoppers we know an address of, what they agreed to, and who must not be written to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shopapp.shops.tenancy import TenantModel


class Channel(models.TextChoices):
    """A way to reach a person."""

    EMAIL = "email", "E-mail"


class Contact(TenantModel):
    """A shopper with an address. ``address_key`` (see kit.addresses) gathers spellings of one
    mailbox for caps, orders and suppression; it never merges contacts."""

    class Evidence(models.TextChoices):
        BROWSER = "browser", "Typed in a browser"
        SIGNED = "signed", "Named by the shop"
        CONFIRMED = "confirmed", "Confirmed by its owner"

    email = models.CharField(max_length=254)
    address_key = models.CharField(max_length=254)
    phone = models.CharField(max_length=20, blank=True, default="")
    first_name = models.CharField(max_length=100, blank=True, default="")
    last_name = models.CharField(max_length=100, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    locale = models.CharField(max_length=16, blank=True, default="")
    customer_id = models.CharField(max_length=64, blank=True, default="")
    evidence = models.CharField(max_length=16, choices=Evidence)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The newest news from the platform that was applied to this row.
    changed_at = models.DateTimeField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    vanished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    # What we learnt ourselves and the store does not know yet: when to tell it next, how often we
    # tried, and what the store said.
    owed_since = models.DateTimeField(null=True, blank=True)
    owed_attempts = models.PositiveSmallIntegerField(default=0)
    owed_problem = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "email"], name="one_contact_per_address"),
        ]
        indexes: ClassVar = [
            # Serves orders and suppression by any spelling of an address.
            models.Index(fields=["shop", "address_key"]),
            # Serves the sweep that tells the store what it does not know.
            models.Index(
                fields=["shop", "owed_since"],
                name="contacts_owed",
                condition=models.Q(owed_since__isnull=False),
            ),
            # Serves news of a customer account.
            models.Index(fields=["shop", "customer_id"]),
        ]

    @property
    def name(self) -> str:
        """Return the person's name as far as known."""
        return f"{self.first_name} {self.last_name}".strip()


class Consent(TenantModel):
    """One answer to "may we write to you?", with its evidence (append-only)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=16, choices=Channel)
    given = models.BooleanField()
    wording = models.TextField(blank=True, default="")
    version = models.CharField(max_length=64, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    source = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        # Serves "the latest answer of this contact on this channel".
        indexes: ClassVar = [models.Index(fields=["shop", "contact", "channel", "-at"])]


class Suppression(TenantModel):
    """An address that must not be written to in this shop and channel, for all later carts."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
        COMPLAINED = "complained", "Complained of spam"
        BOUNCED = "bounced", "Address does not exist"
        MERCHANT = "merchant", "Stopped by the shop"

    channel = models.CharField(max_length=16, choices=Channel)
    address_key = models.CharField(max_length=254)
    reason = models.CharField(max_length=16, choices=Reason)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "channel", "address_key"],
                name="one_suppression_per_address",
            ),
        ]


class ErasureKey(TenantModel):
    """The shop's own secret, sealed, under which the names of erased people are hashed."""

    sealed = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop"], name="one_erasure_key_per_shop"),
        ]


class Erased(TenantModel):
    """A name of somebody who was erased, as a keyed hash: what was said of them before ``at`` must
    not come back. It tells nobody who they were."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer account"
        ADDRESS = "address", "Mailbox"
        PHONE = "phone", "Phone"
        ORDER = "order", "Order"

    kind = models.CharField(max_length=16, choices=Kind)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "kind", "digest"], name="each_name_erased_once"
            ),
        ]
