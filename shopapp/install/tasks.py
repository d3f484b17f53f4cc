"""Doors for the worker: prove keys, and find the installs whose wake-up was lost."""

from __future__ import annotations

from celery import shared_task

from shopapp.install import proving
from shopapp.kit import clock


@shared_task(name="install.prove", acks_late=True)
def prove(installation_id: int) -> None:
    """Prove one install's keys."""
    proving.prove(installation_id, at=clock.real_now())


@shared_task(name="install.sweep", acks_late=True)
def sweep() -> None:
    """Prove what was left waiting."""
    for installation_id in proving.left_waiting(at=clock.real_now()):
        proving.prove(installation_id, at=clock.real_now())
