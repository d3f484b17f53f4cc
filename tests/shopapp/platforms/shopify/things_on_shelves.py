"""Products and checkouts, each written twice: see things.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shopapp.kit.safe_json import JsonObject
from tests.shopapp.platforms.shopify.things import (
    BIG,
    CREATED,
    UPDATED,
    Address,
    Person,
    Row,
    bag,
)


@dataclass(frozen=True)
class Checkout:
    """A checkout that was left. Its own e-mail and its cart only webhooks name."""

    id: int = BIG + 200
    token: str = "k1234567"
    email: str | None = None
    customer: Person | None = field(default_factory=Person)
    billing: Address | None = field(default_factory=Address)
    rows: tuple[Row, ...] = (Row(),)
    codes: tuple[str, ...] = ("SPRING",)
    notes: tuple[tuple[str, str], ...] = ()
    completed: str | None = None

    @property
    def url(self) -> str:
        """Return the address that opens it again."""
        return f"https://shop.example/548380009/checkouts/{self.token}/recover?key=s3cret"

    def body(self) -> JsonObject:
        told: dict[str, Any] = {
            "token": self.token,
            "cart_token": "c1",
            "name": f"#{self.id}",
            "email": self.email,
            "phone": None,
            "customer_locale": None,
            "buyer_accepts_marketing": False,
            "created_at": CREATED,
            "updated_at": UPDATED,
            "completed_at": self.completed,
            "currency": "USD",
            "presentment_currency": "EUR",
            "total_price": "49.98",
            "abandoned_checkout_url": self.url,
            "discount_codes": [{"code": one, "amount": "1.00"} for one in self.codes],
            "note_attributes": [{"name": k, "value": v} for k, v in self.notes],
            "landing_site": None,
            "customer": self.customer.body() if self.customer else None,
            "billing_address": self.billing.body() if self.billing else None,
            "shipping_address": None,
            "line_items": [row.in_checkout() for row in self.rows],
        }
        return told

    def node(self) -> JsonObject:
        told: dict[str, Any] = {
            "id": f"gid://shopify/AbandonedCheckout/{self.id}",
            "createdAt": CREATED,
            "updatedAt": UPDATED,
            "completedAt": self.completed,
            "abandonedCheckoutUrl": self.url,
            "discountCodes": list(self.codes),
            "customAttributes": [{"key": k, "value": v} for k, v in self.notes],
            "totalPriceSet": bag("49.98"),
            "customer": self.customer.node() if self.customer else None,
            "billingAddress": self.billing.node() if self.billing else None,
            "shippingAddress": None,
            "lineItems": {"edges": [{"node": row.in_checkout_node()} for row in self.rows]},
        }
        return told


@dataclass(frozen=True)
class Variant:
    """One sellable thing. ``left`` None: the shop does not count it."""

    id: int = BIG + 7
    options: tuple[tuple[str, str], ...] = (("Colour", "Blue"), ("Size", "L"))
    price: str = "19.99"
    before: str | None = "24.99"
    left: int | None = 5
    sold_anyway: bool = False
    picture: str = ""
    sku: str | None = "TEA-1"

    @property
    def _pictures(self) -> list[str]:
        return [self.picture] if self.picture else []

    def body(self) -> JsonObject:
        told: dict[str, Any] = {
            "id": self.id,
            "title": " / ".join(value for _, value in self.options),
            "price": self.price,
            "compare_at_price": self.before,
            "sku": self.sku,
            "inventory_management": None if self.left is None else "shopify",
            "inventory_policy": "continue" if self.sold_anyway else "deny",
            "inventory_quantity": self.left or 0,
            "image_id": 55 if self.picture else None,
            "updated_at": UPDATED,
        }
        for number, (_, value) in enumerate(self.options, 1):
            told[f"option{number}"] = value
        return told

    def node(self) -> JsonObject:
        return {
            "legacyResourceId": str(self.id),
            "price": self.price,
            "compareAtPrice": self.before,
            "sku": self.sku,
            "availableForSale": self.left is None or self.sold_anyway or self.left > 0,
            "inventoryItem": {"tracked": self.left is not None},
            "inventoryQuantity": self.left or 0,
            "selectedOptions": [{"name": k, "value": v} for k, v in self.options],
            "media": {"nodes": [{"preview": {"image": {"url": one}}} for one in self._pictures]},
            "updatedAt": UPDATED,
        }


@dataclass(frozen=True)
class Product:
    """A product of one shop."""

    id: int = BIG
    status: str = "active"
    published: str | None = CREATED
    picture: str = "https://cdn.example/teapot.png"
    variants: tuple[Variant, ...] = (Variant(),)

    def body(self) -> JsonObject:
        options = self.variants[0].options if self.variants else ()
        own = [one.picture for one in self.variants if one.picture]
        return {
            "id": self.id,
            "title": "Teapot <No. 1>",
            "handle": "teapot-no-1",
            "status": self.status,
            "created_at": CREATED,
            "updated_at": UPDATED,
            "published_at": self.published,
            "image": {"id": 54, "src": self.picture} if self.picture else None,
            "images": [{"id": 55, "src": one} for one in own[:1]],
            "options": [{"name": name, "position": 1} for name, _ in options],
            "variants": [one.body() for one in self.variants],
        }

    def node(self) -> JsonObject:
        image: JsonObject | None = {"url": self.picture} if self.picture else None
        return {
            "id": f"gid://shopify/Product/{self.id}",
            "title": "Teapot <No. 1>",
            "handle": "teapot-no-1",
            "status": self.status.upper(),
            "createdAt": CREATED,
            "updatedAt": UPDATED,
            "publishedAt": self.published,
            "featuredMedia": {"preview": {"image": image}} if image else None,
            "collections": {"nodes": [{"id": "gid://shopify/Collection/31"}]},
            "variants": {"nodes": [one.node() for one in self.variants]},
        }
