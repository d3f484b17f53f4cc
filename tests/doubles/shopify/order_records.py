"""What a shop keeps about orders, and what apps make in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from tests.doubles.shopify.records import Address


@dataclass(slots=True)
class OrderLine:
    """One line of an order, with what it cost then. ``discount``: off the whole line."""

    KIND: ClassVar = "LineItem"
    id: int
    variant_id: int
    product_id: int
    title: str
    variant_title: str
    quantity: int
    price: Decimal
    sku: str = ""
    discount: Decimal = Decimal(0)
    properties: dict[str, str] = field(default_factory=dict)
    refunded: int = 0

    @property
    def total(self) -> Decimal:
        """Return what the whole line costs, its discount taken off."""
        return self.price * self.quantity - self.discount


@dataclass(slots=True)
class Refund:
    """Money given back. ``lines``: (line's id, quantity)."""

    KIND: ClassVar = "Refund"
    id: int
    created_at: datetime
    amount: Decimal
    note: str = ""
    transaction_id: int = 0
    lines: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Order:
    """One order. All amounts are in the shop's currency; ``currency`` is what the shopper saw."""

    KIND: ClassVar = "Order"
    id: int
    number: int
    token: str
    created_at: datetime
    updated_at: datetime
    lines: list[OrderLine]
    email: str = ""
    phone: str = ""
    customer_id: int = 0
    accepts_marketing: bool = False
    cart_token: str = ""
    checkout_token: str = ""
    checkout_id: int = 0
    locale: str = "en"
    currency: str = ""
    landing_site: str = ""
    referring_site: str = ""
    note: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    discount_codes: list[tuple[str, Decimal]] = field(default_factory=list)
    billing: Address | None = None
    shipping: Address | None = None
    shipping_cost: Decimal = Decimal(0)
    gateway: str = "bogus"
    paid: bool = True
    fulfilled: bool = False
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    closed_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the number as merchants see it."""
        return f"#{self.number}"

    @property
    def subtotal(self) -> Decimal:
        """Return the lines' sum with discounts taken off."""
        return sum((one.total for one in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """Return what was taken off in all."""
        return sum((one.discount for one in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return what the shopper was to pay."""
        return self.subtotal + self.shipping_cost

    @property
    def refunded(self) -> Decimal:
        """Return what was given back."""
        return sum((one.amount for one in self.refunds), Decimal(0))

    @property
    def current_total(self) -> Decimal:
        """Return the total after what was given back or cancelled unpaid."""
        if self.cancelled_at and not self.paid:
            return Decimal(0)
        return self.total - self.refunded

    @property
    def financial_status(self) -> str:
        """Return the word that GraphQL has for how it is paid."""
        if not self.paid:
            return "VOIDED" if self.cancelled_at else "PENDING"
        if self.refunded >= self.total > 0:
            return "REFUNDED"
        return "PARTIALLY_REFUNDED" if self.refunds else "PAID"


@dataclass(slots=True)
class Code:
    """One discount code."""

    KIND: ClassVar = "DiscountRedeemCode"
    id: int
    code: str
    used: int = 0


@dataclass(slots=True)
class Discount:
    """A code discount with its codes. ``percent``: 0 to 1, None where ``amount`` is taken off."""

    KIND: ClassVar = "DiscountCodeBasic"
    id: int
    title: str
    percent: Decimal | None
    amount: Decimal
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime
    usage_limit: int | None = None
    once_per_customer: bool = False
    codes: list[Code] = field(default_factory=list)
    combines: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class CodeWork:
    """A batch of codes that the shop adds by and by. ``failed``: code to what was wrong."""

    KIND: ClassVar = "DiscountRedeemCodeBulkCreation"
    id: int
    discount_id: int
    codes: list[str]
    created_at: datetime
    imported: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Return whether all codes were looked at."""
        return len(self.imported) + len(self.failed) >= len(self.codes)


@dataclass(slots=True)
class MarketingActivity:
    """What an app told of its own marketing."""

    KIND: ClassVar = "MarketingActivity"
    id: int
    title: str
    status: str
    tactic: str
    channel: str
    remote_id: str
    url_parameter: str
    created_at: datetime
    updated_at: datetime
    remote_url: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""


@dataclass(slots=True)
class Metafield:
    """A value that an app keeps on something."""

    KIND: ClassVar = "Metafield"
    id: int
    owner: str
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime
