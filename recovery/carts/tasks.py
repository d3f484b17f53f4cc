"""Doors for the worker: abandon what has been quiet."""

from __future__ import annotations

from celery import shared_task

from recovery.carts import services
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop


@shared_task(name="carts.sweep", acks_late=True)
def sweep() -> None:
    """Abandon quiet carts and give up old ones, shop by shop."""
    access.in_due_shops("carts_quiet_shops", clock.now(), _sweep_shop)


def _sweep_shop(shop: Shop) -> None:
    at = clock.now()
    with access.scope(shop):
        services.abandon_quiet(shop, at=at)
        services.lose_old(shop, at=at)
