"""Things of a shop, each written twice: as a webhook's body, and as a node of the Admin API.

One state, two spellings: what both name has to be read as one and the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.facts import StoreFacts
from tests.shopapp.platforms.shopify.signing import FIXTURES

FACTS = StoreFacts(
    currency="USD",
    decimals=2,
    timezone="UTC",
    prices_include_tax=False,
    country="US",
    url="https://shop.example",
)
YEN = StoreFacts("JPY", 0, "Asia/Tokyo", prices_include_tax=True, url="https://kutsu.example/")
BIG = 788_032_119_674_292_922  # Ids are beyond what a double holds.
CREATED, UPDATED = "2026-11-20T09:00:00Z", "2026-11-21T10:30:00Z"


def sample(topic: str, **changed: Json) -> JsonObject:
    """Return Shopify's own sample of this topic, with these fields changed."""
    name = topic.replace("/", "_")
    text = (FIXTURES / "webhooks" / f"{name}.json").read_text(encoding="utf-8")
    told: JsonObject = json.loads(text)
    return {**told, **changed}


def money(amount: str, currency: str = "USD", abroad: str = "") -> JsonObject:
    """Return a money bag of a webhook; ``abroad``: in the shopper's currency, EUR."""
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {
            "amount": abroad or amount,
            "currency_code": "EUR" if abroad else currency,
        },
    }


def bag(amount: str, currency: str = "USD") -> JsonObject:
    """Return the shop's side of a money bag of the Admin API."""
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


@dataclass(frozen=True)
class Address:
    """An address as far as we read it."""

    first: str | None = "Ada"
    last: str | None = "Lovelace"
    country: str | None = "GB"
    phone: str | None = "020 7946 0018"

    def body(self) -> JsonObject:
        return {
            "first_name": self.first,
            "last_name": self.last,
            "country_code": self.country,
            "phone": self.phone,
            "city": "London",
        }

    def node(self) -> JsonObject:
        return {
            "firstName": self.first,
            "lastName": self.last,
            "countryCodeV2": self.country,
            "phone": self.phone,
        }


@dataclass(frozen=True)
class Person:
    """A customer's account."""

    id: int = BIG + 1
    first: str | None = "Ada"
    last: str | None = "King"
    email: str | None = "ada@example.com"
    phone: str | None = "+442079460018"
    home: Address | None = None

    def body(self) -> JsonObject:
        return {
            "id": self.id,
            "first_name": self.first,
            "last_name": self.last,
            "email": self.email,
            "phone": self.phone,
            "created_at": CREATED,
            "updated_at": UPDATED,
            "default_address": self.home.body() if self.home else None,
        }

    def node(self) -> JsonObject:
        return {
            "id": f"gid://shopify/Customer/{self.id}",
            "firstName": self.first,
            "lastName": self.last,
            "locale": "en-GB",
            "defaultEmailAddress": {"emailAddress": self.email} if self.email else None,
            "defaultPhoneNumber": {"phoneNumber": self.phone} if self.phone else None,
            "createdAt": CREATED,
            "updatedAt": UPDATED,
            "defaultAddress": self.home.node() if self.home else None,
        }


@dataclass(frozen=True)
class Row:
    """A line. ``product`` and ``variant``: None for what is no thing of the catalogue."""

    product: int | None = BIG
    variant: int | None = BIG + 7
    title: str = "Teapot"
    variant_title: str | None = "Blue"
    quantity: int = 2
    price: str = "19.99"
    taken: tuple[str, ...] = ()
    sku: str | None = "TEA-1"

    @property
    def whole(self) -> str:
        """Return what all its pieces cost."""
        return f"{float(self.price) * self.quantity:.2f}"

    @property
    def left(self) -> str:
        """Return what is left after the discounts."""
        return f"{float(self.whole) - sum(map(float, self.taken)):.2f}"

    def _both(self) -> JsonObject:
        return {
            "product_id": self.product,
            "variant_id": self.variant,
            "title": self.title,
            "variant_title": self.variant_title,
            "quantity": self.quantity,
            "sku": self.sku,
            "discount_allocations": [
                {"amount": one, "amount_set": money(one, abroad="1.00")} for one in self.taken
            ],
        }

    def ordered(self) -> JsonObject:
        set_ = money(self.price, abroad="18.20")
        return {**self._both(), "price": self.price, "price_set": set_, "gift_card": False}

    def in_checkout(self) -> JsonObject:
        return {**self._both(), "price": self.price, "line_price": self.whole, "properties": None}

    def _node(self) -> JsonObject:
        return {
            "title": self.title,
            "variantTitle": self.variant_title,
            "quantity": self.quantity,
            "sku": self.sku,
            "product": {"id": f"gid://shopify/Product/{self.product}"} if self.product else None,
            "variant": {"legacyResourceId": str(self.variant)} if self.variant else None,
        }

    def ordered_node(self) -> JsonObject:
        taken: list[Json] = [{"allocatedAmountSet": bag(one)} for one in self.taken]
        return {**self._node(), "originalTotalSet": bag(self.whole), "discountAllocations": taken}

    def in_checkout_node(self) -> JsonObject:
        return {**self._node(), "discountedTotalPriceWithCodeDiscount": bag(self.left)}


