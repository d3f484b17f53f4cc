"""Accounts: find or make one, and sign in by a mailed link."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from shopapp.shops.models import Member, Shop, SignInLink, User

LINK_LIVES = timedelta(minutes=20)


def person(request: HttpRequest) -> User | None:
    """Return who is signed in here, None when nobody is."""
    return request.user if request.user.is_authenticated else None


def find_or_make(email: str) -> tuple[User, bool]:
    """Return the account of this address and whether it was made just now."""
    # An unusable password as one that is set: each is another, and sessions are bound to it.
    return User.objects.get_or_create(
        email=email.strip().lower(), defaults={"password": make_password(None)}
    )


def people_of(shop: Shop, *, but: User | None) -> QuerySet[Member]:
    """Return who signs in to this shop by an address of their own, but for this person.

    Who comes through a platform's admin is let in, and taken out, there.
    """
    rows = Member.objects.filter(shop=shop, user__platform_user="").select_related("user")
    return rows.exclude(user=but).order_by("user__email")


def end_sessions(user: User) -> None:
    """Sign this person out everywhere and forget the password; mailed links go on working."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def mail_link(user: User, *, at: datetime) -> None:
    """Mail a link that signs this person in once. ``at`` is real time. Raises OSError.

    Who comes through a platform's admin has no address of ours, and signs in there.
    """
    if user.platform_user:
        return
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


def mail_newcomer(member: User, shop: Shop, *, newcomer: User) -> None:
    """Tell a member of a shop that somebody else came in by the store's own consent."""
    if member.platform_user:
        return
    context = {
        "shop": shop,
        "newcomer": newcomer.email,
        "link": f"{settings.APP_URL}/shops/{shop.pk}/settings/",
    }
    send_mail(
        f"Somebody joined you at {' '.join(shop.name.split())}",
        render_to_string("shops/newcomer_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [member.email],
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
        user.save(update_fields=["confirmed_at"])
        end_sessions(user)
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
