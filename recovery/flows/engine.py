"""What happens next to one run: a pure decision, without clock, database or network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from recovery.flows.steps import EmailStep

CartState = Literal["open", "abandoned", "ordered", "emptied", "lost", "deleted", "merged"]
StepState = Literal["none", "waiting", "ended"]

LOOK_AGAIN = timedelta(minutes=5)
_OVER = {
    "emptied": "cart_emptied",
    "lost": "cart_too_old",
    "deleted": "checkout_deleted",
    "merged": "cart_joined",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the decision depends on.

    ``order``: the stage of an order that stands against recovery, if any. ``refusal``: why the
    shopper may not be written to, empty when nothing stands against. ``step``: what became of the
    present step's message so far.
    """

    now: datetime
    abandoned_at: datetime
    position: int
    cart: CartState
    order: Literal["", "pending", "placed"] = ""
    refusal: str = ""
    step: StepState = "none"


@dataclass(frozen=True, slots=True)
class Sleep:
    """Look again at ``until``; ``reason``: what is waited for, empty for the step's own time."""

    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Queue this step's message."""

    step: EmailStep
    due_at: datetime
    too_late_at: datetime


@dataclass(frozen=True, slots=True)
class Advance:
    """The present step is done with; ``reason`` is set when it was left out."""

    step: EmailStep
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """The run is over, for this reason."""

    reason: str


Decision = Sleep | Dispatch | Advance | Finish


def decide(steps: tuple[EmailStep, ...], situation: Situation) -> Decision:
    """Return what to do now with a run at this place of these steps."""
    ended = _ended(situation)
    if ended:
        return Finish(ended)
    if situation.order == "pending":
        return Sleep(situation.now + LOOK_AGAIN, "payment_pending")
    if situation.cart == "open":
        return Sleep(situation.now + LOOK_AGAIN, "shopper_active")
    if situation.position >= len(steps):
        return Finish("completed")
    return _decide_step(steps[situation.position], situation)


def _ended(situation: Situation) -> str:
    if situation.order == "placed" or situation.cart == "ordered":
        return "ordered"
    return _OVER.get(situation.cart, "") or situation.refusal


def _decide_step(step: EmailStep, situation: Situation) -> Decision:
    if situation.step == "ended":
        return Advance(step)
    if situation.step == "waiting":
        return Sleep(situation.now + LOOK_AGAIN, "message_waiting")
    if not step.on:
        return Advance(step, "step_off")
    due_at = situation.abandoned_at + step.after
    too_late_at = due_at + step.too_late
    if situation.now < due_at:
        return Sleep(due_at)
    if situation.now > too_late_at:
        return Advance(step, "too_late")
    return Dispatch(step, due_at, too_late_at)
