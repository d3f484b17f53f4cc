"""Who shops, what they agreed to, and what is in a cart or an order: parts of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopapp.kit.money import Money


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A shopper's agreement (or refusal) to marketing by e-mail, with its evidence.

    ``given`` is None when the platform does not know.
    """

    given: bool | None
    wording: str = ""
    version: str = ""
    language: str = ""
    at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is shopping, as far as the source says. Empty strings mean unknown."""

    customer_id: str = ""
    email: str = ""
    email_source: Literal["", "account", "checkout", "popup"] = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    country: str = ""
    locale: str = ""
    consent: ConsentGiven | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cart or an order. ``total`` is what the platform charges for the whole line,
    discounts and tax included where the platform says so; None when the source may not state it.
    """

    product_id: str
    variant_id: str
    quantity: int
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    total: Money | None = None
    image_url: str = ""
    url: str = ""
    sku: str = ""
