"""Amounts in payloads."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.shopify.settings import Settings


def money_set(settings: Settings, amount: Decimal, currency: str) -> Json:
    """Return an amount of the shop's currency in both currencies."""
    shown = currency or settings.currency
    return {
        "shop_money": {"amount": settings.fixed(amount), "currency_code": settings.currency},
        "presentment_money": {
            "amount": settings.fixed(settings.presented(amount, shown), shown),
            "currency_code": shown,
        },
    }
