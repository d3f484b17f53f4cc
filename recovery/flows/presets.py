"""The ready flows: what a merchant finds on the first day, all texts theirs to change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from recovery.flows.models import Flow
from recovery.flows.preset_texts import content_in
from recovery.flows.steps import EmailStep

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preset:
    """A flow as it comes: key, name, trigger, priority (smaller first) and steps."""

    key: str
    name: str
    trigger: Flow.Trigger
    priority: int
    steps: tuple[EmailStep, ...]

    def steps_in(self, locale: str) -> tuple[EmailStep, ...]:
        """Return the steps in the language of this locale ("sv_SE"); English where we have none."""
        language = locale.replace("-", "_").partition("_")[0].lower()
        return tuple(
            replace(step, content=content_in(language, step.key) or step.content)
            for step in self.steps
        )


def _mail(
    key: str, after: timedelta, too_late: timedelta, subject: str, preheader: str, *texts: str
) -> EmailStep:
    heading, text, button = texts
    content = {
        "subject": subject,
        "preheader": preheader,
        "heading": heading,
        "text": text,
        "button": button,
    }
    return EmailStep(key=key, after=after, too_late=too_late, content=content)


CHECKOUT = Preset(
    key="checkout",
    name="Checkout abandoned",
    trigger=Flow.Trigger.CHECKOUT,
    priority=20,
    steps=(
        _mail(
            "service",
            HOUR / 2,
            12 * HOUR,
            "Your order at {{ shop_name }} is not finished",
            "Everything you chose is still here.",
            "Did something get in the way?",
            "Hello{% if first_name %} {{ first_name }}{% endif %},\n\n"
            "you had almost ordered {{ first_item }}. We kept your cart just as you left it, so "
            "you can finish on any device.\n\nIf something was unclear or did not work, just "
            "reply to this mail. A person reads it.",
            "Back to my checkout",
        ),
        _mail(
            "doubts",
            DAY,
            DAY,
            "Delivery, returns, payment: the short answers",
            "What people ask before they order {{ first_item }}.",
            "A question before you decide?",
            "Hello{% if first_name %} {{ first_name }}{% endif %},\n\n"
            "most people who stop here wonder about one of three things: what delivery costs and "
            "when it comes, whether they can send things back, or how they can pay. You see all "
            "of that at the checkout before anything is charged.\n\n"
            "Is it something else? Reply to this mail and we will answer.",
            "Open my cart",
        ),
        _mail(
            "last-word",
            3 * DAY,
            DAY,
            "Shall we keep {{ first_item }} for you?",
            "The last mail about this cart.",
            "One last word about your cart",
            "Hello{% if first_name %} {{ first_name }}{% endif %},\n\n"
            "this is the last time we write about this cart. The link below opens it for a while "
            "yet. If it is no longer for you, you need not do anything.",
            "See my cart again",
        ),
    ),
)

CART = Preset(
    key="cart-standard",
    name="Cart abandoned (standard)",
    trigger=Flow.Trigger.CART,
    priority=30,
    steps=(
        _mail(
            "reminder",
            2 * HOUR,
            20 * HOUR,
            "You left {{ first_item }} in your cart",
            "{% if count > 1 %}And {{ count | minus: 1 }} more.{% else %}Still here.{% endif %}",
            "Your cart is still here",
            "Hello{% if first_name %} {{ first_name }}{% endif %},\n\n"
            "you put this aside at {{ shop_name }}. The button opens your cart on this device, "
            "just as you left it.\n\nWas something unclear? Just reply.",
            "Open my cart",
        ),
        _mail(
            "second-look",
            2 * DAY,
            DAY,
            "Still thinking about {{ first_item }}?",
            "Your cart, once more.",
            "Take another look",
            "Hello{% if first_name %} {{ first_name }}{% endif %},\n\n"
            "here is your cart once more, with today's prices and only what is in stock. "
            "This is the last mail about it.",
            "Open my cart",
        ),
    ),
)

PRESETS = (CHECKOUT, CART)
