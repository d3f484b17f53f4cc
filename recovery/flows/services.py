"""Run flows: make the presets, switch them, take runs through their steps, stop them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from django.db import transaction
from django.db.models import Q

from recovery.carts.models import Cart
from recovery.carts.services import block, end_by_order, mark_won, note
from recovery.flows import engine, steps
from recovery.flows.models import Flow, FlowRun, FlowVersion
from recovery.flows.presets import PRESETS
from recovery.flows.situation import situation_of
from recovery.messaging import services as messaging
from recovery.messaging.models import Message
from recovery.orders.models import Order
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
_TRIES = 3


def make_presets(shop: Shop, *, at: datetime) -> list[Flow]:
    """Return the shop's flows, making those that it does not have yet (switched off)."""
    for preset in PRESETS:
        flow, made = Flow.objects.get_or_create(
            shop=shop,
            preset=preset.key,
            defaults={
                "name": preset.name,
                "trigger": preset.trigger,
                "priority": preset.priority,
            },
        )
        if made:
            publish(flow, preset.steps_in(shop.locale), at=at)
    return list(Flow.objects.order_by("priority", "pk"))


def publish(flow: Flow, new_steps: tuple[steps.EmailStep, ...], *, at: datetime) -> FlowVersion:
    """Make these steps the flow's newest version; runs inside stay with theirs."""
    last = FlowVersion.objects.filter(flow=flow).order_by("-number").first()
    version: FlowVersion = FlowVersion.objects.create(
        shop_id=flow.shop_id,
        flow=flow,
        number=last.number + 1 if last else 1,
        steps=steps.write(new_steps),
        published_at=at,
    )
    return version


def change_step(flow: Flow, changed: steps.EmailStep, *, at: datetime) -> FlowVersion:
    """Publish a version in which the step of the same key is replaced."""
    present = steps.read(newest_version(flow).steps)
    new = tuple(changed if step.key == changed.key else step for step in present)
    return publish(flow, new, at=at)


def newest_version(flow: Flow) -> FlowVersion:
    """Return the version that new runs enter."""
    version: FlowVersion = FlowVersion.objects.filter(flow=flow).order_by("-number")[0]
    return version


def switch_on(flow: Flow, *, look_back: timedelta, at: datetime) -> bool:
    """Let carts abandoned from ``at - look_back`` on enter; False when it was on already."""
    since = at - look_back
    moved = Flow.objects.filter(pk=flow.pk, live=False).update(live=True, active_from=since)
    if moved:
        Cart.objects.filter(
            state=Cart.State.ABANDONED, abandoned_at__gte=since, runs__isnull=True
        ).update(considered_at=None)
    return moved == 1


def switch_off(flow: Flow, *, at: datetime) -> bool:
    """Stop the flow: nobody enters, and those inside leave; False when it was off already."""
    moved = Flow.objects.filter(pk=flow.pk, live=True).update(live=False, active_from=None)
    for run in FlowRun.objects.filter(flow=flow, state=FlowRun.State.ACTIVE):
        finish(run, "flow_switched_off", at=at)
    return moved == 1


def run_due(shop: Shop, *, at: datetime, limit: int = 100) -> int:
    """Take each due run of the shop one decision further; return how many were looked at.

    Every run is decided in a transaction of its own: one that a mistake of ours stops is tried
    three times, and then given up; the others go on.
    """
    with access.scope(shop):
        claimed = _claim(at=at, limit=limit)
    for run_id in claimed:
        try:
            with access.scope(shop):
                step_run(run_id, at=at)
        except Exception:
            logger.exception("a run failed", extra={"shop": shop.pk, "run": run_id})
            _count_failure(shop, run_id, at=at)
    return len(claimed)


def _count_failure(shop: Shop, run_id: int, *, at: datetime) -> None:
    with access.scope(shop):
        run = FlowRun.objects.select_related("flow__shop", "cart").get(pk=run_id)
        tries = run.attempts + 1
        later = at + clock.lasting(LEASE) * tries
        FlowRun.objects.filter(pk=run_id).update(attempts=tries, due_at=later, lease_until=None)
        if tries >= _TRIES:
            finish(run, "broken", at=at)


def _claim(*, at: datetime, limit: int) -> list[int]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    due = FlowRun.objects.filter(free, state=FlowRun.State.ACTIVE, due_at__lte=at)
    rows = due.order_by("due_at").select_for_update(skip_locked=True, of=("self",))
    claimed = list(rows.values_list("pk", flat=True)[:limit])
    FlowRun.objects.filter(pk__in=claimed).update(lease_until=at + clock.lasting(LEASE))
    return claimed


def step_run(run_id: int, *, at: datetime) -> engine.Decision | None:
    """Decide about one run and do it; None when the run is over."""
    # Claimed: who else looks at it holds it for a moment only, and is waited for.
    rows = FlowRun.objects.select_for_update(of=("self",))
    run = rows.select_related("cart", "contact", "version", "flow").filter(pk=run_id).first()
    if run is None or run.state != FlowRun.State.ACTIVE:
        return None
    plan = steps.read(run.version.steps)
    situation = situation_of(run, plan, at=at)
    decision = engine.decide(plan, situation)
    while isinstance(decision, engine.Advance):
        _advance(run, decision, at=at)
        situation = situation_of(run, plan, at=at)
        decision = engine.decide(plan, replace(situation, position=run.position))
    _act(run, decision, at=at)
    return decision


