"""Shops (the tenants), the people who work in them, and the shops' credentials."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shopapp.shops.tenancy import TenantModel


def new_public_id() -> str:
    """Return 22 URL-safe characters (128 bits)."""
    return secrets.token_urlsafe(16)


class Shop(models.Model):
    """A merchant's shop. Not walled itself: a delivery finds its shop here before any scope."""

    class Platform(models.TextChoices):
        WOOCOMMERCE = "woocommerce", "WooCommerce"
        SHOPIFY = "shopify", "Shopify"

    class State(models.TextChoices):
        CONNECTED = "connected", "Connected"
        REFUSED = "refused", "Access refused by the store"
        UNINSTALLED = "uninstalled", "Uninstalled"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    platform = models.CharField(max_length=16, choices=Platform)
    # The store's identity: host, port unless usual, and folder, without scheme or www.
    host = models.CharField(max_length=255)
    url = models.URLField(max_length=500)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State, default=State.CONNECTED)
    currency = models.CharField(max_length=3, default="USD")
    decimals = models.PositiveSmallIntegerField(default=2)
    prices_include_tax = models.BooleanField(default=False)
    timezone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True, default="")
    locale = models.CharField(max_length=16, default="en")
    # What we need and the store does not allow, in the platform's words, space-separated.
    access_lacks = models.CharField(max_length=500, blank=True, default="")
    plain_permalinks = models.BooleanField(default=False)
    platform_version = models.CharField(max_length=32, blank=True, default="")
    plugin_version = models.CharField(max_length=32, blank=True, default="")
    own_cart_mail = models.BooleanField(default=False)
    installed_at = models.DateTimeField()
    uninstalled_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    # When the platform's orders were last read to the end; messaging sends nothing without it.
    orders_read_at = models.DateTimeField(null=True, blank=True)
    sending_paused_at = models.DateTimeField(null=True, blank=True)
    sending_paused_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "host"], name="one_shop_per_store"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_plugin(self) -> bool:
        """Say whether the companion plugin reports this shop's carts."""
        return bool(self.plugin_version)


class Credential(TenantModel):
    """A secret of a shop, sealed: API keys, a webhook's secret, the plugin's secret."""

    class Kind(models.TextChoices):
        API_KEYS = "api_keys", "API keys"
        WEBHOOK_SECRET = "webhook_secret", "Webhook secret"
        PLUGIN_SECRET = "plugin_secret", "Plugin secret"

    kind = models.CharField(max_length=32, choices=Kind)
    sealed = models.TextField()
    changed_at = models.DateTimeField()
    # Keys that expire, by real time: from when they are renewed, and who is at it until when.
    renew_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "kind"], name="one_credential_of_a_kind"),
        ]


class Users(BaseUserManager["User"]):
    """Finds and makes users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None) -> User:
        """Return a new user; without a password only mailed links sign in."""
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who works in one or more shops."""

    email = models.EmailField(max_length=254, unique=True)
    # Who signs in through a platform's own admin: `platform:shop:their id there`. Such a person's
    # address is a name under .invalid, which no mail reaches; empty for everybody else.
    platform_user = models.CharField(max_length=120, blank=True, default="")
    # Set when a mailed link was used: only then is the address known to be the person's.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Users()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["platform_user"],
                name="one_user_per_platform_user",
                condition=~models.Q(platform_user=""),
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Member(models.Model):
    """A person's part in a shop. Not walled: it is what decides which scope may be opened."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        STAFF = "staff", "Staff"
        VIEWER = "viewer", "Viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=16, choices=Role, default=Role.OWNER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "shop"], name="one_membership_per_shop"),
        ]


class SignInLink(models.Model):
    """A mailed link that signs one person in once, spent by POST."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True, blank=True)


class AccessRecord(TenantModel):
    """Who looked at whose personal data, and when (append-only)."""

    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        # Serves "who has seen this cart".
        indexes: ClassVar = [models.Index(fields=["shop", "what", "subject"])]


class Remark(models.Model):
    """One line for the next page of a person whose browser keeps no cookie of ours."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
