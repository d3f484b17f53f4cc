"""Doors for the worker: prove keys, tell members, and find the installs that were left behind."""

from __future__ import annotations

from celery import shared_task

from shopapp.install import owning, proving
from shopapp.install.models import Installation
from shopapp.kit import clock, later, limits


@shared_task(name="install.prove", acks_late=True)
def prove(installation_id: int) -> None:
    """Prove one install's keys."""
    proving.prove(installation_id, at=clock.real_now(), shown_at=clock.now())


@shared_task(name="install.tell_members", acks_late=True)
def tell_members(installation_id: int) -> None:
    """Tell a shop's members that somebody joined them."""
    installation = Installation.objects.filter(pk=installation_id).first()
    if installation is not None:
        owning.tell_members(installation)


@shared_task(name="install.sweep", acks_late=True)
def sweep() -> None:
    """End what nobody came back for, and wake workers for what was left waiting."""
    now = clock.real_now()
    limits.forget_old()
    proving.end_left(at=now)
    for installation_id in proving.left_waiting(at=now):
        later.enqueue("install.prove", installation_id)
    for installation_id in proving.with_newcomers(at=now):
        later.enqueue("install.tell_members", installation_id)
