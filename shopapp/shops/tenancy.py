"""Rows that belong to one shop, and the scope in which they can be reached.

Two walls stand one behind the other: the manager filters by the shop in scope and refuses to answer
outside a scope; PostgreSQL's row-level security hides every other shop's rows even from a query
whose filter was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction

_shop_in_scope: ContextVar[int | None] = ContextVar("shop_in_scope", default=None)


class NoShopInScope(Exception):
    """A shop's rows were asked for without saying which shop: a bug, never an answer."""


def shop_in_scope() -> int:
    """Return the id of the shop in scope; raises NoShopInScope."""
    shop_id = _shop_in_scope.get()
    if shop_id is None:
        raise NoShopInScope("open shops.access.scope(shop) before touching a shop's rows")
    return shop_id


def is_open() -> bool:
    """Say whether a shop's scope, and with it a transaction, is open."""
    return _shop_in_scope.get() is not None


@contextmanager
def scope(shop_id: int) -> Iterator[None]:
    """Open one transaction in which this shop's rows, and no others, can be reached.

    May be nested for the same shop; another shop inside raises NoShopInScope.
    """
    outer = _shop_in_scope.get()
    if outer is not None and outer != shop_id:
        raise NoShopInScope("a scope of another shop is open")
    with transaction.atomic():
        _tell_database(str(shop_id))
        token = _shop_in_scope.set(shop_id)
        try:
            yield
        finally:
            _shop_in_scope.reset(token)
        # Only reached on success: a rollback takes the setting back by itself.
        _tell_database("" if outer is None else str(outer))


def _tell_database(shop: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rebasket.shop_id', %s, true)", [shop])


class TenantManager(models.Manager[Any]):
    """A manager that only ever sees the shop in scope."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the shop in scope."""
        return super().get_queryset().filter(shop_id=shop_in_scope())


class TenantModel(models.Model):
    """A row of one shop. Its table is walled by ``shops.row_security`` in the first migration."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
