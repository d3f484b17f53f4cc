"""The shops as a Django app."""

from __future__ import annotations

from django.apps import AppConfig

from shopapp import checks


class ShopsConfig(AppConfig):
    """Shops, members and credentials; registers the system checks."""

    name = "shopapp.shops"
    system_checks = checks
