"""What waits for the merchant."""

from __future__ import annotations

from django.db.models import QuerySet

from recovery.privacy.models import DataRequest


def waiting() -> QuerySet[DataRequest]:
    """Return the requests whose file still has to be handed over."""
    rows: QuerySet[DataRequest] = DataRequest.objects.filter(handed_over_at=None, erased_at=None)
    return rows
