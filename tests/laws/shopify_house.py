"""A Shopify shop's doors: one for all shops, signed with the app's secret."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import time_machine

from recovery.ingest.models import Delivery
from tests.doubles.shopify.order_records import Order, OrderLine
from tests.doubles.shopify.payloads.order_json import order_json
from tests.doubles.shopify.payloads.product_json import product_json
from tests.doubles.shopify.records import Address, Customer, Product, Variant
from tests.laws.stage import CART_ID, House, Json
from tests.recovery.ingest.little_shopify import SECRETS, LittleShopify
from tests.recovery.ingest.shopify_life import sign

CAP = 11
CAP_VARIANT = 1100
DOOR = "/hooks/shopify/"
COMPLIANCE_DOOR = "/hooks/shopify/compliance/"


@dataclass(slots=True)
class ShopifyHouse(House):
    """A shop of the double, whose webhooks come to the door of all shops."""

    store: LittleShopify

    def stock(self) -> None:
        """Put a wool cap with the id 11 on the store's shelf."""
        self.store.keep(wool_cap(self.store.now))

    def tell_cart(
        self, data: Json, *, at: datetime, changed_at: datetime | str | None = None
    ) -> Any:
        """Post the webhook of a checkout; a refusal of mails is a news of its own."""
        consent = data["shopper"].get("consent") or {}
        if consent.get("given") is False:
            self._refuse_mails(data["shopper"], consent, at=at)
        said = changed_at if isinstance(changed_at, str) else (changed_at or at).isoformat()
        body = json.dumps(checkout_body(data, said)).encode()
        return self.hook("checkouts/update", body, at=at)

    def same_cart_again(self, data: Json, *, at: datetime) -> Callable[[], Any]:
        """Return what posts one delivery again and again."""
        body = json.dumps(checkout_body(data, at.isoformat())).encode()
        told = {"X-Shopify-Webhook-Id": str(uuid.uuid4())}
        return lambda: self.hook("checkouts/update", body, at=at, **told)

    def tell_again(self, delivery: Delivery, *, at: datetime) -> Any:
        """Post the same news once more, as another delivery."""
        return self.hook(delivery.topic, bytes(delivery.body), at=at)

    def tell_raw(self, body: bytes, *, at: datetime) -> Any:
        """Post these very bytes as the news of a checkout."""
        return self.hook("checkouts/update", body, at=at)

    def hook(self, topic: str, body: bytes, *, at: datetime, door: str = DOOR, **said: str) -> Any:
        """Post a webhook of this shop, rightly signed."""
        headers = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": sign(body, SECRETS[0]),
            "X-Shopify-Shop-Domain": self.shop.host,
            "X-Shopify-API-Version": "2026-10",
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": str(uuid.uuid4()),
            "X-Shopify-Triggered-At": at.isoformat(),
        } | said
        with time_machine.travel(at, tick=False):
            return self.client.post(door, body, content_type="application/json", headers=headers)

    def order(self, at: datetime, **names: Any) -> Json:
        """Let somebody order in the shop, which tells nobody; by default they name nobody."""
        moment = at.replace(microsecond=0)
        self.store.now = moment
        state = self.store.store.state
        number = state.next_id("order")
        cap = state.products[CAP]
        line = OrderLine(
            state.next_id("line"), CAP_VARIANT, CAP, cap.title, "", 1, Decimal("24.95")
        )
        order = Order(number, 1000 + state.next_count("order"), "", moment, moment, [line])
        order.email, order.phone = names.get("email", ""), names.get("phone", "")
        order.billing = Address(country_code="SE", country="Sweden")
        order.cart_token, order.currency = names.get("cart_id", ""), self.shop.currency
        if customer := names.get("customer", 0):
            order.customer_id = customer
            state.customers.setdefault(customer, Customer(customer, "", moment, moment))
        state.orders[number] = order
        if "total" in names:
            self.store.spoilt[f"gid://shopify/Order/{number}"] = {
                "totalPriceSet": {"shopMoney": {"amount": names["total"], "currencyCode": "EUR"}}
            }
        return {"id": number}

    def tell_order(self, order: Json, *, at: datetime) -> Any:
        """Post the webhook of a new order."""
        state = self.store.store.state
        body = json.dumps(order_json(state, state.orders[order["id"]])).encode()
        return self.hook("orders/create", body, at=at)

    def refund(self, order: Json) -> None:
        """Give all the money back."""
        self.store.refund(order["id"])

    def browse(self, at: datetime) -> Any:
        """Post the webhook of a cart that nobody's name stands on."""
        line = {
            "id": CAP_VARIANT,
            "product_id": CAP,
            "variant_id": CAP_VARIANT,
            "quantity": 1,
            "title": "Wool cap",
            "line_price": "24.95",
            "price": "24.95",
        }
        moment = at.isoformat()
        told = {"id": CART_ID, "token": CART_ID, "line_items": [line], "updated_at": moment}
        answer = self.hook("carts/update", json.dumps(told).encode(), at=at)
        self.handle(at)
        return answer

    def tell_product(self, *, at: datetime) -> Any:
        """Post the webhook of the wool cap as the shop has it."""
        state = self.store.store.state
        body = json.dumps(product_json(state, state.products[CAP])).encode()
        return self.hook("products/update", body, at=at)

    def tell_customer(self, customer: Json, *, at: datetime) -> Any:
        """Post the webhook of a customer."""
        told = {
            "id": customer["id"],
            "email": customer["email"],
            "first_name": "Anna",
            "last_name": "",
            "phone": None,
            "state": "disabled",
            "created_at": customer["changed_at"].isoformat(),
            "updated_at": customer["changed_at"].isoformat(),
            "addresses": [],
            "default_address": {"country_code": customer.get("country", "SE") or None},
        }
        return self.hook("customers/update", json.dumps(told).encode(), at=at)

    def _refuse_mails(self, shopper: Json, consent: Json, *, at: datetime) -> None:
        told = {
            "customer_id": shopper.get("customer_id") or 5,
            "email_address": shopper["email"],
            "email_marketing_consent": {
                "state": "unsubscribed",
                "opt_in_level": "single_opt_in",
                "consent_updated_at": consent.get("at") or (at - timedelta(days=1)).isoformat(),
            },
        }
        topic = "customers_email_marketing_consent/update"
        assert self.hook(topic, json.dumps(told).encode(), at=at).status_code == 200


