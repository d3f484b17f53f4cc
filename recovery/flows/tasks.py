"""Doors for the worker: let carts in and opt-outs out, and take due runs a step further."""

from __future__ import annotations

from celery import shared_task

from recovery.flows import arbiter, leaving, services
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop


@shared_task(name="flows.sweep", acks_late=True)
def sweep() -> None:
    """End the runs of who opted out, enroll abandoned carts and step due runs, shop by shop."""
    access.in_due_shops("flows_opted_out_shops", clock.now(), _leave)
    access.in_due_shops("carts_unconsidered_shops", clock.now(), _enroll)
    access.in_due_shops("flows_due_shops", clock.now(), _run_due)


def _leave(shop: Shop) -> None:
    with access.scope(shop):
        leaving.leave_unsubscribed(shop, at=clock.now())


def _enroll(shop: Shop) -> None:
    with access.scope(shop):
        arbiter.enroll(shop, at=clock.now())


def _run_due(shop: Shop) -> None:
    services.run_due(shop, at=clock.now())
