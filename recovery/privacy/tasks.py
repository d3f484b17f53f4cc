"""Door for the worker: tell owners of the requests that wait."""

from __future__ import annotations

from celery import shared_task

from recovery.privacy import telling
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop


@shared_task(name="privacy.sweep", acks_late=True)
def sweep() -> None:
    """Tell the owners of each shop that has a new request."""
    access.in_due_shops("privacy_request_shops", clock.now(), _tell)


def _tell(shop: Shop) -> None:
    telling.tell_owners(shop, at=clock.now())