@dataclass(frozen=True)
class Order:
    """An order of one shop."""

    id: int = BIG + 100
    status: str | None = "paid"
    cancelled: str | None = None
    email: str | None = "ada@example.com"
    phone: str | None = None
    locale: str | None = "en-GB"
    cart: str | None = "c1"
    checkout: str | None = "k1"
    notes: tuple[tuple[str, str], ...] = ()
    landing: str | None = None
    total: str = "49.98"
    refunds: tuple[str, ...] = ()
    customer: Person | None = field(default_factory=Person)
    billing: Address | None = field(default_factory=Address)
    shipping: Address | None = None
    rows: tuple[Row, ...] = (Row(),)
    gateways: tuple[str, ...] = ("shopify_payments",)

    def body(self) -> JsonObject:
        told: dict[str, Any] = {
            "id": self.id,
            "name": "#1001",
            "created_at": CREATED,
            "processed_at": CREATED,
            "updated_at": UPDATED,
            "cancelled_at": self.cancelled,
            "financial_status": self.status,
            "currency": "USD",
            "presentment_currency": "EUR",
            "total_price": self.total,
            "total_price_set": money(self.total, abroad="45.40"),
            "email": self.email,
            "phone": self.phone,
            "customer_locale": self.locale,
            "cart_token": self.cart,
            "checkout_token": self.checkout,
            "note_attributes": [{"name": k, "value": v} for k, v in self.notes],
            "landing_site": self.landing,
            "payment_gateway_names": list(self.gateways),
            "customer": self.customer.body() if self.customer else None,
            "billing_address": self.billing.body() if self.billing else None,
            "shipping_address": self.shipping.body() if self.shipping else None,
            "line_items": [row.ordered() for row in self.rows],
            "refunds": [self._refund(amount) for amount in self.refunds],
        }
        return told

    def _refund(self, amount: str) -> JsonObject:
        given: JsonObject = {"kind": "refund", "status": "success", "amount_set": money(amount)}
        failed: JsonObject = {
            "kind": "refund",
            "status": "failure",
            "amount": "9",
            "currency": "USD",
        }
        return {"transactions": [given, failed]}

    def node(self) -> JsonObject:
        back = f"{sum(map(float, self.refunds)):.1f}"
        told: dict[str, Any] = {
            "id": f"gid://shopify/Order/{self.id}",
            "name": "#1001",
            "createdAt": CREATED,
            "processedAt": CREATED,
            "updatedAt": UPDATED,
            "cancelledAt": self.cancelled,
            "displayFinancialStatus": self.status.upper() if self.status else None,
            "totalPriceSet": bag(self.total),
            "totalRefundedSet": bag(back),
            "email": self.email,
            "phone": self.phone,
            "customerLocale": self.locale,
            "cartToken": self.cart,
            "checkoutToken": self.checkout,
            "customAttributes": [{"key": k, "value": v} for k, v in self.notes],
            "customerJourneySummary": {"lastVisit": {"landingPage": self.landing}}
            if self.landing
            else None,
            "paymentGatewayNames": list(self.gateways),
            "customer": self.customer.node() if self.customer else None,
            "billingAddress": self.billing.node() if self.billing else None,
            "shippingAddress": self.shipping.node() if self.shipping else None,
            "lineItems": {"nodes": [row.ordered_node() for row in self.rows]},
        }
        return told
