"""What mails ask about offers. Functions need the shop in scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from recovery.offers.models import Code, Discount

Standing = Literal["", "no_code", "offer_over"]
_GIVING = (Discount.State.WANTED, Discount.State.READY)


def discount_in(content: Mapping[str, Any]) -> Discount | None:
    """Return the discount that a mail's content names by its id, None when it names none."""
    named = str(content.get("discount") or "")
    if not named.isdecimal():
        return None
    found: Discount | None = Discount.objects.filter(pk=int(named)).first()
    return found


def standing_of(content: Mapping[str, Any], *, message_id: int, at: datetime) -> Standing:
    """Return what stands against giving this message its code: none is ready yet, or the offer is
    over; '' when nothing does, also where the content offers nothing."""
    if not content.get("discount"):
        return ""
    discount = discount_in(content)
    if discount is None or discount.state not in _GIVING:
        return "offer_over"
    if discount.ends_at is not None and discount.ends_at <= at:
        return "offer_over"
    rows = Code.objects.filter(discount=discount)
    given = rows.filter(message_id=message_id).exists()
    ready = given or rows.filter(state=Code.State.READY).exists()
    return "" if ready else "no_code"


def code_given_to(message_id: int | None) -> str:
    """Return the code that this message gave, '' for none."""
    if message_id is None:
        return ""
    found = Code.objects.filter(message_id=message_id).values_list("code", flat=True).first()
    return str(found or "")