def wool_cap(at: datetime) -> Product:
    """Return a product that has but its one variant."""
    product = Product(CAP, "Wool cap", "wool-cap", "", "", "Shop", "ACTIVE", at, at, at)
    only = (("Title", "Default Title"),)
    variant = Variant(
        CAP_VARIANT, CAP, "Default Title", only, Decimal("24.95"), None, 10, "CAP", at, at
    )
    variant.inventory_item_id = 110_000
    product.variants.append(variant)
    return product


def checkout_body(data: Json, changed_at: str) -> Json:
    """Return what checkouts/update says of a cart, in the shape of Shopify's own sample."""
    shopper = data["shopper"]
    consent = shopper.get("consent") or {}
    total = f"{data['total_minor'] / 100:.2f}"
    return {
        "token": checkout_token(data["cart_id"]),
        "cart_token": data["cart_id"],
        "email": shopper["email"],
        "gateway": None,
        "buyer_accepts_marketing": bool(consent.get("given")),
        "created_at": changed_at,
        "updated_at": changed_at,
        "landing_site": None,
        "note": None,
        "note_attributes": [],
        "currency": data["currency"],
        "completed_at": None,
        "closed_at": None,
        "phone": shopper["phone"],
        "customer_locale": shopper["locale"],
        "line_items": [_line(line) for line in data["lines"]],
        "name": "#981820079255243537",
        "abandoned_checkout_url": (
            f"https://shop.example/1/checkouts/{checkout_token(data['cart_id'])}/recover?key=k"
        ),
        "discount_codes": [],
        "presentment_currency": data["currency"],
        "total_discounts": "0.00",
        "total_line_items_price": total,
        "total_price": total,
        "subtotal_price": total,
        "billing_address": None,
        "shipping_address": _address(shopper),
        "customer": _customer(shopper),
    }


def checkout_token(cart_id: str) -> str:
    """Return the token of this cart's checkout."""
    return hashlib.sha256(cart_id.encode()).hexdigest()[:32]


def _line(line: Json) -> Json:
    price = f"{line.get('total_minor', 2495) / 100:.2f}"
    return {
        "key": "139cb5712fb4c8d9957dcfad9a3028da",
        "product_id": line["product_id"],
        "variant_id": CAP_VARIANT,
        "quantity": line["quantity"],
        "title": line["name"],
        "presentment_title": line["name"],
        "variant_title": "",
        "properties": [
            {"name": name, "value": value} for name, value in line.get("attributes", {}).items()
        ],
        "sku": "CAP",
        "discount_allocations": [],
        "line_price": price,
        "price": price,
    }


def _address(shopper: Json) -> Json:
    return {
        "first_name": shopper["first_name"],
        "last_name": shopper["last_name"],
        "country_code": shopper["country"],
        "phone": shopper["phone"],
    }


def _customer(shopper: Json) -> Json | None:
    if not shopper["customer_id"]:
        return None
    return {
        "id": shopper["customer_id"],
        "email": shopper["email"],
        "first_name": shopper["first_name"],
        "last_name": shopper["last_name"],
        "phone": None,
        "default_address": None,
    }
