"""What messages are about: a sender, products, a shopper with an abandoned cart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from recovery.carts.models import Cart, CartLine, Entry
from recovery.catalog.models import Product, Variant
from recovery.contacts.models import Consent, Contact
from recovery.messaging import links, services
from recovery.messaging.channels.base import Failed
from recovery.messaging.models import Click, Link, Message, Sender
from recovery.orders.models import Order
from shopapp.kit.addresses import address_key
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

PLUGIN_SECRET = "k" * 43
Mailed = tuple[Message, dict[str, str]]
CONTENT = {
    "subject": "You left {{ first_item }} at {{ shop_name }}",
    "preheader": "{% if count > 1 %}And {{ count | minus: 1 }} more.{% endif %}",
    "heading": "Your cart is still here",
    "text": "Hello{% if first_name %} {{ first_name }}{% endif %},\n\nyou put this aside.",
    "button": "Open my cart",
}


def make_sender(shop: Shop, **values: Any) -> Sender:
    defaults: dict[str, Any] = {
        "name": "Shop",
        "email": "hello@shop.example",
        "reply_to": "people@shop.example",
        "legal_address": "Shop BV\nKeizersgracht 1\n1015 CJ Amsterdam",
    }
    sender: Sender = Sender.objects.create(shop=shop, **(defaults | values))
    return sender


def make_product(shop: Shop, platform_id: str, name: str, **values: Any) -> Product:
    defaults: dict[str, Any] = {
        "changed_at": MORNING,
        "content_hash": "x",
        "url": f"https://shop.example/p/{platform_id}/",
        "image_url": f"https://shop.example/{platform_id}.jpg",
        "price_minor": 2495,
        "regular_minor": 2995,
        "currency": shop.currency,
        "decimals": shop.decimals,
        "available": True,
        "kind": "simple",
        "published": True,
    }
    product: Product = Product.objects.create(
        shop=shop, platform_id=platform_id, name=name, **(defaults | values)
    )
    return product


def make_variant(shop: Shop, platform_id: str, product: Product, **values: Any) -> Variant:
    defaults: dict[str, Any] = {
        "changed_at": MORNING,
        "content_hash": "x",
        "name": f"{product.name} - 42",
        "product_id_there": product.platform_id,
        "attributes": [["Size", "42"]],
        "price_minor": 8900,
        "regular_minor": 8900,
        "currency": shop.currency,
        "decimals": shop.decimals,
        "available": True,
    }
    variant: Variant = Variant.objects.create(
        shop=shop, platform_id=platform_id, **(defaults | values)
    )
    return variant


def make_contact(shop: Shop, email: str = "anna@example.se", **values: Any) -> Contact:
    """Return a confirmed contact who agreed to mails."""
    agreed = values.pop("agreed", True)
    defaults: dict[str, Any] = {
        "address_key": address_key(email),
        "first_name": "Anna",
        "country": "SE",
        "locale": "en",
        "evidence": Contact.Evidence.CONFIRMED,
        "confirmed_at": MORNING,
        "created_at": MORNING,
    }
    contact: Contact = Contact.objects.create(shop=shop, email=email, **(defaults | values))
    if agreed is not None:
        Consent.objects.create(
            shop=shop, contact=contact, channel="email", given=agreed, source="test", at=MORNING
        )
    return contact


def make_cart(
    shop: Shop, contact: Contact | None, *lines: tuple[str, str, int], **values: Any
) -> Cart:
    """Return an abandoned cart; each line is (product id, variant id, quantity)."""
    defaults: dict[str, Any] = {
        "cart_id": f"{Cart.objects.count() + 1:032x}",
        "state": Cart.State.ABANDONED,
        "signed": True,
        "currency": shop.currency,
        "decimals": shop.decimals,
        "changed_at": MORNING,
        "content_hash": "x",
        "started_at": MORNING - timedelta(hours=3),
        "abandoned_at": MORNING,
        "quantity": sum(quantity for _, _, quantity in lines),
    }
    cart: Cart = Cart.objects.create(shop=shop, contact=contact, **(defaults | values))
    for position, (product_id, variant_id, quantity) in enumerate(lines):
        CartLine.objects.create(
            shop=shop,
            cart=cart,
            position=position,
            product_id=product_id,
            variant_id=variant_id,
            quantity=quantity,
            name="a name that only the cart knows",
            total_minor=99999,
        )
    return cart


def make_order(shop: Shop, number: str = "1001", **values: Any) -> Order:
    defaults: dict[str, Any] = {
        "platform_id": number,
        "number": number,
        "changed_at": MORNING,
        "content_hash": "x",
        "status": "processing",
        "stage": Order.Stage.PLACED,
        "placed_at": MORNING,
        "total_minor": 4990,
        "currency": "EUR",
        "decimals": 2,
    }
    order: Order = Order.objects.create(shop=shop, **(defaults | values))
    return order


def set_stage(shop: Shop) -> tuple[Contact, Cart]:
    """Return a shopper with an abandoned cart of two things, in a shop that may write to them."""
    make_sender(shop)
    make_product(shop, "10", "Wool cap")
    runner = make_product(shop, "12", "Wool runner", kind="variable")
    make_variant(shop, "34", runner)
    contact = make_contact(shop)
    return contact, make_cart(shop, contact, ("12", "34", 1), ("10", "", 2))


def queue(
    shop: Shop, contact: Contact, cart: Cart | None, *, at: datetime = MORNING, **values: Any
) -> Message:
    """Return a queued message of a flow, due at once."""
    defaults: dict[str, Any] = {
        "kind": Message.Kind.FLOW,
        "content": CONTENT,
        "dedup_key": f"key:{Message.objects.count()}",
        "due_at": at,
        "too_late_at": at + timedelta(hours=20),
        "step_key": "reminder",
    }
    message = services.queue(shop, contact=contact, cart=cart, at=at, **(defaults | values))
    assert message is not None
    return message


def read_orders(shop: Shop, at: datetime) -> None:
    Shop.objects.filter(pk=shop.pk).update(orders_read_at=at)


def take_turn(shop: Shop, at: datetime = MORNING) -> int:
    """Do what the shop's turn does: read the orders, prepare, hand over."""
    read_orders(shop, at)
    services.prepare_due(shop, at=at)
    return services.hand_over_due(shop, at=at)


def now(shop: Shop, message: Message) -> Message:
    with access.scope(shop):
        message.refresh_from_db()
    return message


def noted(tried: list[Any], what: Any, outcome: Failed) -> Failed:
    tried.append(what)
    return outcome


def reasons_on_timeline(shop: Shop, cart: Cart) -> list[tuple[str, str]]:
    with access.scope(shop):
        entries = Entry.objects.filter(cart=cart).order_by("id")
        return list(entries.values_list("kind", "reason"))


def mint(shop: Shop, purpose: Link.Purpose, message: Message | None, **values: Any) -> str:
    _, address = links.mint(shop, purpose, at=MORNING, message=message, **values)
    return urlsplit(address).path


def clicks(shop: Shop) -> list[Click]:
    with access.scope(shop):
        return list(Click.objects.all())
