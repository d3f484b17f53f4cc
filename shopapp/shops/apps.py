"""The shops as a Django app."""

from __future__ import annotations

from django.apps import AppConfig

from shopapp import celery, checks


class ShopsConfig(AppConfig):
    """Shops, members and credentials; registers the system checks."""

    name = "shopapp.shops"
    # Both only need to be imported: the checks register themselves, and a web process must know
    # the queue that it wakes workers through.
    imported = (celery, checks)
