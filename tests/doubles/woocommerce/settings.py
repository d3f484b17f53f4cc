"""A store's settings, and how it writes money and moments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from shopapp.kit import clock

WOOCOMMERCE_VERSION = "10.9.1"
WORDPRESS_VERSION = "7.0.4"
PHP_VERSION = "8.2.36"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the merchant set up once."""

    name: str
    tagline: str
    currency: str
    symbol: str
    symbol_html: str
    decimals: int
    position: str
    """left, right, left_space or right_space."""
    zone: str
    locale: str
    language: str
    direction: str
    country: str
    state: str
    city: str
    street: str
    postcode: str
    owner_email: str
    payment_methods: tuple[str, ...] = ("cod", "bacs")
    shipping_cost: str = "5.00"
    thousand: str = ","
    decimal: str = "."

    def fixed(self, amount: Decimal) -> str:
        """Return the amount as totals are written: with all of the shop's decimals."""
        unit = Decimal(1).scaleb(-self.decimals)
        return str(amount.quantize(unit, rounding=ROUND_HALF_UP))

    def rounded(self, amount: Decimal) -> Decimal:
        """Return the amount rounded to the shop's decimals."""
        return amount.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)

    def minor(self, amount: Decimal) -> str:
        """Return the amount in minor units, as the Store API writes it."""
        return str(int(self.rounded(amount).scaleb(self.decimals)))

    def shown(self, amount: Decimal) -> str:
        """Return the amount as the storefront shows it."""
        whole, _, cents = self.fixed(amount).partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        grouped = f"{int(digits):,}".replace(",", self.thousand)
        number = sign + grouped + (self.decimal + cents if cents else "")
        space = "\u00a0" if self.position.endswith("_space") else ""
        if self.position.startswith("left"):
            return f"{self.symbol}{space}{number}"
        return f"{number}{space}{self.symbol}"

    @property
    def prefix(self) -> str:
        """Return what stands before an amount."""
        gap = " " if self.position == "left_space" else ""
        return self.symbol + gap if self.position.startswith("left") else ""

    @property
    def suffix(self) -> str:
        """Return what stands after an amount."""
        gap = " " if self.position == "right_space" else ""
        return gap + self.symbol if self.position.startswith("right") else ""

    def local(self, moment: datetime | None) -> str | None:
        """Return the moment on the shop's wall clock, without an offset."""
        if moment is None:
            return None
        return moment.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%dT%H:%M:%S")

    def gmt_offset(self, moment: datetime) -> float:
        """Return the zone's distance from UTC in hours."""
        offset = moment.astimezone(ZoneInfo(self.zone)).utcoffset()
        hours = offset.total_seconds() / 3600 if offset else 0.0
        return int(hours) if hours == int(hours) else hours


def gmt(moment: datetime | None) -> str | None:
    """Return the moment in UTC, without an offset."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S")


def now() -> datetime:
    """Return the present moment as the demonstration sees it, in whole seconds as PHP keeps it."""
    return clock.now().replace(microsecond=0)


def dump(value: object) -> bytes:
    """Return the value as PHP's json_encode writes it: ASCII, no spaces, slashes escaped."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def number(value: Decimal) -> float | int:
    """Return the value as PHP writes a JSON number: whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)
