"""The storefront as a Django app; it has no rows of its own yet."""

from __future__ import annotations

from django.apps import AppConfig


class WidgetsConfig(AppConfig):
    """The storefront."""

    name = "widgets"
