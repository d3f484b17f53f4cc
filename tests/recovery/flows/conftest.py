"""A shop that is ready to send, with a shopper who agreed to be written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recovery.carts import services as carts
from recovery.carts.models import Cart
from recovery.contacts import services as contacts
from recovery.contacts.models import Channel, Contact
from recovery.flows import services as flows
from recovery.messaging.models import Sender
from recovery.orders import services as orders
from recovery.orders.models import Order
from shopapp.kit.money import Money
from shopapp.platforms.base import CartChanged, Line, OrderChanged, Shopper
from shopapp.shops.models import Shop

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNNER = Line("12", "34", 1, "Wool runner", (("Size", "42"),), Money(9900, "EUR", 2))


@pytest.fixture
def ready(in_shop: None, shop: Shop) -> Shop:
    """Return the shop in scope, with sender, agreed-to shopper and both flows on since 11:00."""
    Sender.objects.create(shop=shop, email="hello@shop.example", legal_address="Street 1")
    anna = contacts.find_or_make(
        shop,
        email="anna@example.se",
        evidence=Contact.Evidence.SIGNED,
        at=NOON,
        phone="+46701234567",
        country="SE",
    )
    contacts.record_consent(
        anna,
        channel=Channel.EMAIL,
        given=True,
        wording="Yes",
        version="1",
        language="en",
        source="checkout",
        at=NOON,
    )
    for flow in flows.make_presets(shop, at=NOON):
        flows.switch_on(flow, look_back=timedelta(0), at=NOON)
    return shop


def put_in_cart(shop: Shop, at: datetime, **values: Any) -> Cart:
    """Report Anna's cart with one line, as the plugin does."""
    defaults: dict[str, Any] = {
        "cart_id": "c" * 32,
        "changed_at": at,
        "revision": int((at - NOON).total_seconds()),
        "stage": "cart",
        "lines": (RUNNER,),
        "total": Money(9900, "EUR", 2),
        "shopper": Shopper(email="anna@example.se", email_source="checkout", country="SE"),
        "source": "plugin",
    }
    cart = carts.record_change(shop, CartChanged(**(defaults | values)), at=at)
    assert cart is not None
    return cart


def place_order(shop: Shop, at: datetime, **values: Any) -> Order:
    """Record an order as the store tells it; it names nobody unless told so."""
    defaults: dict[str, Any] = {
        "order_id": "77",
        "number": "77",
        "status": "processing",
        "stage": "placed",
        "placed_at": at,
        "changed_at": at,
        "total": Money(9900, "EUR", 2),
        "refunded": Money(0, "EUR", 2),
        "lines": (RUNNER,),
        "shopper": Shopper(),
    }
    return orders.record(shop, OrderChanged(**(defaults | values)), at=at).order
