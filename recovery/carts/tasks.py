"""Doors for the worker: abandon what has been quiet."""

from __future__ import annotations

from celery import shared_task

from recovery.carts import services
from shopapp.kit import clock
from shopapp.shops import access


@shared_task(name="carts.sweep", acks_late=True)
def sweep() -> None:
    """Abandon quiet carts and give up old ones, shop by shop."""
    at = clock.now()
    for shop in access.due_shops("carts_quiet_shops", at):
        with access.scope(shop):
            services.abandon_quiet(shop, at=at)
            services.lose_old(shop, at=at)
