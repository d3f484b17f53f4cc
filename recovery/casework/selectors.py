"""The carts page's questions: which carts stand in which tab, and what comes next for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from recovery.carts.models import Cart, CartLine
from recovery.casework.wording import brief
from recovery.contacts.models import Channel, Contact, Suppression
from recovery.flows.models import FlowRun
from recovery.messaging.models import Message
from recovery.orders.models import Order

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
_ABANDONED = Q(state=Cart.State.ABANDONED)
_CONDITIONS: dict[str, Q] = {
    "live": Q(state=Cart.State.OPEN),
    "abandoned": _ABANDONED & Q(blocked_reason="") & ~Q(_ACTIVE) & ~Q(_PAST),
    "in_recovery": Q(state__in=[Cart.State.OPEN, Cart.State.ABANDONED]) & Q(_ACTIVE),
    "recovered": Q(state=Cart.State.ORDERED, abandoned_at__isnull=False),
    "lost": Q(state=Cart.State.LOST) | (_ABANDONED & Q(blocked_reason="") & ~Q(_ACTIVE) & Q(_PAST)),
    "not_contactable": _ABANDONED & ~Q(blocked_reason="") & ~Q(_ACTIVE),
}


def carts_in(tab: str) -> QuerySet[Cart]:
    """Return the carts of one tab, newest first."""
    carts: QuerySet[Cart] = Cart.objects.filter(_CONDITIONS[tab])
    return carts.order_by("-changed_at", "-pk")


def matching(carts: QuerySet[Cart], words: str) -> QuerySet[Cart]:
    """Return those carts whose shopper, product or order the words name, each word somewhere."""
    for word in words.split()[:5]:
        people = Contact.objects.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
        carts = carts.filter(
            Q(contact__in=people.values("pk"))
            | Exists(CartLine.objects.filter(cart=OuterRef("pk"), name__icontains=word))
            | Exists(Order.objects.filter(ended_cart=OuterRef("pk"), number=word))
        )
    return carts


def in_recovery() -> QuerySet[FlowRun]:
    """Return the runs behind the carts in recovery: quicker to count than the carts."""
    living = [Cart.State.OPEN, Cart.State.ABANDONED]
    runs: QuerySet[FlowRun] = FlowRun.objects.filter(
        state=FlowRun.State.ACTIVE, cart__state__in=living
    )
    return runs


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
    keys = [run.address_key for run in by_cart.values()]
    stopped = set(
        Suppression.objects.filter(channel=Channel.EMAIL, address_key__in=keys).values_list(
            "address_key", flat=True
        )
    )
    unsubscribed = {
        cart_id: Next("unsubscribed", "no")
        for cart_id, run in by_cart.items()
        if run.address_key in stopped
    }
    told = {cart.pk: _next(cart, by_cart.get(cart.pk), mails.get(cart.pk)) for cart in carts}
    return told | unsubscribed


def country_of(cart: Cart) -> str:
    """Return the country whose rules hold for the cart's shopper, as far as it is known."""
    return (cart.contact.country if cart.contact is not None else "") or cart.country


def _next(cart: Cart, run: FlowRun | None, mail: Message | None) -> Next:
    if cart.state == Cart.State.ORDERED:
        return Next("ordered", "won", cart.ended_at)
    if mail is not None:
        if mail.reason:
            return Next(f"put off: {brief(mail.reason)},", "hold", mail.due_at)
        return Next("mail", "", mail.due_at)
    if run is not None:
        if run.waiting_reason:
            return Next(brief(run.waiting_reason), "hold")
        return Next("next step", "", run.due_at)
    if cart.blocked_reason:
        return Next(brief(cart.blocked_reason, country_of(cart)), "no")
    if cart.state == Cart.State.OPEN:
        return Next("shopping", "")
    return Next("nothing planned" if cart.considered_at else "being looked at", "")
