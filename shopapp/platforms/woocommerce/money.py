"""WooCommerce's decimal strings as money, with the decimals that the store itself writes."""

from __future__ import annotations

import re
from decimal import Decimal

from shopapp.kit.money import Money, from_decimal_string
from shopapp.kit.safe_json import Json
from shopapp.platforms.base import Unreadable
from shopapp.platforms.woocommerce import fields

MAX_MINOR = 2**53
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.([0-9]{1,8}))?")


def written_decimals(amount: str) -> int:
    """Return how many decimals this order's amounts have: as many as are written.

    They follow the shop's setting on the day of reading ("5025.00" yen is possible), so the
    string is the only witness.
    """
    return len(_matched(amount)[1] or "")


def sum_of(source: Json, *keys: str, currency: str, decimals: int) -> Money:
    """Return the exact sum of these fields, rounded once (half-even)."""
    total = sum((_decimal(fields.text(source, key)) for key in keys), Decimal(0))
    return _money(str(total), currency, decimals)


def price(source: Json, key: str, *, currency: str, decimals: int) -> Money | None:
    """Return the price under this key, None where it is empty (not for sale, or by variation).

    A product keeps the price as it was typed ("4.375", "14"): it is rounded to the shop's
    decimals here, as WooCommerce does in the cart.
    """
    written = fields.text(source, key)
    return _money(written, currency, decimals) if written else None


def in_minor(value: Json, what: str, *, currency: str, decimals: int) -> Money:
    """Return the money of an integer in minor units."""
    minor = fields.as_whole(value, what)
    if abs(minor) > MAX_MINOR:
        raise Unreadable(f"{what} is not an amount")
    return Money(minor, currency, decimals)


def _money(written: str, currency: str, decimals: int) -> Money:
    try:
        money = from_decimal_string(written, currency, decimals)
    except ValueError as error:
        raise Unreadable("not an amount") from error
    return in_minor(money.minor, "amount", currency=currency, decimals=decimals)


def _decimal(amount: str) -> Decimal:
    return Decimal(_matched(amount)[0])


def _matched(amount: str) -> re.Match[str]:
    matched = _AMOUNT.fullmatch(amount)
    if matched is None:
        raise Unreadable("not an amount")
    return matched
