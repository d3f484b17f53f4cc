"""Whose the connected shop is, and how they enter it.

An owner's address is believed only from the store itself, asked with its keys, or from our own form
in the browser that proved to be the store's. An account whose address nobody has confirmed may have
been made by anybody: nobody is let into it but whom this very install made it for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from shopapp.install.models import Installation
from shopapp.kit import later
from shopapp.shops import accounts
from shopapp.shops.models import Member, Shop, User

ENTER_WITHIN = timedelta(minutes=60)
_LONGEST_ADDRESS = 254


def owner_address(installation: Installation, *, told: str) -> str:
    """Return the address of the account that is to own the shop; '' when nobody knows it.

    ``told``: the merchant's address as the store's plugin says it.
    """
    if installation.user is not None:
        return installation.user.email
    return installation.email or _checked(told)


def take_ownership(installation: Installation, shop: Shop, *, told: str) -> User:
    """Make the shop's owner a member and return them. Needs a transaction, and a known owner."""
    user = installation.user
    if user is None:
        address = owner_address(installation, told=told)
        user, installation.made_account = accounts.find_or_make(address)
        if not installation.made_account and user.confirmed_at is None:
            accounts.end_sessions(user)
        installation.user = user
    join(installation, shop, user)
    return user


def join(installation: Installation, shop: Shop, user: User) -> bool:
    """Let this person into the shop as an owner; those who are there already will be told."""
    others = Member.objects.filter(shop=shop).exclude(user=user).exists()
    joined = Member.objects.get_or_create(
        user=user, shop=shop, defaults={"role": Member.Role.OWNER}
    )[1]
    if joined and others:
        installation.newcomer, installation.shop = user, shop
        installation.save(update_fields=["newcomer", "shop"])
        later.enqueue("install.tell_members", installation.pk)
    return joined


def may_enter(installation: Installation, *, at: datetime) -> bool:
    """Say whether this install's browser may sign in as its owner without a mailed link: once,
    soon, and only into an account that this install made and nobody has used since."""
    user, ended_at = installation.user, installation.ended_at
    return (
        installation.status == Installation.State.CONNECTED
        and installation.made_account
        and installation.entered_at is None
        and user is not None
        and user.confirmed_at is None
        and not user.memberships.exclude(shop=installation.shop).exists()
        and ended_at is not None
        and at - ended_at < ENTER_WITHIN
    )


def enter(installation: Installation, *, at: datetime) -> User | None:
    """Spend the right to sign in; return whom to sign in as, None when it does not exist."""
    if not may_enter(installation, at=at):
        return None
    rows = Installation.objects.filter(pk=installation.pk, entered_at__isnull=True)
    return installation.user if rows.update(entered_at=at) else None


def tell_members(installation: Installation) -> int:
    """Mail the shop's other members that somebody joined them; return how many. Raises OSError."""
    shop, newcomer = installation.shop, installation.newcomer
    if shop is None or newcomer is None:
        return 0
    others = list(User.objects.filter(memberships__shop=shop).exclude(pk=newcomer.pk))
    for member in others:
        accounts.mail_newcomer(member, shop, newcomer=newcomer)
    Installation.objects.filter(pk=installation.pk).update(newcomer=None)
    return len(others)


def _checked(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= _LONGEST_ADDRESS else ""
