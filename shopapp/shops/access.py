"""The only way to a shop's rows: who may open which shop, and one row by its id."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from shopapp.kit.errors import Forbidden, Unreachable
from shopapp.shops import tenancy
from shopapp.shops.embedding import session_of
from shopapp.shops.frame import zone_of
from shopapp.shops.models import Member, Shop

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Row = TypeVar("Row", bound=models.Model)
ShopView = Callable[Concatenate[HttpRequest, Shop, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]

ABILITIES: dict[str, frozenset[str]] = {
    "see": frozenset({Member.Role.OWNER, Member.Role.STAFF, Member.Role.VIEWER}),
    "change": frozenset({Member.Role.OWNER, Member.Role.STAFF}),
    "own": frozenset({Member.Role.OWNER}),
}


def scope(shop: Shop) -> AbstractContextManager[None]:
    """Open one transaction in which this shop's rows, and no others, can be reached."""
    return tenancy.scope(shop.pk)


def shop_view(ability: str = "see", *, scoped: bool = True) -> Callable[[ShopView[P]], View]:
    """Wrap a view so that it gets its shop, in scope, if the signed-in person may do this there.

    Somebody else's shop is a 404. ``scoped=False`` is for views that speak to the network: they
    open their own short scopes. Moments are shown by the shop's own clock.
    """

    def wrap(view: ShopView[P]) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, shop_id: int, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            shop = _shop_of(request, shop_id, ability)
            request.shop = shop  # type: ignore[attr-defined]
            with timezone.override(zone_of(shop)):
                if not scoped:
                    return view(request, shop, *args, **kwargs)
                with scope(shop):
                    answer = view(request, shop, *args, **kwargs)
                    if isinstance(answer, HttpResponse) and hasattr(answer, "render"):
                        answer.render()
                    return answer

        return guarded

    return wrap


def _shop_of(request: HttpRequest, shop_id: int, ability: str) -> Shop:
    session = session_of(request)
    if session is not None:
        member = session.member  # of the shop in whose admin they are: no other exists for them
    else:
        rows = Member.objects.select_related("shop")
        member = rows.filter(user=request.user.pk, shop=shop_id).first()
    if member is None or member.shop.pk != shop_id:
        raise Unreachable("There is no such shop here.")
    if member.role not in ABILITIES[ability]:
        raise Forbidden("Your role in this shop does not allow this.")
    return member.shop


def may(request: HttpRequest, shop: Shop, ability: str) -> bool:
    """Say whether the signed-in person may do this in the shop."""
    try:
        _shop_of(request, shop.pk, ability)
    except (Unreachable, Forbidden):
        return False
    return True


def row(rows: models.QuerySet[Row], row_id: int | str) -> Row:
    """Return one row of the shop in scope, or raise Unreachable, whoever's else it may be."""
    found = rows.filter(shop_id=tenancy.shop_in_scope(), pk=row_id).first()
    if found is None:
        raise Unreachable("There is no such thing in this shop.")
    return found


def shop_by_public_id(public_id: str) -> Shop:
    """Return the installed shop that a public address names; raises Unreachable."""
    shop = Shop.objects.filter(public_id=public_id).first()
    if shop is None:
        raise Unreachable("There is no such shop here.")
    return shop


def shop_by_id(shop_id: int) -> Shop:
    """Return the shop that a task's argument names; raises Unreachable when it is gone."""
    shop = Shop.objects.filter(pk=shop_id).first()
    if shop is None:
        raise Unreachable("There is no such shop here.")
    return shop


def in_due_shops(function: str, at: Any, sweep: Callable[[Shop], object]) -> None:
    """Sweep each shop in which the named database function sees due rows.

    One that a mistake of ours stops is logged, and keeps no other shop waiting.
    """
    for shop in due_shops(function, at):
        try:
            sweep(shop)
        except Exception:
            logger.exception("a shop's sweep failed", extra={"shop": shop.pk, "sweep": function})


def due_shops(function: str, at: Any) -> list[Shop]:
    """Return the shops in which the named database function sees due rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {connection.ops.quote_name(function)}(%s)", [at])
        ids = [found for (found,) in cursor.fetchall()]
    return list(Shop.objects.filter(pk__in=ids).order_by("pk"))
