"""Tell a shop's owners by mail that a shopper's request waits. The mail names no shopper."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from recovery.privacy.models import DataRequest
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User

logger = logging.getLogger(__name__)

TRIES = 8
_LEASE = timedelta(minutes=5)


def tell_owners(shop: Shop, *, at: datetime) -> int:
    """Mail the owners about each request that they do not know of yet; return how many requests.

    Opens its own scopes. A mail that cannot be sent now is tried again, eight times in all; the
    console's banner tells besides.
    """
    told = 0
    for request in _claimed(shop, at=at):
        try:
            for owner in _owners(shop):
                _mail(shop, owner, request)
        except (OSError, smtplib.SMTPException) as error:
            logger.warning(
                "owners could not be told", extra={"shop": shop.pk, "error": type(error).__name__}
            )
            continue
        with access.scope(shop):
            DataRequest.objects.filter(pk=request.pk).update(tell_due_at=None)
        told += 1
    return told


def _claimed(shop: Shop, *, at: datetime) -> list[DataRequest]:
    """Return the requests to tell of, each put off to its next try before the first one is made."""
    with access.scope(shop):
        rows = DataRequest.objects.select_for_update(skip_locked=True).filter(tell_due_at__lte=at)
        requests = list(rows.order_by("pk")[:20])
        for request in requests:
            request.tell_attempts += 1
            last = request.tell_attempts >= TRIES
            wait = clock.lasting(_LEASE) * 2 ** (request.tell_attempts - 1)
            request.tell_due_at = None if last else at + wait
            request.save(update_fields=["tell_attempts", "tell_due_at"])
    return requests


def _owners(shop: Shop) -> list[User]:
    """Return the owners whom a mail reaches: people of a platform's own admin have no address."""
    owners = User.objects.filter(memberships__shop=shop, memberships__role=Member.Role.OWNER)
    return list(owners.exclude(email__endswith=".invalid").order_by("pk"))


def _mail(shop: Shop, owner: User, request: DataRequest) -> None:
    page = reverse("settings:privacy", args=[shop.pk])
    context = {"shop": shop, "due_at": request.due_at, "link": f"{settings.APP_URL}{page}"}
    send_mail(
        f"A shopper of {' '.join(shop.name.split())} asks for their data",
        render_to_string("privacy/request_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [owner.email],
    )
