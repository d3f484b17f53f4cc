"""Doors for the worker: let carts in, and take due runs a step further."""

from __future__ import annotations

from celery import shared_task

from recovery.flows import arbiter, services
from shopapp.kit import clock
from shopapp.shops import access


@shared_task(name="flows.sweep", acks_late=True)
def sweep() -> None:
    """Enroll abandoned carts and step due runs, shop by shop."""
    at = clock.now()
    for shop in access.due_shops("carts_unconsidered_shops", at):
        with access.scope(shop):
            arbiter.enroll(shop, at=at)
    for shop in access.due_shops("flows_due_shops", clock.now()):
        services.run_due(shop, at=clock.now())
