"""What a cart costs: each line, the codes taken off, shipping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tests.doubles.shopify.order_records import Code, Discount
from tests.doubles.shopify.records import CartLine, Product, Variant
from tests.doubles.shopify.settings import now
from tests.doubles.shopify.state import State


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with what it sells and what is taken off the whole of it."""

    line: CartLine
    product: Product
    variant: Variant
    discount: Decimal

    @property
    def original(self) -> Decimal:
        """Return the whole line before discounts."""
        return self.variant.price * self.line.quantity

    @property
    def total(self) -> Decimal:
        """Return the whole line, its discount taken off."""
        return self.original - self.discount

    @property
    def title(self) -> str:
        """Return product and variant as carts name them."""
        single = self.product.single
        return self.product.title if single else f"{self.product.title} - {self.variant.title}"


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart or checkout with its sums, all in the shop's currency. ``codes``: those that count,
    each with what it takes off."""

    lines: tuple[PricedLine, ...]
    codes: tuple[tuple[str, Decimal], ...]
    shipping: Decimal

    @property
    def original(self) -> Decimal:
        """Return the lines' sum before discounts."""
        return sum((one.original for one in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """Return all that is taken off."""
        return sum((one.discount for one in self.lines), Decimal(0))

    @property
    def subtotal(self) -> Decimal:
        """Return the lines' sum, discounts taken off."""
        return self.original - self.discount

    @property
    def total(self) -> Decimal:
        """Return what is to be paid."""
        return self.subtotal + self.shipping


def code_named(state: State, code: str) -> tuple[Discount, Code] | None:
    """Return a code, however it is capitalised, with its discount; None where there is none."""
    wanted = code.strip().lower()
    for discount in state.discounts.values():
        for one in discount.codes:
            if one.code.lower() == wanted:
                return discount, one
    return None


def status_of(discount: Discount) -> str:
    """Return ACTIVE, SCHEDULED or EXPIRED."""
    at = now()
    if discount.ends_at and discount.ends_at <= at:
        return "EXPIRED"
    return "ACTIVE" if discount.starts_at <= at else "SCHEDULED"


def usable_code(state: State, code: str) -> tuple[Discount, Code] | None:
    """Return a code that would count at a checkout now."""
    found = code_named(state, code)
    if found is None or status_of(found[0]) != "ACTIVE":
        return None
    discount, one = found
    used_up = discount.usage_limit is not None and one.used >= discount.usage_limit
    return None if used_up else found


def price(
    state: State,
    lines: Iterable[CartLine],
    codes: Iterable[str] = (),
    shipping: Decimal | None = None,
) -> Priced:
    """Return what these lines cost. One code counts, the first usable one; lines whose variant is
    gone are left out."""
    rows = [
        (line, *sold) for line in lines if (sold := state.variant_of(line.variant_id)) is not None
    ]
    whole = sum((variant.price * line.quantity for line, _, variant in rows), Decimal(0))
    usable = next((found for code in codes if (found := usable_code(state, code))), None)
    left = Decimal(0)
    if usable:
        discount = usable[0]
        off = discount.amount if discount.percent is None else whole * discount.percent
        left = min(state.settings.rounded(off), whole)
    taken, priced = left, []
    for place, (line, product, variant) in enumerate(rows):
        amount = variant.price * line.quantity
        last = place == len(rows) - 1
        share = left if last else state.settings.rounded(taken * amount / whole if whole else taken)
        left -= share
        priced.append(PricedLine(line, product, variant, share))
    used = ((usable[1].code, taken),) if usable else ()
    return Priced(tuple(priced), used, shipping or Decimal(0))
