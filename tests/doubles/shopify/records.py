"""What a shop keeps about its shelves, its people, its carts and its checkouts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

ConsentState = Literal[
    "subscribed", "unsubscribed", "not_subscribed", "pending", "redacted", "invalid"
]
Status = Literal["ACTIVE", "DRAFT", "ARCHIVED"]


@dataclass(slots=True)
class Variant:
    """One sellable thing. ``stock`` is kept also where it is not tracked; it means nothing then."""

    KIND: ClassVar = "ProductVariant"
    id: int
    product_id: int
    title: str
    chosen: tuple[tuple[str, str], ...]
    """(option's name, value); the single variant has (("Title", "Default Title"),)."""
    price: Decimal
    compare_at: Decimal | None
    stock: int
    sku: str
    created_at: datetime
    updated_at: datetime
    position: int = 1
    tracked: bool = True
    oversell: bool = False
    picture: str = ""
    image_id: int = 0
    inventory_item_id: int = 0
    grams: int = 400

    @property
    def available(self) -> bool:
        """Return whether it can be bought now."""
        return not self.tracked or self.oversell or self.stock > 0


@dataclass(slots=True)
class Product:
    """One product. ``picture``: kind and colour for the drawing. ``big``: kept out of the pages."""

    KIND: ClassVar = "Product"
    id: int
    title: str
    handle: str
    description: str
    product_type: str
    vendor: str
    status: Status
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    picture: str = ""
    image_id: int = 0
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    variants: list[Variant] = field(default_factory=list)
    collection_ids: list[int] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    featured: bool = False

    @property
    def single(self) -> bool:
        """Return whether it has but its default variant."""
        return not self.options

    @property
    def on_sale(self) -> bool:
        """Return whether shoppers can see it in the online store."""
        return self.status == "ACTIVE" and self.published_at is not None


@dataclass(slots=True)
class Collection:
    """A collection: what this platform has for categories."""

    KIND: ClassVar = "Collection"
    id: int
    title: str
    handle: str
    updated_at: datetime


@dataclass(slots=True)
class Address:
    """A postal address; empty texts are unknown."""

    KIND: ClassVar = "MailingAddress"
    id: int = 0
    first_name: str = ""
    last_name: str = ""
    address1: str = ""
    address2: str = ""
    company: str = ""
    city: str = ""
    province: str = ""
    province_code: str = ""
    country: str = ""
    country_code: str = ""
    zip: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        """Return both names."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Consent:
    """A customer's word about marketing over one channel."""

    state: ConsentState = "not_subscribed"
    opt_in_level: str = "single_opt_in"
    updated_at: datetime | None = None


@dataclass(slots=True)
class Customer:
    """A person the shop knows, with or without an account (``state``)."""

    KIND: ClassVar = "Customer"
    id: int
    email: str
    created_at: datetime
    updated_at: datetime
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    locale: str = "en"
    state: str = "disabled"
    note: str = ""
    verified_email: bool = True
    tags: list[str] = field(default_factory=list)
    consent: Consent = field(default_factory=Consent)
    sms_consent: Consent = field(default_factory=Consent)
    addresses: list[Address] = field(default_factory=list)
    orders_count: int = 0
    amount_spent: Decimal = Decimal(0)
    last_order_id: int = 0


@dataclass(slots=True)
class CartLine:
    """One line of a cart or checkout."""

    KIND: ClassVar = "CartLine"
    variant_id: int
    quantity: int
    key: str
    properties: dict[str, str] = field(default_factory=dict)
    id: int = 0


@dataclass(slots=True)
class Cart:
    """An online store cart. The Ajax interface shows its token as ``token?key=key``."""

    token: str
    key: str
    created_at: datetime
    updated_at: datetime
    lines: list[CartLine] = field(default_factory=list)
    note: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    discount_codes: list[str] = field(default_factory=list)
    customer_id: int = 0
    currency: str = ""
    landing_site: str = ""
    referring_site: str = ""
    checkout_token: str = ""
    announced: bool = False
    """Whether carts/create was told."""

    @property
    def ajax_token(self) -> str:
        """Return the token as ``/cart.js`` shows it."""
        return f"{self.token}?key={self.key}"


@dataclass(slots=True)
class Checkout:
    """A checkout. Abandoned checkouts are those with a contact and without an order."""

    KIND: ClassVar = "AbandonedCheckout"
    id: int
    token: str
    key: str
    cart_token: str
    created_at: datetime
    updated_at: datetime
    lines: list[CartLine] = field(default_factory=list)
    email: str = ""
    phone: str = ""
    accepts_marketing: bool = False
    customer_id: int = 0
    locale: str = ""
    currency: str = ""
    landing_site: str = ""
    referring_site: str = ""
    note: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    discount_codes: list[str] = field(default_factory=list)
    billing: Address | None = None
    shipping: Address | None = None
    shipping_cost: Decimal | None = None
    completed_at: datetime | None = None
    order_id: int = 0
    abandonment_id: int = 0
    reported: dict[str, str] = field(default_factory=dict)
    """Marketing activity id to its delivery state, as apps reported it."""

    @property
    def has_contact(self) -> bool:
        """Return whether the admin lists it among abandoned checkouts."""
        return bool(self.email or self.phone)
