"""Fill a shop from its profile: the same shelves, people and past orders each time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

from tests.doubles.shelves.ware import Ware
from tests.doubles.shopify.app_setup import AppSetup
from tests.doubles.shopify.news import News
from tests.doubles.shopify.order_records import Code, Discount, Order, Refund
from tests.doubles.shopify.orders import Wanted, credit_customer, new_order
from tests.doubles.shopify.pricing import price
from tests.doubles.shopify.profiles import Profile
from tests.doubles.shopify.records import (
    Address,
    CartLine,
    Collection,
    Consent,
    ConsentState,
    Customer,
    Product,
    Variant,
)
from tests.doubles.shopify.settings import now
from tests.doubles.shopify.shop import Shop, User
from tests.doubles.shopify.state import State

PAST_DAYS = 90
_STATES: tuple[ConsentState, ...] = (
    "subscribed", "not_subscribed", "unsubscribed", "subscribed", "pending", "redacted", "invalid",
)  # fmt: skip
_ENDS = ("paid",) * 8 + ("fulfilled", "cancelled", "refunded", "partly")


def open_shop(profile: Profile, setup: AppSetup, *, orders: int) -> Shop:
    """Return a seeded shop without the app in it."""
    state = State(profile.settings, now() - timedelta(days=400))
    shop = Shop(profile, state, News(state, setup), setup, _staff(profile))
    luck = random.Random(profile.seed)
    for slug, title in profile.categories:
        made = state.next_id("collection")
        state.collections[made] = Collection(made, title, slug, state.opened_at)
    for place, ware in enumerate(profile.wares):
        _shelve(state, profile, ware, state.opened_at + timedelta(days=place), luck)
    _welcome_people(state, profile)
    _past_orders(shop, luck, orders)
    _welcome_code(state)
    return shop


def _staff(profile: Profile) -> list[User]:
    first, last = profile.settings.owner_name.split(" ", 1)
    number = 90_254_163_500 + profile.settings.shop_id % 1000
    owner = User(number, first, last, profile.settings.owner_email)
    helper_address = f"shop@{profile.settings.owner_email.split('@')[1]}"
    return [owner, User(number + 65, "Milla", "Berg", helper_address, owner=False)]


def _shelve(
    state: State, profile: Profile, ware: Ware, made: datetime, luck: random.Random
) -> None:
    product_id = state.next_id("product")
    options = []
    if ware.sizes:
        options.append(("Size", ware.sizes))
    if ware.colours:
        options.append(("Colour", tuple(name for _, name in ware.colours)))
    draft = ware.slug in profile.hidden
    product = Product(
        product_id, unescape(ware.name), ware.slug, f"<p>{ware.about}</p>", ware.category.title(),
        profile.settings.name, "DRAFT" if draft else "ACTIVE", made, made,
        None if draft else made, f"{ware.drawing}/{ware.tint}", state.next_id("image"),
        tuple(options),
    )  # fmt: skip
    product.featured = ware.featured
    product.collection_ids = [
        one.id for one in state.collections.values() if one.handle == ware.category
    ]
    state.products[product_id] = product
    for place, chosen in enumerate(_choices(ware), 1):
        variant = _variant(state, profile, ware, product, chosen, luck)
        variant.position = place
        product.variants.append(variant)
        state.variants[variant.id] = variant


def _choices(ware: Ware) -> list[tuple[tuple[str, str], ...]]:
    """Return what can be chosen. Not every size comes in every colour: the double's shelves are
    small."""
    sizes, colours = ware.sizes, [name for _, name in ware.colours]
    if sizes and colours:
        pairs = [(size, colours[place % len(colours)]) for place, size in enumerate(sizes)]
        return [(("Size", size), ("Colour", colour)) for size, colour in pairs]
    if sizes:
        return [(("Size", one),) for one in sizes]
    if colours:
        return [(("Colour", one),) for one in colours]
    return [(("Title", "Default Title"),)]


def _variant(
    state: State,
    profile: Profile,
    ware: Ware,
    product: Product,
    chosen: tuple[tuple[str, str], ...],
    luck: random.Random,
) -> Variant:
    sold_out = ware.slug in profile.sold_out or luck.random() < 0.06
    colour = next((slug for slug, name in ware.colours if ("Colour", name) in chosen), ware.tint)
    usual = Decimal(ware.price) * profile.price_factor
    sale = Decimal(ware.sale) * profile.price_factor if ware.sale else None
    variant_id = state.next_id("variant")
    return Variant(
        variant_id, product.id, " / ".join(value for _, value in chosen), chosen,
        state.settings.rounded(sale or usual), state.settings.rounded(usual) if sale else None,
        0 if sold_out else max(2, ware.stock // 2 + luck.randint(-2, 3)),
        f"{profile.key[:2].upper()}-{variant_id % 100_000}", product.created_at,
        product.created_at, tracked=ware.category != "table" or bool(ware.sizes) or sold_out,
        picture=f"{ware.drawing}/{colour}", inventory_item_id=state.next_id("inventory"),
    )  # fmt: skip


def _welcome_people(state: State, profile: Profile) -> None:
    settings = profile.settings
    for place, (first, last, email, city, postcode, phone) in enumerate(profile.people):
        at = state.opened_at + timedelta(days=place)
        customer = Customer(state.next_id("customer"), email, at, at, first, last, phone)
        customer.locale = settings.locale
        customer.state = "enabled" if place % 3 == 0 else "disabled"
        consent = _STATES[place % len(_STATES)]
        if consent != "not_subscribed":
            level = "confirmed_opt_in" if place % 2 else "single_opt_in"
            customer.consent = Consent(consent, level, at)
        street = settings.street.rsplit(" ", 1)[0]
        customer.addresses.append(
            Address(
                state.next_id("address"), first, last, f"{street} {place + 3}", city=city,
                zip=postcode, phone=phone, country=settings.country_name,
                country_code=settings.country,
            )
        )  # fmt: skip
        if consent == "redacted":
            _erase(customer)
        state.keep_customer(customer)


def _erase(customer: Customer) -> None:
    """Leave of a customer what is left when their erasure was asked for."""
    customer.email = customer.phone = customer.first_name = customer.last_name = ""
    customer.addresses.clear()


def _past_orders(shop: Shop, luck: random.Random, count: int) -> None:
    """Place orders over the past days, the oldest first."""
    state = shop.state
    sellable = [one for one in state.variants.values() if state.products[one.product_id].on_sale]
    people = list(state.customers.values())
    ages = sorted((luck.uniform(0.2, PAST_DAYS) for _ in range(count)), reverse=True)
    for age in ages:
        person = luck.choice(people)
        chosen = luck.sample(sellable, luck.choice((1, 1, 2, 2, 3)))
        lines = [CartLine(one.id, luck.choice((1, 1, 1, 2)), "", {}, one.id) for one in chosen]
        order = new_order(
            shop,
            Wanted(
                price(state, lines, (), Decimal(state.settings.shipping_cost)),
                email=person.email,
                phone=person.phone,
                customer_id=person.id,
                accepts_marketing=person.consent.state == "subscribed",
                at=now() - timedelta(seconds=int(age * 86_400)),
            ),
        )
        order.billing = order.shipping = next(iter(person.addresses), None)
        order.cart_token = "Z2NwLWV1" + state.token("cart")
        order.checkout_token = "hWN" + state.token("checkout")
        if state.settings.presentment and luck.random() < 0.3:
            order.currency = state.settings.presentment
        credit_customer(shop, order)
        _end(state, order, luck.choice(_ENDS) if age < 80 else "fulfilled")


def _end(state: State, order: Order, how: str) -> None:
    """Let an old order have gone its way."""
    at = order.created_at + timedelta(hours=3)
    if how == "fulfilled":
        order.fulfilled, order.updated_at = True, at
    if how in ("cancelled", "refunded", "partly"):
        amount = order.lines[0].price if how == "partly" else order.total
        order.refunds.append(
            Refund(state.next_id("refund"), at, amount, "", state.next_id("transaction"))
        )
        order.updated_at = at
    if how == "cancelled":
        order.cancelled_at, order.cancel_reason, order.closed_at = at, "customer", at


def _welcome_code(state: State) -> None:
    at = state.opened_at
    made = Discount(
        state.next_id("discount"), "Welcome", Decimal("0.1"), Decimal(0), at, None, at, at
    )
    made.codes.append(Code(state.next_id("code"), "WELCOME10"))
    state.discounts[made.id] = made
