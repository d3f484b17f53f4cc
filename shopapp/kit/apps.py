"""The kit as a Django app: it brings template filters and the system checks."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The kit."""

    name = "shopapp.kit"
    label = "kit"
