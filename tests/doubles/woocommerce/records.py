"""What a store holds: products, orders, customers, webhooks, keys and visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

EMPTY_ADDRESS = {
    "first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "",
    "city": "", "state": "", "postcode": "", "country": "", "phone": "",
}  # fmt: skip

Address = dict[str, str]


@dataclass(slots=True)
class Attribute:
    """One property of a variable product, with the options it may take."""

    id: int
    name: str
    slug: str
    options: list[tuple[str, str]]
    """(slug, shown name)"""


@dataclass(slots=True)
class Meta:
    """One row of an order's or product's meta data."""

    id: int
    key: str
    value: str


@dataclass(slots=True)
class Product:
    """A product or a variation. Prices are decimal texts as the merchant typed them."""

    id: int
    name: str
    slug: str
    kind: str
    created_at: datetime
    modified_at: datetime
    regular_price: str = ""
    sale_price: str = ""
    sku: str = ""
    status: str = "publish"
    parent_id: int = 0
    description: str = ""
    short_description: str = ""
    category_ids: list[int] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    """A variation's option slug per attribute slug."""
    variation_ids: list[int] = field(default_factory=list)
    manage_stock: bool = True
    stock: int | None = None
    stock_status: str = "instock"
    virtual: bool = False
    featured: bool = False
    weight: str = ""
    size_cm: str = ""
    image_id: int = 0
    image: str = ""
    """File name below the uploads folder."""
    picture: str = ""
    """Which drawing it is, and in which colours: ``kind/colour``."""
    total_sales: int = 0
    visibility: str = "visible"

    @property
    def price(self) -> str:
        """Return the price that is asked now, as typed."""
        return self.sale_price or self.regular_price

    @property
    def amount(self) -> Decimal:
        """Return the price that is asked now, as a number."""
        return Decimal(self.price or "0")

    @property
    def buyable(self) -> bool:
        """Tell whether it may be put into a cart at all."""
        return self.status == "publish" and self.price != "" and self.kind != "variable"

    @property
    def available(self) -> bool:
        """Tell whether there is one to sell."""
        return self.stock_status == "instock"


@dataclass(slots=True)
class Category:
    """A product category."""

    id: int
    name: str
    slug: str
    parent_id: int = 0


@dataclass(slots=True)
class OrderLine:
    """One line of an order; totals in the shop's decimals, without tax (there is none)."""

    id: int
    product_id: int
    variation_id: int
    name: str
    parent_name: str | None
    quantity: int
    subtotal: Decimal
    total: Decimal
    sku: str
    image_id: int
    image: str
    attributes: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(attribute slug, option slug, shown attribute, shown option)"""
    meta_ids: list[int] = field(default_factory=list)
    reduced: int = 0
    """How many pieces it took out of stock."""
    reduced_meta_id: int = 0


@dataclass(slots=True)
class ShippingLine:
    """What sending an order costs."""

    id: int
    method_id: str
    title: str
    total: Decimal
    instance_id: str = ""
    items: str = ""
    meta_id: int = 0


@dataclass(slots=True)
class CouponLine:
    """A coupon used in an order."""

    id: int
    code: str
    discount: Decimal
    coupon_id: int
    kind: str
    amount: str
    meta_id: int


@dataclass(slots=True)
class Refund:
    """Money given back for an order."""

    id: int
    reason: str
    total: Decimal


@dataclass(slots=True)
class Order:
    """An order in whichever state."""

    id: int
    key: str
    status: str
    created_at: datetime
    modified_at: datetime
    created_via: str
    billing: Address
    shipping: Address
    customer_id: int = 0
    lines: list[OrderLine] = field(default_factory=list)
    shipping_lines: list[ShippingLine] = field(default_factory=list)
    coupon_lines: list[CouponLine] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    meta: list[Meta] = field(default_factory=list)
    payment_method: str = ""
    payment_title: str = ""
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    cart_hash: str = ""
    note: str = ""
    ip: str = ""
    user_agent: str = ""
    before_trash: str = ""

    @property
    def discount(self) -> Decimal:
        """Return what all coupons took off."""
        return sum((line.subtotal - line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return what the shopper owes for all of it."""
        lines = sum((line.total for line in self.lines), Decimal(0))
        return lines + sum((line.total for line in self.shipping_lines), Decimal(0))


@dataclass(slots=True)
class Customer:
    """A WordPress user, mostly a customer."""

    id: int
    email: str
    username: str
    created_at: datetime
    modified_at: datetime
    first_name: str = ""
    last_name: str = ""
    role: str = "customer"
    billing: Address = field(default_factory=lambda: {**EMPTY_ADDRESS, "email": ""})
    shipping: Address = field(default_factory=lambda: dict(EMPTY_ADDRESS))
    paying: bool = False
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True)
class Coupon:
    """A discount code, always in lower case."""

    id: int
    code: str
    kind: str
    amount: str
    created_at: datetime
    modified_at: datetime
    status: str = "publish"
    expires_at: datetime | None = None
    usage_count: int = 0
    fields: dict[str, object] = field(default_factory=dict)
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True)
class Webhook:
    """One subscription to news."""

    id: int
    name: str
    topic: str
    delivery_url: str
    secret: str
    created_at: datetime
    status: str = "active"
    modified_at: datetime | None = None
    failures: int = 0
    pending_delivery: bool = False
    user_id: int = 1


@dataclass(slots=True)
class ApiKey:
    """A key that an approval made."""

    id: int
    key: str
    secret: str
    permissions: str
    description: str = ""
    user_id: int = 1


@dataclass(slots=True)
class CartLine:
    """One line of a visitor's cart."""

    key: str
    product_id: int
    variation_id: int
    quantity: int


@dataclass(slots=True)
class Visit:
    """A visitor's session on the server: the cart and what is known of the person."""

    id: str
    lines: list[CartLine] = field(default_factory=list)
    coupons: list[str] = field(default_factory=list)
    billing: Address = field(default_factory=dict)
    shipping: Address = field(default_factory=dict)
    customer_id: int = 0
    draft_order_id: int = 0
    notices: list[tuple[str, str]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    """What a plugin keeps in the session."""
