"""Fill a shop from its profile: the same shelves, people and past orders each time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

import httpx

from tests.doubles.shelves.ware import Ware
from tests.doubles.woocommerce.delivery import Deliveries
from tests.doubles.woocommerce.news import News
from tests.doubles.woocommerce.plugin.state import PluginState
from tests.doubles.woocommerce.profiles import Profile
from tests.doubles.woocommerce.records import (
    Attribute,
    Category,
    Coupon,
    Customer,
    Product,
)
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.shop import Shop
from tests.doubles.woocommerce.shopkeeping import Wanted, new_order
from tests.doubles.woocommerce.state import State

PAST_DAYS = 90
_ORDERS = 72
_STATUSES = ("completed",) * 8 + ("processing", "cancelled", "refunded", "on-hold")


def seeded_state(profile: Profile, *, orders: int = _ORDERS) -> State:
    """Return a shop's state as its profile describes it."""
    state = State(profile.settings)
    luck = random.Random(profile.seed)
    opened = now() - timedelta(days=200)
    state.start_ids("term", 15)
    state.start_ids("post", 23)
    for slug, name in profile.categories:
        category = Category(state.next_id("term"), name, slug)
        state.categories[category.id] = category
    for ware in profile.wares:
        _shelve(state, profile, ware, opened, luck)
    _welcome_people(state, profile, opened)
    _past_orders(state, luck, orders)
    coupon = Coupon(state.next_id("post"), "welcome10", "percent", "10", opened, opened)
    state.coupons[coupon.id] = coupon
    return state


def opened_shop(
    profile: Profile, client: httpx.Client, home: str, *, plugin: bool, orders: int
) -> Shop:
    """Return a seeded shop that sends with this client and calls this its address."""
    state = seeded_state(profile, orders=orders)
    news = News(state)
    owned = PluginState(merchant_email=profile.settings.owner_email) if plugin else None
    deliveries = Deliveries(state, news, client, home)
    return Shop(profile, state, news, deliveries, client, home, plugin=owned)


def _shelve(
    state: State, profile: Profile, ware: Ware, opened: datetime, luck: random.Random
) -> None:
    image_id, product_id = state.next_id("post"), state.next_id("post")
    category = next(one for one in state.categories.values() if one.slug == ware.category)
    attributes = _attributes(profile, ware)
    made = opened + timedelta(hours=product_id)
    product = Product(
        id=product_id,
        name=ware.name,
        slug=ware.slug,
        kind="variable" if attributes else "simple",
        created_at=made,
        modified_at=made,
        regular_price="" if attributes else ware.price,
        sale_price="" if attributes else ware.sale,
        sku=f"{profile.key[:2].upper()}-{product_id}",
        description=f"<p>{ware.about}</p>\n",
        short_description=f"<p>{ware.about}</p>\n",
        category_ids=[category.id],
        attributes=attributes,
        manage_stock=not attributes,
        stock=None if attributes else ware.stock,
        stock_status="instock" if ware.stock else "outofstock",
        featured=ware.featured,
        weight="0.4",
        image_id=image_id,
        image=f"{ware.slug}.png",
        picture=f"{ware.drawing}/{ware.tint}",
    )
    state.products[product.id] = product
    for chosen in _choices(attributes):
        _vary(state, product, ware, chosen, luck)


def _attributes(profile: Profile, ware: Ware) -> list[Attribute]:
    found = []
    if ware.sizes:
        options = [(size.lower(), size) for size in ware.sizes]
        found.append(Attribute(1, profile.size_label, "pa_size", options))
    if ware.colours:
        found.append(Attribute(2, profile.colour_label, "pa_colour", list(ware.colours)))
    return found


def _choices(attributes: list[Attribute]) -> list[dict[str, str]]:
    choices: list[dict[str, str]] = [{}] if attributes else []
    for one in attributes:
        choices = [{**chosen, one.slug: option} for chosen in choices for option, _ in one.options]
    return choices


def _vary(
    state: State, parent: Product, ware: Ware, chosen: dict[str, str], luck: random.Random
) -> None:
    """Add one variation; now and then a size is sold out."""
    variation_id = state.next_id("post")
    sold_out = ware.stock > 10 and luck.random() < 0.08
    stock = 0 if sold_out else max(1, ware.stock // 3 + luck.randint(-2, 3))
    colour = chosen.get("pa_colour")
    drawing = parent.picture.split("/")[0]
    image = f"{parent.slug}-{colour}.png" if colour else parent.image
    variation = Product(
        id=variation_id,
        name=parent.name,
        slug=f"{parent.slug}-" + "-".join(chosen.values()),
        kind="variation",
        created_at=parent.created_at,
        modified_at=parent.modified_at,
        regular_price=ware.price,
        sale_price=ware.sale,
        sku=f"{parent.sku}-{variation_id}",
        parent_id=parent.id,
        chosen=chosen,
        stock=stock,
        stock_status="instock" if stock else "outofstock",
        weight=parent.weight,
        image_id=parent.image_id,
        image=image,
        picture=f"{drawing}/{colour}" if colour else parent.picture,
    )
    state.products[variation.id] = variation
    parent.variation_ids.append(variation.id)


def _welcome_people(state: State, profile: Profile, opened: datetime) -> None:
    state.start_ids("user", 1)
    for place, (first, last, email, city, postcode, phone) in enumerate(profile.people):
        customer = Customer(
            id=state.next_id("user"),
            email=email,
            username=email.split("@")[0],
            created_at=opened + timedelta(days=place),
            modified_at=opened + timedelta(days=place),
            first_name=first,
            last_name=last,
        )
        address = {
            "first_name": first,
            "last_name": last,
            "address_1": f"{profile.settings.street.rsplit(' ', 1)[0]} {place + 3}",
            "city": city,
            "postcode": postcode,
            "country": profile.settings.country,
            "phone": phone,
        }
        customer.billing.update(address, email=email)
        customer.shipping.update(address)
        state.customers[customer.id] = customer


def _past_orders(state: State, luck: random.Random, count: int) -> None:
    """Place orders over the past days, the oldest first, by customers and by guests."""
    sellable = [one for one in state.products.values() if one.buyable]
    people = list(state.customers.values())
    ages = sorted((luck.uniform(0.2, PAST_DAYS) for _ in range(count)), reverse=True)
    for age in ages:
        person, guest = luck.choice(people), luck.random() < 0.4
        chosen = luck.sample(sellable, luck.choice((1, 1, 2, 2, 3)))
        lines = [
            (one.parent_id or one.id, one.id if one.parent_id else 0, luck.choice((1, 1, 1, 2)))
            for one in chosen
        ]
        status = luck.choice(_STATUSES) if age < 80 else "completed"
        at = now() - timedelta(seconds=int(age * 86400))
        order = new_order(
            state,
            Wanted(
                lines=lines,
                billing=person.billing,
                shipping=person.shipping,
                status=status,
                created_via=luck.choice(("checkout", "store-api")),
                customer_id=0 if guest else person.id,
                payment_method=luck.choice(("cod", "bacs")),
                shipping_cost=Decimal(state.settings.shipping_cost),
                shipping_method=("flat_rate", "Flat rate", "1"),
                user_agent="Mozilla/5.0",
                ip="127.0.0.1",
                at=at,
            ),
        )
        person.paying = person.paying or not guest
        if status in ("completed", "refunded"):
            order.paid_at = at
            order.completed_at = order.modified_at = at + timedelta(hours=min(20, int(age * 12)))
