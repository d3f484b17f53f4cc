"""A shop's settings, and how Shopify writes money and moments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from shopapp.kit import clock

API_VERSION = "2026-10"
_WHOLE = {"JPY", "KRW", "ISK", "VND"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the merchant set up once. ``host``: ``name.myshopify.com``.

    ``presentment``: a second currency that shoppers may see, and how much of it one unit of the
    shop's own is; '' for none.
    """

    host: str
    shop_id: int
    name: str
    tagline: str
    currency: str
    symbol: str
    zone: str
    locale: str
    country: str
    country_name: str
    city: str
    street: str
    postcode: str
    owner_name: str
    owner_email: str
    phone: str
    plan: str = "Basic"
    shipping_cost: str = "6.00"
    presentment: str = ""
    rate: str = "1"

    @property
    def handle(self) -> str:
        """Return the shop's name in its own address."""
        return self.host.removesuffix(".myshopify.com")

    def rounded(self, amount: Decimal, currency: str = "") -> Decimal:
        """Return the amount with the currency's decimals."""
        places = Decimal(1) if (currency or self.currency) in _WHOLE else Decimal("0.01")
        return amount.quantize(places, rounding=ROUND_HALF_UP)

    def fixed(self, amount: Decimal, currency: str = "") -> str:
        """Return the amount as payloads and the Money scalar write it."""
        return str(self.rounded(amount, currency))

    def minor(self, amount: Decimal) -> int:
        """Return the amount in hundredths, as the Ajax cart writes it in every currency."""
        return int(self.rounded(amount) * 100)

    def presented(self, amount: Decimal, currency: str) -> Decimal:
        """Return an amount of the shop's currency in the one that the shopper sees."""
        if currency in ("", self.currency):
            return self.rounded(amount)
        return self.rounded(amount * Decimal(self.rate), currency)

    def shown(self, amount: Decimal) -> str:
        """Return the amount as the storefront shows it."""
        return f"{self.symbol}{self.rounded(amount):,}"

    def local(self, moment: datetime | None) -> str | None:
        """Return the moment as payloads write it: the shop's wall clock with its offset."""
        if moment is None:
            return None
        return moment.astimezone(ZoneInfo(self.zone)).isoformat(timespec="seconds")


def utc(moment: datetime | None) -> str | None:
    """Return the moment as GraphQL writes it: UTC in whole seconds."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_thousandths(moment: datetime) -> str:
    """Return the moment as carts and consents write it: UTC with thousandths of a second."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
    )


def now() -> datetime:
    """Return the present moment as the demonstration sees it."""
    return clock.now()


def dump(value: object) -> bytes:
    """Return the value as Shopify's payloads are written: UTF-8, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
