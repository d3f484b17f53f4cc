"""What happens in a Shopify shop: each change as the double makes it, with the news it sends."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from recovery.ingest.models import Reading
from tests.conftest import MORNING
from tests.doubles.shopify import carts, checkouts, orders, people, shelving
from tests.doubles.shopify.carts import CartRefusal
from tests.doubles.shopify.records import (
    Collection,
    ConsentState,
    Variant,
)
from tests.recovery.ingest import shopify_picks as picks
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    connect,
    make_shopify_shop,
    open_store,
)
from tests.recovery.ingest.shopify_life import ShopifyLife


def begin(seed: int, rng: random.Random) -> ShopifyLife:
    """Return a connected shop with one thing of each kind, and what its history is about."""
    shop = make_shopify_shop(f"s{seed}")
    connect(shop)
    kinds, changes = areas_of(rng)
    little = LittleShopify(open_store(shop.host))
    return ShopifyLife(shop, little, rng, kinds, changes, MORNING, prepare)


def prepare(life: ShopifyLife) -> None:
    """Give the shop one thing of each kind."""
    add_collection(life)
    add_product(life)
    add_product(life)
    add_variant(life)
    people.create_customer(life.store, f"first@{life.shop.host}", consent="subscribed")
    place_order(life)


# Orders.


def place_order(life: ShopifyLife) -> None:
    """Order something at once, without a cart of the online store."""
    if variant := picks.buyable(life):
        checkout = checkouts.buy_now(life.store, [(variant.id, 1)])
        picks.name_shopper(life, checkout)
        checkouts.place_order(life.store, checkout, paid=life.rng.random() < 0.7)


def refund_order(life: ShopifyLife) -> None:
    """Give some of the money back."""
    if (order := picks.order(life)) and order.paid and order.refunded < order.total:
        orders.refund_order(life.store, order, min(Decimal(3), order.total - order.refunded))


def change_order(life: ShopifyLife) -> None:
    """Pay for an order, send it out, cancel it, or save it as it is."""
    if order := picks.order(life):
        if order.cancelled_at is None and life.rng.random() < 0.3:
            orders.cancel_order(life.store, order, restock=False)
        else:
            act = life.rng.choice((orders.pay_order, orders.fulfil_order, orders.touch_order))
            act(life.store, order)


def delete_order(life: ShopifyLife) -> None:
    """Delete an order, which is told, or gets lost."""
    if order := picks.order(life):
        orders.delete_order(life.store, order)


# Products.


def add_product(life: ShopifyLife) -> None:
    """Make a product."""
    number = life.rng.randrange(1000)
    shelving.create_product(life.store, f"Mug {number}", f"{life.rng.randrange(1, 90)}.90")


def add_variant(life: ShopifyLife) -> None:
    """Give a product another variant: told as a change of the product."""
    if product := picks.product(life):
        with life.store.action() as at:
            state = life.store.state
            size = f"{life.rng.randrange(30, 60)}"
            product.options = (("Size", (size,)),)
            for first in (one for one in product.variants if one.title == "Default Title"):
                first.title, first.chosen = "29", (("Size", "29"),)
            variant = Variant(
                state.next_id("variant"), product.id, size, (("Size", size),), Decimal("12.50"),
                None, life.rng.randrange(4), f"V-{size}", at, at,
            )  # fmt: skip
            variant.inventory_item_id = state.next_id("inventory")
            product.variants.append(variant)
            state.variants[variant.id] = variant
            shelving.tell_product(life.store, product)


def change_product(life: ShopifyLife) -> None:
    """Rename a product, or take it from the online store, or put it back."""
    if product := picks.product(life):
        change = life.rng.choice(
            (
                {"title": f"Mug & Co {life.rng.randrange(99)}"},
                {"status": life.rng.choice(("ACTIVE", "DRAFT", "ARCHIVED"))},
                {"published": life.rng.random() < 0.5},
            )
        )
        shelving.change_product(life.store, product, **change)


def change_variant(life: ShopifyLife) -> None:
    """Change what a variant costs, or how many there are: also out of stock and back."""
    if variant := picks.free_variant(life):
        change = life.rng.choice(
            (
                {"price": f"{life.rng.randrange(1, 90)}.90"},
                {"compare_at": life.rng.choice(("", "99.00"))},
                {"stock": life.rng.choice((0, 0, 3, 9))},
            )
        )
        shelving.change_variant(life.store, variant, **change)


def count_stock(life: ShopifyLife) -> None:
    """Correct a variant's stock: its product's moment of change stays, and nobody is told."""
    if variant := picks.free_variant(life):
        variant.stock = life.rng.randrange(9)


def delete_product(life: ShopifyLife) -> None:
    """Delete a product, or one of its variants."""
    if (variant := picks.free_variant(life)) is None:
        return
    product = life.store.state.products[variant.product_id]
    if len(product.variants) > 1 and life.rng.random() < 0.5:
        shelving.delete_variant(life.store, variant)
    elif not any(one.id in life.spare for one in product.variants):
        shelving.delete_product(life.store, product)


# Customers.


def add_customer(life: ShopifyLife) -> None:
    """Make a customer."""
    email = f"c{life.store.state.next_count('email')}@{life.shop.host}"
    words: tuple[ConsentState, ...] = ("not_subscribed", "subscribed", "unsubscribed")
    said = life.rng.choice(words)
    people.create_customer(life.store, email, first_name="Ada", consent=said)


def change_customer(life: ShopifyLife) -> None:
    """Change a customer's name or address."""
    if customer := picks.customer(life):
        number = life.rng.randrange(10_000)
        email = f"n{number}@{life.shop.host}"
        if life.rng.random() < 0.5:
            people.change_customer(life.store, customer, first_name=f"Ada {number % 99}")
        elif life.store.state.customer_with(email) is None:
            people.change_customer(life.store, customer, email=email)


