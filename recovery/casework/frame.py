"""The numbers beside the menu's entries, counted only when a page shows its menu."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest

from recovery.casework.selectors import carts_in
from recovery.ingest.models import Delivery
from shopapp.shops import access
from shopapp.shops.models import Shop

_HELD = (Delivery.State.QUARANTINED, Delivery.State.PARKED)


class Counts:
    """How much waits behind the menu's entries of one shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @cached_property
    def carts(self) -> int:
        """Return how many carts are in recovery."""
        with access.scope(self._shop):
            return carts_in("in_recovery").count()

    @cached_property
    def quarantined(self) -> int:
        """Return how many pieces of the store's news could not be read or handled."""
        with access.scope(self._shop):
            return Delivery.objects.filter(state__in=_HELD).count()


def counts(request: HttpRequest) -> dict[str, Counts]:
    """Give every template of a shop's page the menu's numbers; nothing on other pages."""
    shop: Shop | None = getattr(request, "shop", None)
    return {} if shop is None else {"counts": Counts(shop)}
