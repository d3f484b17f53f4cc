"""Set the stage: a shop that may write, four products, shoppers with a message each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from recovery.carts.models import Cart, CartLine
from recovery.catalog.models import Product
from recovery.contacts.models import Channel, Consent, Contact
from recovery.messaging.models import Message, Sender
from shopapp.shops import access
from shopapp.shops.models import Shop

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CONTENT = {
    "subject": "You left {{ first_item }} at {{ shop_name }}",
    "preheader": "{% if count > 1 %}And {{ count | minus: 1 }} more.{% endif %}",
    "heading": "Your cart is still here",
    "text": "Hello{% if first_name %} {{ first_name }}{% endif %},\n\nyou put these things aside."
    " They are still there, at the price you saw.\n\nThe button opens your cart, on any device.",
    "button": "Open my cart",
}
LEGAL_ADDRESS = "Shop BV\nKeizersgracht 1\n1015 CJ Amsterdam"
NAMES = ("Wool cap", "Wool runner", "Rain jacket <light>", "Merino socks & more")


def make_shop() -> Shop:
    """Return a shop whose orders were read just now, with a sender and its products."""
    shop = Shop.objects.create(
        platform=Shop.Platform.WOOCOMMERCE,
        host="shop.example",
        url="https://shop.example",
        name="Shop",
        currency="EUR",
        timezone="Europe/Amsterdam",
        country="NL",
        installed_at=AT,
        orders_read_at=AT,
    )
    with access.scope(shop):
        Sender.objects.create(
            shop=shop,
            name="Shop",
            email="hello@shop.example",
            reply_to="people@shop.example",
            legal_address=LEGAL_ADDRESS,
        )
        Product.objects.bulk_create(
            Product(
                shop=shop,
                platform_id=str(number),
                name=name,
                changed_at=AT,
                content_hash="x",
                url=f"https://shop.example/p/{number}/",
                image_url=f"https://shop.example/{number}.jpg",
                price_minor=2495,
                regular_minor=2995,
                currency="EUR",
                decimals=2,
                available=True,
                kind="simple",
                published=True,
            )
            for number, name in enumerate(NAMES)
        )
    return shop


def queue_messages(shop: Shop, count: int) -> None:
    """Queue one message each for this many shoppers who agreed, each about a cart of its own."""
    with access.scope(shop):
        contacts = Contact.objects.bulk_create(_contact(shop, n) for n in range(count))
        Consent.objects.bulk_create(
            Consent(
                shop=shop, contact=contact, channel=Channel.EMAIL, given=True, source="form", at=AT
            )
            for contact in contacts
        )
        carts = Cart.objects.bulk_create(_cart(shop, contact) for contact in contacts)
        CartLine.objects.bulk_create(
            CartLine(shop=shop, cart=cart, position=place, product_id=str(place), quantity=1)
            for cart in carts
            for place in range(len(NAMES))
        )
        Message.objects.bulk_create(_message(shop, cart) for cart in carts)


def _contact(shop: Shop, number: int) -> Contact:
    address = f"shopper-{number}@example.org"
    return Contact(
        shop=shop,
        email=address,
        address_key=address,
        first_name="Anna",
        country="SE",
        locale="en",
        evidence=Contact.Evidence.CONFIRMED,
        confirmed_at=AT,
        created_at=AT,
    )


def _cart(shop: Shop, contact: Contact) -> Cart:
    return Cart(
        shop=shop,
        contact=contact,
        cart_id=f"{contact.pk:032x}",
        state=Cart.State.ABANDONED,
        signed=True,
        currency="EUR",
        decimals=2,
        changed_at=AT,
        content_hash="x",
        started_at=AT - timedelta(hours=3),
        abandoned_at=AT,
        quantity=len(NAMES),
    )


def _message(shop: Shop, cart: Cart) -> Message:
    contact = cart.contact
    if contact is None:
        raise AssertionError("every cart here has its shopper")
    return Message(
        shop=shop,
        kind=Message.Kind.FLOW,
        contact=contact,
        cart=cart,
        dedup_key=f"cart:{cart.pk}",
        address=contact.email,
        address_key=contact.address_key,
        content=CONTENT,
        created_at=AT,
        due_at=AT,
        too_late_at=AT + timedelta(hours=20),
        step_key="reminder",
    )
