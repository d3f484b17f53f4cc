"""The numbers beside the menu's entries and what is missing, asked only by a page with a frame."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from recovery.casework.selectors import in_recovery
from recovery.flows.models import Flow
from recovery.ingest.models import Delivery
from recovery.messaging.selectors import sender_of
from shopapp.kit.long_lists import Counted, count_up_to
from shopapp.shops import access
from shopapp.shops.frame import Banner
from shopapp.shops.models import Shop

_HELD = (Delivery.State.QUARANTINED, Delivery.State.PARKED)


class Counts:
    """How much waits behind the menu's entries of one shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @cached_property
    def carts(self) -> Counted:
        """Return how many carts are in recovery."""
        with access.scope(self._shop):
            return count_up_to(in_recovery())

    @cached_property
    def quarantined(self) -> int:
        """Return how many pieces of the store's news could not be read or handled."""
        with access.scope(self._shop):
            return Delivery.objects.filter(state__in=_HELD).count()

    @cached_property
    def missing(self) -> Banner | None:
        """Return what keeps a flow that is on from sending; None when nothing does."""
        with access.scope(self._shop):
            sender = sender_of(self._shop)
            if (sender.email and sender.legal_address) or not Flow.objects.filter(
                live=True
            ).exists():
                return None
        what = "a postal address" if sender.email else "a sender's address"
        return {
            "kind": "warn",
            "title": "Mails are waiting",
            "text": f"A flow is on, but its mails need {what} first.",
            "action_url": reverse("settings:sender", args=[self._shop.pk]),
            "action_label": "Set the sender",
        }


def counts(request: HttpRequest) -> dict[str, Counts]:
    """Give every template of a shop's page the menu's numbers; nothing on other pages."""
    shop: Shop | None = getattr(request, "shop", None)
    return {} if shop is None else {"counts": Counts(shop)}
