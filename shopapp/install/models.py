"""One try to connect a store, from the click to the connected shop."""

from __future__ import annotations

from django.db import models

from shopapp.shops.models import Shop, User


class Installation(models.Model):
    """An install under way. Its state's hash binds the store's unsigned hand-over to the browser
    that asked; the handed-over keys are sealed until the shop exists."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for the store's consent"
        GRANTED = "granted", "Keys received, being proven"
        CONNECTED = "connected", "Connected"
        REFUSED = "refused", "Refused in the store"
        FAILED = "failed", "Failed"

    state_hash = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    store_url = models.URLField(max_length=500)
    # As typed into our own form; empty where the plugin's button began it.
    email = models.EmailField(max_length=254, blank=True, default="")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    plugin_return_url = models.URLField(max_length=1000, blank=True, default="")
    plain_permalinks = models.BooleanField(default=False)
    platform_version = models.CharField(max_length=32, blank=True, default="")
    locale = models.CharField(max_length=16, blank=True, default="")
    status = models.CharField(max_length=16, choices=State, default=State.ASKED)
    problem = models.CharField(max_length=300, blank=True, default="")
    sealed_keys = models.TextField(blank=True, default="")
    shop = models.ForeignKey(Shop, null=True, blank=True, on_delete=models.SET_NULL)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True, blank=True)
    # When the browser that asked came back with the store's yes: only then are the keys used.
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Whether the account was made by this install, and when it was entered without a mailed link.
    made_account = models.BooleanField(default=False)
    entered_at = models.DateTimeField(null=True, blank=True)
    # Who joined a shop that has other members, until those are told.
    newcomer = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
