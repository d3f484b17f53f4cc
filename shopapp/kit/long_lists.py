"""Count and page through lists that may be very long, without counting them to the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 1000
"""Beyond this many rows nobody needs the exact number; counting on would cost them the wait."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of rows, and whether there are more than that."""

    number: int
    more: bool = False


def count_up_to(rows: QuerySet[Any], most: int = MOST) -> Counted:
    """Return how many rows there are, counted no further than ``most``."""
    found = rows.order_by().values("pk")[: most + 1].count()
    return Counted(min(found, most), more=found > most)


def searched(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the same rows by their ids, so that a slow search runs once for page and count."""
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    by_id: QuerySet[Any] = rows.model._default_manager.filter(pk__in=ids)
    return by_id.order_by(*rows.query.order_by)


class LongList(Paginator):  # type: ignore[type-arg]  # Django gives it no parameter at run time.
    """Pages of the newest ``MOST`` rows; what is older is found by searching.

    ``more`` says that there are rows beyond them.
    """

    @cached_property
    def _counted(self) -> Counted:
        return count_up_to(cast("QuerySet[Any]", self.object_list))

    @property
    def count(self) -> int:
        """Return how many rows can be paged through."""
        return self._counted.number

    @property
    def more(self) -> bool:
        """Say whether older rows exist than those that can be paged through."""
        return self._counted.more
