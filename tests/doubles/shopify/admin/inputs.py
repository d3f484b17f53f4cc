"""Values of mutations' inputs, read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from tests.doubles.shopify.admin.call import refuse


def moment_of(text: str | None) -> datetime | None:
    """Return a DateTime; raises GraphQLError for one that cannot be read."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise refuse(f"'{text}' is no DateTime", "INVALID_VARIABLE") from None
    if moment.tzinfo is None:
        raise refuse(f"'{text}' is a DateTime without an offset", "INVALID_VARIABLE")
    return moment


def amount_of(text: str) -> Decimal:
    """Return a Decimal; raises GraphQLError for one that cannot be read."""
    try:
        return Decimal(str(text))
    except InvalidOperation:
        raise refuse(f"'{text}' is no Decimal", "INVALID_VARIABLE") from None
