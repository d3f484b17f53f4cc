"""All that one shop knows, in memory, and the app's place in it."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import datetime

from tests.doubles.shopify.order_records import (
    CodeWork,
    Discount,
    MarketingActivity,
    Metafield,
    Order,
)
from tests.doubles.shopify.records import Cart, Checkout, Collection, Customer, Product, Variant
from tests.doubles.shopify.settings import Settings

_STRIDE = 32_768
"""Shopify's numbers of one kind lie this far apart."""

_FIRST = {
    "product": 7_788_301_221_889,
    "variant": 42_988_301_221_889,
    "customer": 6_603_851_970_561,
    "order": 5_882_098_291_713,
    "line": 14_487_817_672_705,
    "checkout": 36_981_820_079_105,
    "collection": 288_301_221_889,
    "image": 32_188_301_221_889,
}
_ELSE = 9_101_301_221_889


@dataclass(slots=True)
class State:
    """All that a shop knows. Hold ``lock`` to read or change more than one thing."""

    settings: Settings
    opened_at: datetime
    lock: threading.RLock = field(default_factory=threading.RLock)
    products: dict[int, Product] = field(default_factory=dict)
    variants: dict[int, Variant] = field(default_factory=dict)
    collections: dict[int, Collection] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    carts: dict[str, Cart] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    """By token."""
    orders: dict[int, Order] = field(default_factory=dict)
    discounts: dict[int, Discount] = field(default_factory=dict)
    code_works: dict[int, CodeWork] = field(default_factory=dict)
    activities: dict[int, MarketingActivity] = field(default_factory=dict)
    metafields: dict[tuple[str, str, str], Metafield] = field(default_factory=dict)
    """By owner's gid, namespace and key."""
    url: str = ""
    """Where shoppers find the shop, without a slash."""
    password: str = ""
    """The storefront's password, '' when it is open."""
    _counters: dict[str, int] = field(default_factory=dict)
    _emails: dict[str, int] = field(default_factory=dict)

    def next_id(self, kind: str) -> int:
        """Return the next number of this kind; two shops never share one."""
        with self.lock:
            count = self._counters[kind] = self._counters.get(kind, 0) + 1
            first = _FIRST.get(kind, _ELSE) + self.settings.shop_id % 32_000
            return first + count * _STRIDE

    def next_count(self, kind: str) -> int:
        """Return 1, 2, 3… for this kind."""
        with self.lock:
            self._counters[kind] = self._counters.get(kind, 0) + 1
            return self._counters[kind]

    def token(self, kind: str) -> str:
        """Return a new opaque text of 32 hexadecimal digits."""
        seed = f"{self.settings.host}/{kind}/{self.next_count('token ' + kind)}"
        return hashlib.sha256(seed.encode()).hexdigest()[:32]

    def variant_of(self, variant_id: int) -> tuple[Product, Variant] | None:
        """Return a variant and its product, None where it is gone."""
        variant = self.variants.get(variant_id)
        return None if variant is None else (self.products[variant.product_id], variant)

    def keep_customer(self, customer: Customer) -> Customer:
        """Keep a customer under id and address."""
        with self.lock:
            self.customers[customer.id] = customer
            if customer.email:
                self._emails[customer.email.lower()] = customer.id
            return customer

    def customer_with(self, email: str) -> Customer | None:
        """Return the customer with this address, None where there is none."""
        found = self._emails.get(email.strip().lower())
        return None if found is None else self.customers.get(found)

    def forget_customer(self, customer_id: int) -> Customer | None:
        """Take a customer out and return what they were."""
        with self.lock:
            customer = self.customers.pop(customer_id, None)
            if customer:
                self._emails.pop(customer.email.lower(), None)
            return customer

    def checkout_of(self, checkout_id: int) -> Checkout | None:
        """Return the checkout with this number."""
        return next((one for one in self.checkouts.values() if one.id == checkout_id), None)
