"""The numbers beside the menu's entries and what is missing, asked only by a page with a frame."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from recovery.casework.selectors import in_recovery
from recovery.flows.models import Flow
from recovery.ingest.models import Delivery
from recovery.messaging.selectors import sender_of
from recovery.privacy.selectors import waiting
from shopapp.kit import clock
from shopapp.kit.long_lists import Counted, count_up_to
from shopapp.shops import access
from shopapp.shops.frame import Banner
from shopapp.shops.models import Member, Shop

_HELD = (Delivery.State.QUARANTINED, Delivery.State.PARKED)


class Counts:
    """How much waits behind the menu's entries of one shop."""

    def __init__(self, shop: Shop, person_id: int | None) -> None:
        self._shop = shop
        self._person_id = person_id

    @cached_property
    def may_change(self) -> bool:
        """Say whether this person may do more in the shop than look."""
        allowed = access.ABILITIES["change"]
        return Member.objects.filter(
            shop=self._shop, user=self._person_id, role__in=allowed
        ).exists()

    @cached_property
    def requests(self) -> int:
        """Return how many shoppers wait for their data."""
        with access.scope(self._shop):
            return waiting().count()

    @cached_property
    def asked(self) -> Banner | None:
        """Return that a shopper waits for their data, and until when; None when nobody does."""
        with access.scope(self._shop):
            first = waiting().order_by("due_at").first()
        if first is None or not self.may_change:
            return None
        days = (first.due_at - clock.now()).days
        left = f"{days} day{'' if days == 1 else 's'} left" if days >= 0 else "it is overdue"
        return {
            "kind": "warn" if days >= 0 else "bad",
            "title": "A shopper asks for their data",
            "text": f"The file is ready to be handed over; {left}.",
            "action_url": reverse("settings:privacy", args=[self._shop.pk]),
            "action_label": "See the request",
        }

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
    return {} if shop is None else {"counts": Counts(shop, request.user.pk)}
