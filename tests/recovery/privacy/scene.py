"""A shopper of whom the shop holds everything, in two shops, with figures that must not change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from recovery.analytics import figures
from recovery.attribution.models import Credit
from recovery.carts.models import Cart
from recovery.carts.services import note
from recovery.contacts.models import Contact, Suppression
from recovery.flows.models import Flow, FlowRun
from recovery.flows.services import make_presets, newest_version
from recovery.messaging.models import Click, Link, Message
from recovery.messaging.services import record_follow
from recovery.orders.models import Order
from shopapp.platforms.base import ContactRedacted, DataRequested
from shopapp.shops.models import AccessRecord, Remark, Shop, User
from tests.conftest import MORNING
from tests.recovery.messaging import scene

EMAIL = "Anna.Berg+shop@Example.se"
MAILBOX = "anna.berg@example.se"
PHONE = "+46701234567"
# Whatever of these is found in any row after the erasure is a leak.
TRACES = ("anna", "berg", "46701234567", "701234567", "7001", "se-secret")

REDACTED = ContactRedacted(
    customer_id="7001", email="anna.berg@example.se", phone=PHONE, order_ids=("9001",)
)
REQUESTED = DataRequested(
    request_id="r1", customer_id="7001", email=EMAIL, phone=PHONE, order_ids=("9001",)
)


@dataclass(frozen=True)
class Held:
    """What the shop holds of the shopper."""

    contact: Contact
    cart: Cart
    order: Order
    message: Message
    run: FlowRun
    flow: Flow


def hold(shop: Shop) -> Held:
    """Return everything of one shopper: carts, an order, mails, a click, a credit, a run."""
    contact, cart = scene.set_stage(shop)
    Contact.objects.filter(pk=contact.pk).update(
        email="anna.berg+shop@example.se",
        address_key=MAILBOX,
        phone=PHONE,
        last_name="Berg",
        customer_id="7001",
    )
    contact.refresh_from_db()
    Cart.objects.filter(pk=cart.pk).update(
        customer_id="7001",
        alias="checkout-token-of-hers",
        visitor_id="visitor-of-anna",
        recovery_url="https://shop.example/1/checkouts/x/recover?key=se-secret",
        checkout_id="55",
    )
    cart.refresh_from_db()
    flow = make_presets(shop, at=MORNING)[0]
    run = FlowRun.objects.create(
        shop=shop, flow=flow, version=newest_version(flow), contact=contact,
        address_key=contact.address_key, cart=cart, abandoned_at=MORNING, entered_at=MORNING,
        due_at=MORNING,
    )  # fmt: skip
    message = _mailed(shop, contact, cart, run, flow)
    order = scene.make_order(
        shop, "9001", email=EMAIL, address_key=MAILBOX, phone=PHONE, first_name="Anna",
        last_name="Berg", country="SE", customer_id="7001", cart_id=cart.cart_id,
        placed_at=MORNING + timedelta(hours=2), ended_cart=cart,
    )  # fmt: skip
    _credit(shop, message, order, flow)
    note(cart, "message_queued", at=MORNING, message=message.pk, subject="Anna, your cart")
    return Held(contact, cart, order, message, run, flow)


def _mailed(shop: Shop, contact: Contact, cart: Cart, run: FlowRun, flow: Flow) -> Message:
    message = scene.queue(shop, contact, cart, run_id=run.pk, flow_id=flow.pk)
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT, subject="Anna, your cart", html="<p>Anna</p>", text="Anna",
        sent_at=MORNING, handing_over_at=MORNING, provider_id="anna@provider",
    )  # fmt: skip
    message.refresh_from_db()
    return message


def _credit(shop: Shop, message: Message, order: Order, flow: Flow) -> None:
    link = Link.objects.create(
        shop=shop, purpose=Link.Purpose.RESTORE, token_hash=f"h{shop.pk}", message=message,
        click_ref=f"c{shop.pk}", contact=message.contact, cart=message.cart,
        created_at=MORNING, expires_at=MORNING + timedelta(days=30),
    )  # fmt: skip
    click = record_follow(link, at=MORNING + timedelta(hours=1))
    Click.objects.filter(pk=click.pk).update(counted_at=MORNING + timedelta(hours=1))
    Credit.objects.create(
        shop=shop, order=order, message=message, click=click, flow_id=flow.pk, amount_minor=4990,
        currency="EUR", decimals=2, clicked_at=MORNING, ordered_at=order.placed_at,
    )  # fmt: skip


def look_at(shop: Shop, held: Held, user: User) -> None:
    """Leave traces of a colleague's look at the cart."""
    AccessRecord.objects.create(
        shop=shop, user=user, what="cart", subject=str(held.cart.pk), at=MORNING
    )
    Remark.objects.create(user=user, level=20, text=f"Mailed {held.contact.email}", at=MORNING)


def stop_mails(shop: Shop) -> None:
    Suppression.objects.create(
        shop=shop, channel="email", address_key=MAILBOX, reason="unsubscribed", at=MORNING
    )


def results(shop: Shop, *, at: datetime = MORNING) -> tuple[Any, ...]:
    """Return every figure of the Results page, and how many rows there are."""
    since = at - timedelta(days=30)
    counts = tuple(
        model.objects.count() for model in (Cart, Order, Message, Link, Click, Credit, FlowRun)
    )
    return (
        figures.totals(shop, since=since),
        figures.by_flow(shop, since=since),
        figures.by_day(shop, days=30, at=at + timedelta(days=1)),
        counts,
    )
