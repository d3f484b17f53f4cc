"""What a shopper's browser may send: ids, quantities and one address; nothing else passes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec

from shopapp.kit.errors import AppError

MAX_BYTES = 16 * 1024

Hex32 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Uuid = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
Ref = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
# An id that we or our plugin minted, or a platform's own.
CartId = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
OptionalCartId = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")]
OptionalHex32 = Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{32})?\Z")]
Locale = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z_-]{0,16}\Z")]
Country = Annotated[str, msgspec.Meta(pattern=r"\A([A-Za-z]{2})?\Z")]
ProductId = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern=r"\A[^\x00-\x1f\x7f]+\Z")]


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """What every body carries."""

    schema: Literal[1]
    event_id: Uuid


class CartReport(Envelope):
    """The cart as a page without the plugin sees it: ids and quantities only."""

    cart_id: Hex32
    changed_at: datetime
    revision: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    stage: Literal["cart", "checkout"]
    lines: Annotated[list[tuple[ProductId, ProductId, Quantity]], msgspec.Meta(max_length=100)]
    visitor_id: OptionalHex32 = ""


class TickedConsent(msgspec.Struct, forbid_unknown_fields=True):
    """Which wording stood beside the field, and whether its box was ticked."""

    version: Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z.-]{0,32}\Z")]
    ticked: bool


class Capture(Envelope):
    """An address left in the pop-up."""

    cart_id: CartId
    email: Email
    consent: TickedConsent
    country: Country = ""
    locale: Locale = ""


class Landing(Envelope):
    """A restored cart's page has run in a browser."""

    click_ref: Ref
    cart_id: OptionalCartId = ""


Body = TypeVar("Body", bound=Envelope)


def read(raw: bytes, kind: type[Body]) -> Body:
    """Return the body as its kind; raises AppError with the field that is wrong."""
    if len(raw) > MAX_BYTES:
        raise AppError("The message is too large.")
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AppError("The message cannot be read.", fields={"body": str(error)[:200]}) from error
