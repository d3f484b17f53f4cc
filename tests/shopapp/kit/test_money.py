"""Money in minor units, with the shop's own decimals."""

from __future__ import annotations

import pytest

from shopapp.kit.money import Money, from_decimal_string


@pytest.mark.parametrize(
    ("text", "decimals", "minor"),
    [
        ("49.90", 2, 4990),
        ("5025.00", 2, 502_500),
        ("5025", 0, 5025),
        ("4.375", 2, 438),
        ("4.365", 2, 436),
        ("-3.50", 2, -350),
        ("0", 3, 0),
    ],
)
def test_a_decimal_string_is_read_half_even(text: str, decimals: int, minor: int) -> None:
    assert from_decimal_string(text, "EUR", decimals) == Money(minor, "EUR", decimals)


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1e40", "1,50"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        from_decimal_string(text, "EUR", 2)


@pytest.mark.parametrize(
    ("money", "locale", "shown"),
    [
        (Money(129_900, "EUR", 2), "en", "€1,299.00"),
        (Money(5025, "JPY", 0), "en", "¥5,025"),
        (Money(502_500, "JPY", 2), "en", "¥5,025.00"),
    ],
)
def test_money_is_shown_with_the_shops_decimals(money: Money, locale: str, shown: str) -> None:
    assert money.shown(locale) == shown
