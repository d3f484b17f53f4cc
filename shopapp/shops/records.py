"""Remember who looked at whose personal data."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from shopapp.shops.models import AccessRecord, Shop


def record_access(
    request: HttpRequest, shop: Shop, *, what: str, subject: str, at: datetime
) -> AccessRecord:
    """Write down that the signed-in person saw this; needs the shop in scope."""
    record: AccessRecord = AccessRecord.objects.create(
        shop=shop, user_id=request.user.pk, what=what, subject=subject, at=at
    )
    return record