def _advance(run: FlowRun, decision: engine.Advance, *, at: datetime) -> None:
    run.position += 1
    FlowRun.objects.filter(pk=run.pk).update(position=run.position)
    if decision.reason:
        note(run.cart, "step_skipped", at=at, reason=decision.reason, step=decision.step.key)


def _act(run: FlowRun, decision: engine.Decision, *, at: datetime) -> None:
    match decision:
        case engine.Sleep(until, reason):
            _sleep(run, until=until, reason=reason)
        case engine.Dispatch(step, due_at, too_late_at):
            _dispatch(run, step, due_at=due_at, too_late_at=too_late_at, at=at)
        case engine.Finish(reason):
            finish(run, reason, at=at)
        case engine.Advance():
            raise AssertionError("advanced runs are decided again")
        case _:
            assert_never(decision)


def _sleep(run: FlowRun, *, until: datetime, reason: str) -> None:
    FlowRun.objects.filter(pk=run.pk).update(
        due_at=until,
        waiting_reason=reason,
        lease_until=None,
        attempts=0,
        abandoned_at=run.abandoned_at,
    )


def _dispatch(
    run: FlowRun,
    step: steps.EmailStep,
    *,
    due_at: datetime,
    too_late_at: datetime,
    at: datetime,
) -> None:
    messaging.queue(
        run.flow.shop,
        contact=run.contact,
        cart=run.cart,
        kind=Message.Kind.FLOW,
        content=dict(step.content),
        dedup_key=f"run:{run.pk}:{step.key}:email",
        due_at=due_at,
        too_late_at=too_late_at,
        at=at,
        run_id=run.pk,
        flow_id=run.flow_id,
        step_key=step.key,
    )
    _sleep(run, until=at + engine.LOOK_AGAIN, reason="message_waiting")


@transaction.atomic
def send_now(run: FlowRun, *, at: datetime) -> bool:
    """Queue the run's next message at once instead of at its time; False when none is left.

    Every objection to sending is still asked: this only shortens the wait.
    """
    plan = steps.read(run.version.steps)
    left = [step for step in plan[run.position :] if step.on]
    situation = situation_of(run, plan, at=at)
    if not left or situation.step == "waiting" or situation.cart != "abandoned":
        return False
    step = left[1] if situation.step == "ended" and len(left) > 1 else left[0]
    run.position = plan.index(step)
    FlowRun.objects.filter(pk=run.pk).update(position=run.position)
    _dispatch(run, step, due_at=at, too_late_at=at + step.too_late, at=at)
    note(run.cart, "sent_early", at=at, step=step.key)
    return True


def stop_by_merchant(cart: Cart, *, at: datetime) -> bool:
    """End the recovery of one cart because the merchant says so; False when there was none."""
    runs = FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).select_related(
        "flow__shop", "cart"
    )
    stopped = [finish(run, "stopped_by_merchant", at=at) for run in runs]
    block(cart, "stopped_by_merchant", at=at)
    return any(stopped)


def win_by_merchant(cart: Cart, *, at: datetime) -> bool:
    """Close a cart that the merchant won in another way; False when it was closed before."""
    moved = mark_won(cart, at=at)
    for run in FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).select_related(
        "flow__shop", "cart"
    ):
        finish(run, "won_by_merchant", at=at)
    return moved


def finish(run: FlowRun, outcome: str, *, at: datetime) -> bool:
    """End a run, withdrawing what it has waiting; False when it was over already."""
    moved = FlowRun.objects.filter(pk=run.pk, state=FlowRun.State.ACTIVE).update(
        state=FlowRun.State.FINISHED,
        outcome=outcome,
        finished_at=at,
        lease_until=None,
        waiting_reason="",
    )
    if moved:
        messaging.withdraw_for_run(run.flow.shop, run_id=run.pk, reason=outcome, at=at)
        note(run.cart, "left_flow", at=at, reason=outcome, flow=run.flow.name)
    return moved == 1


@transaction.atomic
def stop_for_order(shop: Shop, order: Order, *, at: datetime) -> int:
    """End every living cart and run that this placed order settles; return how many carts.

    An order settles its own cart, and whatever else its shopper had begun before placing it.
    """
    if order.stage != Order.Stage.PLACED:
        return 0
    ended = 0
    for cart in _carts_settled_by(order):
        moment = max(order.placed_at, cart.started_at)
        ended += end_by_order(cart, order_number=order.number, at=moment)
        for run in FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE):
            finish(run, "ordered", at=at)
        messaging.withdraw_for_cart(shop, cart=cart, reason="ordered", at=at)
        if order.ended_cart_id is None:
            Order.objects.filter(pk=order.pk).update(ended_cart=cart)
            order.ended_cart = cart
    return ended


def _carts_settled_by(order: Order) -> list[Cart]:
    own = Q(cart_id=order.cart_id) if order.cart_id else Q(pk__in=[])
    if order.checkout_token:
        own |= Q(alias=order.checkout_token)
    person = Q(pk__in=[])
    if order.address_key:
        person |= Q(contact__address_key=order.address_key)
    if order.phone:
        person |= Q(contact__phone=order.phone)
    if order.customer_id:
        person |= Q(customer_id=order.customer_id) | Q(contact__customer_id=order.customer_id)
    living = Cart.objects.filter(state__in=[Cart.State.OPEN, Cart.State.ABANDONED])
    found = living.filter(own | (person & Q(started_at__lte=order.placed_at)))
    # The order's own cart first: it is the one that the order is shown to have ended.
    rows = list(found.select_for_update(of=("self",)).order_by("-started_at"))
    return sorted(rows, key=lambda cart: cart.cart_id != order.cart_id)