def change_consent(life: ShopifyLife) -> None:
    """Let a customer agree to mails, or take it back."""
    if customer := picks.customer(life):
        words: tuple[ConsentState, ...] = ("subscribed", "unsubscribed")
        said = life.rng.choice(words)
        if said != customer.consent.state:
            people.set_consent(life.store, customer, said)


def delete_customer(life: ShopifyLife) -> None:
    """Delete a customer."""
    if customer := picks.customer(life):
        people.delete_customer(life.store, customer)


# Collections: the app asks for no news of them.


def add_collection(life: ShopifyLife) -> None:
    """Make a collection."""
    with life.store.action() as at:
        made = life.store.state.next_id("collection")
        name = f"Cups {made % 1000}"
        life.store.state.collections[made] = Collection(made, name, f"cups-{made}", at)


def change_collection(life: ShopifyLife) -> None:
    """Rename a collection, delete it, or put a product into it: the product does not change."""
    held = life.store.state.collections
    if not held:
        return
    chosen = held[life.rng.choice(sorted(held))]
    match life.rng.randrange(3):
        case 0:
            chosen.title = f"Cups {life.rng.randrange(99)}"
        case 1:
            del held[chosen.id]
            for product in life.store.state.products.values():
                if chosen.id in product.collection_ids:
                    product.collection_ids.remove(chosen.id)
        case _:
            if (picked := picks.product(life)) and chosen.id not in picked.collection_ids:
                picked.collection_ids.append(chosen.id)


# Carts and checkouts.


def fill_cart(life: ShopifyLife) -> None:
    """Put something into a cart, an old one or a new one."""
    cart = picks.cart(life)
    if cart is None or life.rng.random() < 0.4:
        cart = carts.new_cart(life.store)
    if variant := picks.buyable(life):
        picks.add(life, cart, variant)


def change_cart(life: ShopifyLife) -> None:
    """Change how many of something are in a cart, or empty it."""
    if (cart := picks.cart(life)) and cart.lines:
        if life.rng.random() < 0.3:
            carts.empty_cart(life.store, cart)
        else:
            line = life.rng.choice(cart.lines)
            try:
                carts.change_line(life.store, cart, line.key, life.rng.randrange(1, 3))
            except CartRefusal:
                return


def go_to_checkout(life: ShopifyLife) -> None:
    """Take a cart to the checkout, or come back to it there."""
    if (cart := picks.cart(life)) and cart.lines:
        checkout = checkouts.begin_checkout(life.store, cart)
        if life.rng.random() < 0.7:
            picks.name_shopper(life, checkout)


def go_on_at_checkout(life: ShopifyLife) -> None:
    """Say who one is, where it shall go, or order."""
    if checkout := picks.checkout(life):
        match life.rng.randrange(3):
            case 0:
                picks.name_shopper(life, checkout)
            case 1:
                checkouts.set_address(life.store, checkout, picks.address())
            case _ if checkout.has_contact:
                checkouts.place_order(life.store, checkout)
            case _:
                return


def buy_at_once(life: ShopifyLife) -> None:
    """Begin a checkout that no cart of the online store belongs to."""
    if variant := picks.buyable(life):
        life.spare.add(variant.id)
        picks.name_shopper(life, checkouts.buy_now(life.store, [(variant.id, 1)]))


Change = Callable[[ShopifyLife], None]
Kind = Reading.Kind
AREAS: tuple[tuple[tuple[Kind, ...], tuple[Change, ...]], ...] = (
    ((Kind.ORDERS,), (place_order, refund_order, change_order, change_order, delete_order)),
    (
        (Kind.PRODUCTS,),
        (change_product, change_product, change_variant, change_variant, count_stock, add_product,
         add_variant, delete_product),
    ),
    ((Kind.CUSTOMERS,), (add_customer, change_customer, change_consent, delete_customer)),
    ((Kind.CATEGORIES, Kind.PRODUCTS), (add_collection, change_collection)),
    (
        (Kind.CHECKOUTS, Kind.ORDERS),
        (fill_cart, fill_cart, change_cart, go_to_checkout, go_to_checkout, go_on_at_checkout,
         go_on_at_checkout, buy_at_once),
    ),
)  # fmt: skip
"""What a history is about: the kinds that are read, and the changes that happen to them."""


def areas_of(rng: random.Random) -> tuple[list[Kind], list[Change]]:
    """Return what one history is about: one area, or several mixed, so that changes collide."""
    chosen = rng.sample(AREAS, rng.choice((1, 2, 2, 3, 4)))
    kinds = {kind for kinds, _ in chosen for kind in kinds}
    return (
        [kind for kind in Kind if kind in kinds],
        [change for _, changes in chosen for change in changes],
    )
