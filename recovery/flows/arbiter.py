"""Decide which flow, if any, an abandoned cart enters: at most one per shopper."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from recovery.carts.models import Cart, Entry
from recovery.carts.services import block, end_by_order, note
from recovery.contacts import policy
from recovery.contacts.models import Channel, Contact
from recovery.contacts.selectors import is_suppressed, may_write
from recovery.flows.models import Flow, FlowRun
from recovery.flows.services import finish, make_presets, newest_version
from recovery.orders.models import Order
from recovery.orders.selectors import is_customer, standing_order
from shopapp.shops.models import Shop

logger = logging.getLogger(__name__)


def enroll(shop: Shop, *, at: datetime, limit: int = 200) -> int:
    """Look at the abandoned carts nobody looked at yet; return how many entered a flow."""
    flows = [flow for flow in make_presets(shop, at=at) if flow.live]
    rows = Cart.objects.filter(
        state=Cart.State.ABANDONED, considered_at__isnull=True, abandoned_at__lte=at
    ).select_for_update(skip_locked=True, of=("self",))
    carts = rows.select_related("contact").order_by("abandoned_at")[:limit]
    entered = 0
    for cart in carts:
        try:
            with transaction.atomic():
                entered += _consider(shop, cart, flows, at=at)
        except Exception:
            logger.exception("a cart could not be considered", extra={"cart": cart.pk})
            block(cart, "broken", at=at)
    return entered


def _consider(shop: Shop, cart: Cart, flows: list[Flow], *, at: datetime) -> bool:
    """Let the cart enter its flow, or write down why it does not."""
    if FlowRun.objects.filter(cart=cart).exists():
        # Left again after coming back: its run goes on by itself.
        Cart.objects.filter(pk=cart.pk).update(considered_at=at)
        FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).update(due_at=at)
        return False
    contact = cart.contact
    if contact is None:
        block(cart, "address_unconfirmed" if _was_asked_for(cart) else "no_address", at=at)
        return False
    reason = _objection(shop, cart, contact, at=at)
    flow = None if reason else _flow_for(cart, flows)
    if flow is None:
        block(cart, reason or _why_no_flow(cart, flows), at=at)
        return False
    return _enter(cart, contact, flow, at=at)


def _was_asked_for(cart: Cart) -> bool:
    """Say whether a browser named an address for this cart that nobody has confirmed yet."""
    return Entry.objects.filter(cart=cart, kind="asked_for_cart").exists()


def _objection(shop: Shop, cart: Cart, contact: Contact, *, at: datetime) -> str:
    order = standing_order(
        shop, cart=cart, contact=contact, address_key=contact.address_key, since=cart.started_at
    )
    if order is not None and order.stage != Order.Stage.PENDING:
        end_by_order(cart, order_number=order.number, at=at)
        return "ordered"
    if is_suppressed(channel=Channel.EMAIL, address_key=contact.address_key):
        return "unsubscribed"
    answer = may_write(
        contact,
        channel=Channel.EMAIL,
        is_customer=is_customer(shop, contact=contact),
        country=cart.country,
    )
    return answer.reason if isinstance(answer, policy.Refused) else ""


def _flow_for(cart: Cart, flows: list[Flow]) -> Flow | None:
    """Return the first live flow for this cart; a checkout may fall back to a cart flow."""
    return next((flow for flow in flows if _takes(flow, cart) and _is_recent(flow, cart)), None)


def _takes(flow: Flow, cart: Cart) -> bool:
    return flow.trigger == Flow.Trigger.CART or cart.stage == Cart.Stage.CHECKOUT


def _is_recent(flow: Flow, cart: Cart) -> bool:
    started, abandoned = flow.active_from, cart.abandoned_at
    return started is not None and abandoned is not None and abandoned >= started


def _why_no_flow(cart: Cart, flows: list[Flow]) -> str:
    return "before_flow_was_on" if any(_takes(flow, cart) for flow in flows) else "no_flow_on"


def _enter(cart: Cart, contact: Contact, flow: Flow, *, at: datetime) -> bool:
    if not _make_room(contact, flow, at=at):
        block(cart, "in_another_flow", at=at)
        return False
    version = newest_version(flow)
    try:
        with transaction.atomic():
            FlowRun.objects.create(
                shop_id=cart.shop_id,
                flow=flow,
                version=version,
                contact=contact,
                address_key=contact.address_key,
                cart=cart,
                abandoned_at=cart.abandoned_at,
                entered_at=at,
                due_at=at,
            )
    except IntegrityError:
        # Another worker was faster with a cart of the same shopper.
        block(cart, "in_another_flow", at=at)
        return False
    Cart.objects.filter(pk=cart.pk).update(considered_at=at, blocked_reason="")
    note(cart, "entered_flow", at=at, flow=flow.name, version=version.number)
    return True


def _make_room(contact: Contact, flow: Flow, *, at: datetime) -> bool:
    """Free the shopper's one slot for a flow of higher priority; False when it stays taken."""
    rows = FlowRun.objects.filter(address_key=contact.address_key, state=FlowRun.State.ACTIVE)
    present = rows.select_related("flow", "cart").first()
    if present is None:
        return True
    if present.flow.priority <= flow.priority:
        return False
    return finish(present, "taken_over", at=at)
