"""One line for the next page, without a cookie: kept in a row where a person comes by a token."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.messages.storage.base import BaseStorage, Message
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponseBase

from shopapp.kit import clock
from shopapp.shops import embedding
from shopapp.shops.models import Remark, User

OLD_AFTER = timedelta(minutes=10)
_LONGEST = 500


def storage(request: HttpRequest) -> BaseStorage:
    """Return where this request's messages are kept until a page shows them."""
    session = embedding.session_of(request)
    if session is None:
        return FallbackStorage(request)
    return _Rows(request, session.member.user if session.member else None)


class _Rows(BaseStorage):
    """Messages as rows of one person. What a page showed is deleted with it."""

    def __init__(self, request: HttpRequest, user: User | None) -> None:
        super().__init__(request)
        self.user = user
        self.shown: list[int] = []

    def _get(self, *_args: Any, **_kwargs: Any) -> tuple[list[Message], bool]:
        if self.user is None:
            return [], True
        since = clock.real_now() - OLD_AFTER
        rows = list(Remark.objects.filter(user=self.user, at__gt=since).order_by("pk"))
        self.shown = [row.pk for row in rows]
        return [Message(row.level, row.text) for row in rows], True

    def _store(
        self,
        messages: Iterable[Message],
        _response: HttpResponseBase | None,
        *_args: Any,
        **_kwargs: Any,
    ) -> list[Message]:
        """Keep these for the next page in place of those that were read."""
        if self.user is None:
            return []
        Remark.objects.filter(user=self.user, pk__in=self.shown).delete()
        Remark.objects.filter(user=self.user, at__lte=clock.real_now() - OLD_AFTER).delete()
        Remark.objects.bulk_create(
            Remark(
                user=self.user,
                level=message.level,
                text=str(message.message)[:_LONGEST],
                at=clock.real_now(),
            )
            for message in messages
        )
        return []
