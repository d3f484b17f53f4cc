"""Passes: a picture of ours inside our own page inside an admin, where neither cookie nor header
goes along. A pass opens one address for one person, for a short while, and only to look at."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from shopapp.shops.models import Member

NAME = "pass"
LIVES = timedelta(minutes=30)
_SALT = "shops.pass"


def pass_to(path: str, member: Member) -> str:
    """Return what opens this path to this member."""
    return signing.dumps([member.pk, path], salt=_SALT, compress=False)


def member_with(given: str, path: str) -> Member | None:
    """Return whose pass to this very path this is; None when it is none, or over."""
    try:
        member_id, allowed = signing.loads(given, salt=_SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if allowed != path:
        return None
    return Member.objects.select_related("user", "shop").filter(pk=member_id).first()
