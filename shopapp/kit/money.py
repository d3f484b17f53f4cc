"""Money in integer minor units, exactly as the platform states it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from babel import Locale
from babel.numbers import parse_pattern


@dataclass(frozen=True, slots=True)
class Money:
    """An amount. ``minor``: integer units of 10**-decimals; ``decimals``: the shop's own number
    of decimals, which need not be the currency's usual one."""

    minor: int
    currency: str
    decimals: int = 2

    @property
    def amount(self) -> Decimal:
        """Return the amount in major units, exact."""
        return Decimal(self.minor).scaleb(-self.decimals)

    def shown(self, locale: str = "en") -> str:
        """Return the amount as people of this locale write it, with the shop's decimals."""
        written = Locale.parse(locale)
        pattern = parse_pattern(written.currency_formats["standard"].pattern)
        pattern.frac_prec = (self.decimals, self.decimals)
        shown: str = pattern.apply(
            self.amount, written, currency=self.currency, currency_digits=False
        )
        return shown


def from_decimal_string(text: str, currency: str, decimals: int) -> Money:
    """Return the money that a platform's decimal string states, rounded half-even.

    Raises ValueError when the text is no finite decimal number.
    """
    try:
        value = Decimal(text)
        if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
            raise ValueError(f"not an amount: {text!r}")
        minor = int(value.scaleb(decimals).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {text!r}") from error
    return Money(minor, currency, decimals)
