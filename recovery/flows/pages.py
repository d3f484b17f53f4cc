"""Put flows and steps into the words and figures that their pages show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse

from recovery.carts.models import Cart, CartRules
from recovery.flows import figures
from recovery.flows.models import Flow
from recovery.flows.steps import EmailStep
from recovery.messaging.liquid_texts import Unrenderable
from recovery.messaging.rendering import Letter, filled

PLACEHOLDERS = (
    ("{{ first_name }}", "Anna"),
    ("{{ first_item }}", "Wool runner"),
    ("{{ count }}", "2"),
    ("{{ shop_name }}", "your shop's name"),
)
# The mail is shown in a frame of its own, where nothing may run.
LETTER_POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline';"
    " frame-ancestors 'self'; sandbox"
)


def flow_row(
    flow: Flow, counted: figures.Figures, rules: CartRules, *, at: datetime
) -> dict[str, Any]:
    """Return a flow's row of the table."""
    return {
        "id": flow.pk,
        "name": flow.name,
        "trigger": start_text(flow, rules).capitalize(),
        "active": flow.live,
        "active_from": flow.active_from,
        "waiting": 0 if flow.live else figures.waiting(flow, at=at),
        "inside": figures.inside(flow),
        "sent": counted.sent,
        "clicks": counted.clicks,
        "orders": counted.orders,
        "problem": "",
    }


def start_text(flow: Flow, rules: CartRules) -> str:
    """Say when a cart enters this flow."""
    if flow.trigger == Flow.Trigger.CHECKOUT:
        return f"left the checkout, {rules.checkout_minutes} minutes without a sign"
    return f"left with a cart, {rules.cart_minutes} minutes without a sign"


def step_rows(
    plan: tuple[EmailStep, ...], current: EmailStep, counted: Callable[[str], figures.Figures]
) -> list[dict[str, Any]]:
    """Return the cards of the timeline."""
    rows = []
    for step in plan:
        done = counted(step.key)
        rows.append(
            {
                "id": step.key,
                "channel_label": "Mail",
                "subject": step.content["subject"],
                "wait_text": f"{spoken(step.after)} after leaving",
                "on": step.on,
                "current": step.key == current.key,
                "sent": done.sent,
                "clicks": done.clicks,
                "orders": done.orders,
            }
        )
    return rows


def spoken(duration: timedelta) -> str:
    """Return a duration in its largest whole unit."""
    minutes = int(duration.total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes >= size and minutes % size == 0:
            number = minutes // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "at once"


def recent_carts(limit: int = 20) -> list[dict[str, Any]]:
    """Return the newest carts with something in them, for the preview's choice."""
    rows = Cart.objects.filter(quantity__gt=0).select_related("contact").order_by("-changed_at")
    # Those with a known shopper first: they show what the names in a text come to.
    newest = sorted(rows[:limit], key=lambda cart: cart.contact is None)
    return [{"id": cart.pk, "label": _label(cart)} for cart in newest]


def _label(cart: Cart) -> str:
    who = cart.contact.name or cart.contact.email if cart.contact else f"visitor {cart.visitor}"
    return f"{who}, {cart.quantity} item{'' if cart.quantity == 1 else 's'}"


def letter_page(letter: Letter | Unrenderable, shown: str) -> HttpResponse:
    """Return the mail for the preview's frame: as HTML, or its plain text."""
    if isinstance(letter, Letter) and shown != "text":
        answer = HttpResponse(_in_scheme(filled(letter.html, {}), dark=shown == "dark"))
    else:
        answer = HttpResponse(_plain(letter), content_type="text/plain; charset=utf-8")
    answer["Content-Security-Policy"] = LETTER_POLICY
    return answer


def _in_scheme(html: str, *, dark: bool) -> str:
    """Return the mail as a dark (or light) mailbox shows it, whatever the merchant's own is."""
    html = html.replace("(prefers-color-scheme: dark)", "all" if dark else "not all")
    return html.replace("<html", f'<html style="color-scheme: {"dark" if dark else "light"}"', 1)


def _plain(letter: Letter | Unrenderable) -> str:
    if isinstance(letter, Unrenderable):
        return f"This text cannot be shown: {letter.problem}"
    return filled(letter.text, {})
