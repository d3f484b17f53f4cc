"""Shopify's amounts as money: decimal texts, in the shop's own currency.

Each amount of an order is told twice, in the shop's currency and in the shopper's
(``presentment``). Only the shop's counts: it is what reports add up.
"""

from __future__ import annotations

import re
from decimal import Decimal

from shopapp.kit.money import Money, from_decimal_string
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Unreadable
from shopapp.platforms.shopify import fields

MAX_MINOR = 2**53
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,8})?")
# ISO 4217. Shopify writes "1500.0" yen and "1.500" dinar; two decimals everywhere else.
_NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
)
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts in this currency have."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def currency(value: Json) -> str:
    """Return a currency's code of three capitals, or raise Unreadable."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{3}", value):
        raise Unreadable(f"no currency code: {value!r:.40}")
    return value


def nothing(code: str) -> Money:
    """Return no money, in this currency."""
    return Money(0, code, decimals_of(code))


def amount(value: Json, code: str) -> Money:
    """Return the money of a decimal text (a plain number is read as well), or raise Unreadable."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = format(Decimal(repr(value)), "f")
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise Unreadable("not an amount")
    try:
        money = from_decimal_string(value, code, decimals_of(code))
    except ValueError as error:
        raise Unreadable("not an amount") from error
    if abs(money.minor) > MAX_MINOR:
        raise Unreadable("not an amount")
    return money


def optional_amount(value: Json, code: str) -> Money | None:
    """Return the money of a decimal text, None where it is null or empty."""
    return None if value in (None, "") else amount(value, code)


def of_bag(source: JsonObject, key: str) -> Money | None:
    """Return the shop's side of a money bag, None where the bag is absent or null. Webhooks write
    ``{shop_money: {amount, currency_code}}``, GraphQL ``{shopMoney: {amount, currencyCode}}``."""
    bag = fields.optional_object(source, key)
    if not bag:
        return None
    side = bag.get("shop_money") or bag.get("shopMoney")
    money = fields.as_object(side, key)
    code = currency(money.get("currency_code") or money.get("currencyCode"))
    return amount(money.get("amount"), code)


def required_bag(source: JsonObject, key: str) -> Money:
    """Return the shop's side of the money bag under this key, or raise Unreadable."""
    money = of_bag(source, key)
    if money is None:
        raise Unreadable(f"{key} is missing")
    return money


def bag_or_text(source: JsonObject, key: str, code: str) -> Money:
    """Return the amount ``key``: the shop's side of ``key_set`` where there is one, else the text
    under the key itself, which is in the currency ``code``."""
    return of_bag(source, f"{key}_set") or amount(source.get(key), code)


def times(money: Money, pieces: int) -> Money:
    """Return this many times the money."""
    return _within(Money(money.minor * pieces, money.currency, money.decimals))


def minus(money: Money, taken: list[Money]) -> Money:
    """Return what is left; amounts in another currency are Unreadable."""
    if any(one.currency != money.currency for one in taken):
        raise Unreadable("amounts in two currencies")
    left = money.minor - sum(one.minor for one in taken)
    return _within(Money(left, money.currency, money.decimals))


def _within(money: Money) -> Money:
    if abs(money.minor) > MAX_MINOR:
        raise Unreadable("not an amount")
    return money
