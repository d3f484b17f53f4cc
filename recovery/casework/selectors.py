"""The carts page's questions: which carts stand in which tab, and what comes next for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from recovery.carts.models import Cart
from recovery.carts.wording import reason
from recovery.flows.models import FlowRun
from recovery.messaging.models import Message

TABS = (
    ("live", "Live"),
    ("abandoned", "Abandoned"),
    ("in_recovery", "In recovery"),
    ("recovered", "Recovered"),
    ("lost", "Lost"),
    ("not_contactable", "Not contactable"),
)
_ACTIVE = Exists(FlowRun._base_manager.filter(cart=OuterRef("pk"), state=FlowRun.State.ACTIVE))
_PAST = Exists(FlowRun._base_manager.filter(cart=OuterRef("pk"), state=FlowRun.State.FINISHED))


def carts_in(tab: str) -> QuerySet[Cart]:
    """Return the carts of one tab, newest first."""
    abandoned = Cart.objects.filter(state=Cart.State.ABANDONED)
    untouched = abandoned.exclude(_ACTIVE)
    carts: QuerySet[Cart]
    if tab == "live":
        carts = Cart.objects.filter(state=Cart.State.OPEN)
    elif tab == "abandoned":
        carts = untouched.filter(blocked_reason="").exclude(_PAST)
    elif tab == "in_recovery":
        carts = Cart.objects.filter(_ACTIVE, state__in=[Cart.State.OPEN, Cart.State.ABANDONED])
    elif tab == "recovered":
        carts = Cart.objects.filter(state=Cart.State.ORDERED, abandoned_at__isnull=False)
    elif tab == "lost":
        given_up = untouched.filter(_PAST, blocked_reason="")
        carts = Cart.objects.filter(Q(state=Cart.State.LOST) | Q(pk__in=given_up.values("pk")))
    else:
        carts = untouched.exclude(blocked_reason="")
    return carts.order_by("-changed_at", "-pk")


def matching(carts: QuerySet[Cart], words: str) -> QuerySet[Cart]:
    """Return those carts whose shopper, product or order the words name."""
    for word in words.split()[:5]:
        carts = carts.filter(
            Q(contact__email__icontains=word)
            | Q(contact__first_name__icontains=word)
            | Q(contact__last_name__icontains=word)
            | Q(lines__name__icontains=word)
            | Q(orders__number=word)
        )
    return carts.distinct() if words else carts


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next for a cart: words, a colour, and when."""

    text: str
    kind: str = ""
    at: datetime | None = None


def next_of(carts: list[Cart]) -> dict[int, Next]:
    """Return what comes next for each of these carts, by the cart's id."""
    ids = [cart.pk for cart in carts]
    runs = FlowRun.objects.filter(cart_id__in=ids, state=FlowRun.State.ACTIVE)
    by_cart = {run.cart_id: run for run in runs}
    waiting = Message.objects.filter(
        cart_id__in=ids, state__in=[Message.State.QUEUED, Message.State.PREPARED]
    )
    mails = {message.cart_id: message for message in waiting}
    return {cart.pk: _next(cart, by_cart.get(cart.pk), mails.get(cart.pk)) for cart in carts}


def _next(cart: Cart, run: FlowRun | None, mail: Message | None) -> Next:
    if cart.state == Cart.State.ORDERED:
        return Next("ordered", "won", cart.ended_at)
    if mail is not None:
        if mail.reason:
            return Next(f"put off: {mail.reason.replace('_', ' ')}", "hold", mail.due_at)
        return Next("mail", "", mail.due_at)
    if run is not None:
        if run.waiting_reason:
            return Next(run.waiting_reason.replace("_", " "), "hold")
        return Next("next step", "", run.due_at)
    if cart.blocked_reason:
        return Next(reason(cart.blocked_reason).lower(), "no")
    if cart.state == Cart.State.OPEN:
        return Next("shopping", "")
    return Next("nothing planned" if cart.considered_at else "being looked at", "")
