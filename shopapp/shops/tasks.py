"""Doors for the worker: mail that nobody should wait for, and keys that are about to end."""

from __future__ import annotations

from celery import shared_task

from shopapp.kit import clock, later
from shopapp.shops import access, accounts, keys
from shopapp.shops.models import User


@shared_task(name="shops.mail_link", acks_late=True)
def mail_link(user_id: int) -> None:
    """Mail one account a link to sign in with; an id that nobody has is nobody's."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        accounts.mail_link(user, at=clock.real_now())


@shared_task(name="shops.renew_keys", acks_late=True)
def renew_keys() -> None:
    """Wake a worker for every shop whose keys nobody used until they have to be renewed."""
    for shop in access.due_shops("shops_keys_due_shops", clock.real_now()):
        later.enqueue("shops.renew_keys_of", shop.pk)


@shared_task(name="shops.renew_keys_of", acks_late=True)
def renew_keys_of(shop_id: int) -> None:
    """Renew one idle shop's keys."""
    keys.renew_idle(access.shop_by_id(shop_id), at=clock.real_now())
