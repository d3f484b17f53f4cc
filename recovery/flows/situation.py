"""Gather what the engine must know about one run."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from recovery.carts.services import state_told
from recovery.contacts import policy
from recovery.contacts.models import Channel
from recovery.contacts.selectors import is_suppressed, may_write
from recovery.flows import engine, steps
from recovery.flows.models import FlowRun
from recovery.messaging.models import Message
from recovery.orders.models import Order
from recovery.orders.selectors import is_customer, standing_order

_WAITING = (Message.State.QUEUED, Message.State.PREPARED, Message.State.HANDING_OVER)


def situation_of(
    run: FlowRun, plan: tuple[steps.EmailStep, ...], *, at: datetime
) -> engine.Situation:
    """Return the situation of a run; an abandonment after its entry counts as its new start."""
    if run.cart.abandoned_at is not None:
        run.abandoned_at = run.cart.abandoned_at
    return engine.Situation(
        now=at,
        abandoned_at=run.abandoned_at,
        position=run.position,
        cart=cast(engine.CartState, state_told(run.cart)),
        order=_order_stage(run),
        refusal=refusal_of(run),
        step=_step_state(run, plan),
    )


def _order_stage(run: FlowRun) -> Literal["", "pending", "placed"]:
    order = standing_order(
        run.flow.shop,
        cart=run.cart,
        contact=run.contact,
        address_key=run.address_key,
        since=run.cart.started_at,
    )
    if order is None:
        return ""
    return "pending" if order.stage == Order.Stage.PENDING else "placed"


def refusal_of(run: FlowRun) -> str:
    """Return why the run's shopper may not be written to, or an empty string."""
    if is_suppressed(channel=Channel.EMAIL, address_key=run.address_key):
        return "unsubscribed"
    answer = may_write(
        run.contact,
        channel=Channel.EMAIL,
        is_customer=is_customer(run.flow.shop, contact=run.contact),
        country=run.cart.country,
    )
    return answer.reason if isinstance(answer, policy.Refused) else ""


def _step_state(run: FlowRun, plan: tuple[steps.EmailStep, ...]) -> engine.StepState:
    if run.position >= len(plan):
        return "none"
    message = Message.objects.filter(run_id=run.pk, step_key=plan[run.position].key).first()
    if message is None:
        return "none"
    return "waiting" if message.state in _WAITING else "ended"
