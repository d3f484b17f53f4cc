"""What is left to do before a new shop wins its first cart back; it ticks itself from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from recovery.carts.models import Cart
from recovery.casework.theme import script_switch
from recovery.flows.models import Flow
from recovery.messaging.selectors import sender_of
from shopapp.shops import access
from shopapp.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what, why, whether the rows say it is done, and where it is done."""

    title: str
    why: str
    done: bool
    url: str
    action: str


class Beginning:
    """The steps of one shop, looked up only when a page shows them."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @cached_property
    def steps(self) -> list[Step]:
        """Return every step in its order."""
        with access.scope(self._shop):
            sender = sender_of(self._shop)
            named = bool(sender.email and sender.legal_address)
            live = Flow.objects.filter(live=True).exists()
            seen = Cart.objects.exists()
        shop = self._shop
        return [
            Step(
                "Say who writes",
                "The address that mails come from, and the postal address at their foot.",
                named,
                reverse("settings:sender", args=[shop.pk]),
                "Set the sender",
            ),
            Step(
                "Switch a flow on",
                "Read its mails first; only carts left from then on are written to.",
                live,
                reverse("flows:list", args=[shop.pk]),
                "To the flows",
            ),
            Step(
                "See the first cart arrive",
                "Put something into the cart of your own shop, and look here again.",
                seen,
                shop.url,
                "Open the shop",
            ),
        ]

    @cached_property
    def theme(self) -> dict[str, str]:
        """Return where the script is switched on, for shops whose theme carries it; no step of its
        own, for only the browser can ask the admin whether that was done."""
        return script_switch(self._shop)

    @cached_property
    def next(self) -> Step | None:
        """Return the first step that is not done, or None when the shop is under way."""
        return next((step for step in self.steps if not step.done), None)


def beginning(request: HttpRequest) -> dict[str, Beginning]:
    """Give every template of a connected shop's page the steps that are left."""
    shop: Shop | None = getattr(request, "shop", None)
    if shop is None or shop.state != Shop.State.CONNECTED:
        return {}
    return {"beginning": Beginning(shop)}
