"""What happens at a checkout, up to the order, and the news each step makes."""

from __future__ import annotations

from decimal import Decimal

from tests.doubles.shopify.carts import new_cart, put_line
from tests.doubles.shopify.order_records import Order
from tests.doubles.shopify.orders import Wanted, create_order
from tests.doubles.shopify.payloads.checkout_json import checkout_json, deleted_checkout_json
from tests.doubles.shopify.people import customer_at_checkout
from tests.doubles.shopify.pricing import price
from tests.doubles.shopify.records import Address, Cart, CartLine, Checkout
from tests.doubles.shopify.shop import Shop


def begin_checkout(shop: Shop, cart: Cart, *, locale: str = "") -> Checkout:
    """Return the cart's checkout as the cart stands now, made and told of when it is new."""
    with shop.action() as at:
        checkout = shop.state.checkouts.get(cart.checkout_token)
        if checkout is None or checkout.completed_at:
            state = shop.state
            token = "hWN" + state.token("checkout")
            checkout = Checkout(
                state.next_id("checkout"), token, state.token("checkout key"), cart.token, at, at
            )
            checkout.locale = locale or shop.settings.locale
            state.checkouts[token] = checkout
            cart.checkout_token = token
            topic = "checkouts/create"
        else:
            topic = "checkouts/update"
        copy_cart(cart, checkout)
        checkout.updated_at = at
        tell_checkout(shop, checkout, topic)
        return checkout


def copy_cart(cart: Cart, checkout: Checkout) -> None:
    """Let the checkout sell what the cart holds."""
    checkout.lines = [
        CartLine(one.variant_id, one.quantity, one.key, dict(one.properties), one.id)
        for one in cart.lines
    ]
    checkout.note = cart.note or ""
    checkout.attributes = dict(cart.attributes)
    checkout.discount_codes = list(cart.discount_codes)
    checkout.currency = cart.currency
    checkout.landing_site, checkout.referring_site = cart.landing_site, cart.referring_site


def buy_now(shop: Shop, lines: list[tuple[int, int]], *, locale: str = "") -> Checkout:
    """Return a checkout without an online store cart, as a buy button makes it: no cart token."""
    with shop.action():
        cart = new_cart(shop)
        shop.state.carts.pop(cart.token)
        cart.token = ""
        for variant_id, quantity in lines:
            put_line(shop, cart, variant_id, quantity)
        return begin_checkout(shop, cart, locale=locale)


def set_contact(
    shop: Shop,
    checkout: Checkout,
    *,
    email: str = "",
    phone: str = "",
    accepts_marketing: bool = False,
    first_name: str = "",
    last_name: str = "",
) -> Checkout:
    """Write down who is shopping: from now on the checkout counts as one that may be abandoned."""
    with shop.action() as at:
        checkout.email, checkout.phone = email or checkout.email, phone or checkout.phone
        checkout.accepts_marketing = accepts_marketing
        customer = customer_at_checkout(
            shop, checkout, first_name=first_name, last_name=last_name, at=at
        )
        checkout.customer_id = customer.id if customer else 0
        checkout.updated_at = at
        tell_checkout(shop, checkout)
        return checkout


def set_address(
    shop: Shop, checkout: Checkout, address: Address, *, billing: Address | None = None
) -> Checkout:
    """Write down where it shall go; shipping costs from then on."""
    with shop.action() as at:
        checkout.shipping, checkout.billing = address, billing or address
        checkout.shipping_cost = Decimal(shop.settings.shipping_cost)
        checkout.updated_at = at
        tell_checkout(shop, checkout)
        return checkout


def set_discounts(shop: Shop, checkout: Checkout, codes: list[str]) -> Checkout:
    """Type these codes at the checkout."""
    with shop.action() as at:
        checkout.discount_codes, checkout.updated_at = codes, at
        tell_checkout(shop, checkout)
        return checkout


def tell_checkout(shop: Shop, checkout: Checkout, topic: str = "checkouts/update") -> None:
    """Tell of a checkout as it stands now."""
    shop.tell(topic, checkout_json(shop.state, checkout))


def delete_checkout(shop: Shop, checkout: Checkout) -> None:
    """Delete a checkout: no address opens it any more."""
    with shop.action():
        shop.state.checkouts.pop(checkout.token, None)
        shop.tell("checkouts/delete", deleted_checkout_json(shop.state, checkout))


def place_order(
    shop: Shop, checkout: Checkout, *, gateway: str = "bogus", paid: bool = True
) -> Order:
    """Turn the checkout into an order; its cart is over. Raises CartRefusal when a line is gone."""
    with shop.action() as at:
        customer = shop.state.customers.get(checkout.customer_id)
        if customer and checkout.shipping and not customer.addresses:
            customer.addresses.append(checkout.shipping)
        priced = price(shop.state, checkout.lines, checkout.discount_codes, checkout.shipping_cost)
        order = create_order(
            shop,
            Wanted(
                priced=priced,
                email=checkout.email,
                phone=checkout.phone,
                customer_id=checkout.customer_id,
                accepts_marketing=checkout.accepts_marketing,
                checkout=checkout,
                gateway=gateway,
                paid=paid,
            ),
        )
        checkout.completed_at = checkout.updated_at = at
        checkout.order_id = order.id
        shop.state.carts.pop(checkout.cart_token, None)
        tell_checkout(shop, checkout)
        return order
