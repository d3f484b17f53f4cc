"""Let shoppers who opted out leave their flows at once, not only when a step is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from recovery.contacts.models import Channel, Suppression
from recovery.flows.models import FlowRun
from recovery.flows.services import finish
from shopapp.shops.models import Shop


def leave_unsubscribed(shop: Shop, *, at: datetime) -> int:
    """End the active runs of mailboxes that must not be written to; return how many."""
    opted_out = Suppression.objects.filter(
        channel=Channel.EMAIL, address_key=OuterRef("address_key")
    )
    runs = FlowRun.objects.filter(Exists(opted_out), shop=shop, state=FlowRun.State.ACTIVE)
    return sum(
        finish(run, "unsubscribed", at=at) for run in runs.select_related("flow__shop", "cart")
    )
