"""The canonical vocabulary: what a shop platform can tell us, in words no platform owns.

Connectors translate deliveries and API answers into these values; everything above reads only
these. Values are frozen and compare by content. Every moment is an aware UTC ``datetime``; every
amount is in integer minor units as the platform itself states them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopapp.kit.money import Money
from shopapp.platforms.values import ConsentGiven, Line, Shopper

__all__ = ["ConsentGiven", "Line", "Shopper"]
# Who and what the news below is about: found here as well.

SourceName = Literal["platform", "plugin", "browser"]


@dataclass(frozen=True, slots=True)
class CartChanged:
    """A cart as it stands now; no lines means it was emptied by the shopper.

    ``alias`` is its second name (a session, a checkout's token). A source that knows only the
    checkout leaves ``cart_id`` empty: the cart is then the one of that alias. ``recovery_url``: the
    platform's own address that opens it; ``checkout_id``: the platform's id of its checkout.
    ``total`` None: this source does not state one.
    """

    cart_id: str
    changed_at: datetime
    revision: int
    stage: Literal["cart", "checkout"]
    lines: tuple[Line, ...]
    total: Money | None
    shopper: Shopper
    source: SourceName
    alias: str = ""
    visitor_id: str = ""
    coupons: tuple[str, ...] = ()
    click_ref: str = ""
    recovery_url: str = ""
    checkout_id: str = ""


@dataclass(frozen=True, slots=True)
class CartVanished:
    """The platform deleted this cart's checkout: nothing can be restored any more. Either name may
    be empty."""

    cart_id: str
    alias: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order as it stands now, from whichever topic or reading it came.

    ``status`` is the platform's own word. ``stage`` is what it means for recovery:
    ``none`` is not an order yet (drafts, trash); ``pending`` holds recovery; ``failed`` and
    ``cancelled`` do not end it; ``placed`` ends it.
    """

    order_id: str
    number: str
    status: str
    stage: Literal["none", "pending", "placed", "failed", "cancelled"]
    placed_at: datetime
    changed_at: datetime
    total: Money
    refunded: Money
    lines: tuple[Line, ...]
    shopper: Shopper
    cart_id: str = ""
    checkout_token: str = ""
    click_ref: str = ""
    payment_method: str = ""
    paid_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class OrderVanished:
    """The platform says that this order was trashed or is gone: a hint, to be checked by asking."""

    order_id: str


@dataclass(frozen=True, slots=True)
class VariantState:
    """One sellable thing. ``stock`` is None when the shop does not count it."""

    variant_id: str
    product_id: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    price: Money
    regular_price: Money
    available: bool
    stock: int | None
    sku: str = ""
    image_url: str = ""
    url: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A product as it stands now. ``variants`` is None when this source does not list them
    (WooCommerce names variations apart); a simple product is its own single variant, or has one.
    ``category_ids`` is None when this source does not name them: what is known stays."""

    product_id: str
    name: str
    url: str
    image_url: str
    published: bool
    kind: Literal["simple", "variable", "other"]
    price: Money
    regular_price: Money
    available: bool
    stock: int | None
    category_ids: tuple[str, ...] | None
    changed_at: datetime
    variants: tuple[VariantState, ...] | None = None
    variant_ids: tuple[str, ...] = ()
    sku: str = ""


@dataclass(frozen=True, slots=True)
class VariantChanged:
    """One variation changed (price, stock, name), told apart from its product."""

    variant: VariantState
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ProductVanished:
    """The platform says that this product or variation is gone: a hint, to be checked by asking."""

    product_id: str


@dataclass(frozen=True, slots=True)
class StockChanged:
    """A variant came into stock or ran out: a hint, to be checked by asking."""

    variant_id: str
    product_id: str


@dataclass(frozen=True, slots=True)
class CategoryChanged:
    """A product category as it stands now."""

    category_id: str
    name: str
    parent_id: str
    slug: str


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A customer account as it stands now."""

    customer_id: str
    shopper: Shopper
    changed_at: datetime
    role: str = "customer"


@dataclass(frozen=True, slots=True)
class ContactErased:
    """A customer account was deleted on the platform."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """A customer's agreement to marketing as the platform holds it now. ``shopper`` names the
    person by account, address or both, and carries the consent."""

    shopper: Shopper
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkFollowed:
    """A restore link was followed by a person: the landing page itself reports it."""

    click_ref: str
    cart_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppUninstalled:
    """The shop took the app out. ``access_ended``: our keys ended with it, at that moment."""

    at: datetime
    access_ended: bool = False


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """What the shop now allows us; ``granted`` in the platform's own words (its scopes)."""

    granted: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ReadingReady:
    """The platform has finished a list that a reading waits for; ``token`` as `Told.token`."""

    token: str


@dataclass(frozen=True, slots=True)
class DataRequested:
    """A shopper asked the shop for their data. ``order_ids``: the orders meant. ``request_id``: the
    platform's id of the request."""

    request_id: str
    customer_id: str
    email: str
    phone: str
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactRedacted:
    """A shopper's data has to be erased; ``order_ids``: the orders meant, perhaps none."""

    customer_id: str
    email: str
    phone: str
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShopRedacted:
    """Everything that the shop gave us has to be erased: it left long enough ago."""


Event = (
    CartChanged
    | CartVanished
    | OrderChanged
    | OrderVanished
    | ProductChanged
    | VariantChanged
    | ProductVanished
    | StockChanged
    | CategoryChanged
    | ContactChanged
    | ContactErased
    | ConsentChanged
    | LinkFollowed
    | AppUninstalled
    | AccessChanged
    | ReadingReady
    | DataRequested
    | ContactRedacted
    | ShopRedacted
)
"""Everything a connector may report; consumed by ``match`` with ``assert_never``."""


class Unreadable(Exception):
    """A signed delivery that cannot be understood: it is kept in quarantine, never guessed at."""
