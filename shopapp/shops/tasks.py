"""Doors for the worker: mail that nobody should wait for, or measure the waiting."""

from __future__ import annotations

from celery import shared_task

from shopapp.kit import clock
from shopapp.shops import accounts
from shopapp.shops.models import User


@shared_task(name="shops.mail_link", acks_late=True)
def mail_link(user_id: int) -> None:
    """Mail one account a link to sign in with; an id that nobody has is nobody's."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        accounts.mail_link(user, at=clock.real_now())
