"""All that one store knows, in memory."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from tests.doubles.woocommerce.records import (
    ApiKey,
    Category,
    Coupon,
    Customer,
    Order,
    Product,
    Visit,
    Webhook,
)
from tests.doubles.woocommerce.settings import Settings


@dataclass(slots=True)
class Asked:
    """One line of the ledger of what was asked of the store."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    at: datetime


@dataclass(slots=True)
class State:
    """All that a store knows. Hold ``lock`` to read or change more than one thing."""

    settings: Settings
    lock: threading.RLock = field(default_factory=threading.RLock)
    products: dict[int, Product] = field(default_factory=dict)
    categories: dict[int, Category] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    coupons: dict[int, Coupon] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    keys: dict[int, ApiKey] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    asked: deque[Asked] = field(default_factory=lambda: deque(maxlen=20_000))
    _counters: dict[str, int] = field(default_factory=dict)

    def next_id(self, kind: str) -> int:
        """Return the next number of this kind; posts, orders and coupons share one row."""
        with self.lock:
            self._counters[kind] = self._counters.get(kind, 0) + 1
            return self._counters[kind]

    def start_ids(self, kind: str, after: int) -> None:
        """Let the numbers of this kind go on after this one."""
        with self.lock:
            self._counters[kind] = max(after, self._counters.get(kind, 0))

    def variation_of(self, product_id: int, variation_id: int) -> Product | None:
        """Return what a cart line sells: the variation where there is one."""
        return self.products.get(variation_id or product_id)
