"""What flows and their steps have done so far, counted from the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef

from recovery.attribution.models import Credit
from recovery.carts.models import Cart
from recovery.flows.models import Flow, FlowRun
from recovery.messaging.models import Click, Message

SENT: dict[str, Any] = {
    "state__in": [Message.State.SENT, Message.State.UNKNOWN],
    "kind": Message.Kind.FLOW,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one flow or step: messages sent, shoppers' clicks, credited orders."""

    sent: int = 0
    clicks: int = 0
    orders: int = 0


def by_flow() -> Callable[[int], Figures]:
    """Return a function from a flow's id to its figures."""
    return _by("flow_id", SENT)


def by_step(flow: Flow) -> Callable[[str], Figures]:
    """Return a function from a step's key to its figures in this flow."""
    return _by("step_key", SENT | {"flow_id": flow.pk})


def _by(field: str, wanted: dict[str, Any]) -> Callable[..., Figures]:
    messages = Message.objects.filter(**wanted)
    sent = dict(messages.values_list(field).annotate(Count("pk")).order_by())
    clicked = dict(
        Click.objects.filter(counted_at__isnull=False, **_under("link__message", wanted))
        .values_list(f"link__message__{field}")
        .annotate(Count("link__message", distinct=True))
        .order_by()
    )
    ordered = dict(
        Credit.objects.filter(**_under("message", wanted))
        .values_list(f"message__{field}")
        .annotate(Count("pk"))
        .order_by()
    )
    return lambda key: Figures(sent.get(key, 0), clicked.get(key, 0), ordered.get(key, 0))


def _under(path: str, conditions: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions on a message, asked from a row that leads to it by ``path``."""
    return {f"{path}__{name}": value for name, value in conditions.items()}


def inside(flow: Flow) -> int:
    """Return how many shoppers are inside the flow."""
    return FlowRun.objects.filter(flow=flow, state=FlowRun.State.ACTIVE).count()


def waiting(flow: Flow, *, at: datetime, look_back: timedelta = timedelta(hours=24)) -> int:
    """Return how many abandoned carts of the last hours would enter if the flow looked back."""
    carts = Cart.objects.filter(
        state=Cart.State.ABANDONED,
        abandoned_at__gte=at - look_back,
        contact__isnull=False,
    ).exclude(Exists(FlowRun._base_manager.filter(cart=OuterRef("pk"))))
    if flow.trigger == Flow.Trigger.CHECKOUT:
        carts = carts.filter(stage=Cart.Stage.CHECKOUT)
    return carts.count()
