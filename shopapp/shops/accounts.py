"""Accounts: find or make one, and sign in by a mailed link."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from shopapp.shops.models import SignInLink, User

LINK_LIVES = timedelta(minutes=20)


def find_or_make(email: str) -> tuple[User, bool]:
    """Return the account of this address and whether it was made just now."""
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is not None:
        return user, False
    return User.objects.create_user(address), True


def mail_link(user: User, *, at: datetime) -> None:
    """Mail a link that signs this person in once. ``at`` is real time. Raises OSError."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, token_hash=_hash(token), expires_at=at + LINK_LIVES)
    context = {
        "link": f"{settings.APP_URL}/sign-in/{token}/",
        "minutes": int(LINK_LIVES.total_seconds() // 60),
    }
    send_mail(
        "Your link to sign in to Rebasket",
        render_to_string("shops/sign_in_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )


def find_link(token: str, *, at: datetime) -> SignInLink | None:
    """Return the unspent, unexpired link of this token, or None."""
    return (
        SignInLink.objects.select_related("user")
        .filter(token_hash=_hash(token), spent_at__isnull=True, expires_at__gt=at)
        .first()
    )


@transaction.atomic
def spend_link(token: str, *, at: datetime) -> User | None:
    """Spend the link and return whom it signs in; None when it was spent or has expired.

    The first link also proves that the address is the person's: every session that was opened
    before, while the address was only claimed, ends with it.
    """
    moved = SignInLink.objects.filter(
        token_hash=_hash(token), spent_at__isnull=True, expires_at__gt=at
    ).update(spent_at=at)
    if not moved:
        return None
    user = SignInLink.objects.select_related("user").get(token_hash=_hash(token)).user
    if user.confirmed_at is None:
        user.confirmed_at = at
        # A fresh unusable password changes what sessions are bound to.
        user.set_unusable_password()
        user.save(update_fields=["confirmed_at", "password"])
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
