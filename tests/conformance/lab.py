"""The recorded shop, rebuilt: the same products under the same numbers, the same keys."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from tests.doubles.shelves.words import ENGLISH
from tests.doubles.woocommerce import Store
from tests.doubles.woocommerce.profiles import Profile
from tests.doubles.woocommerce.records import (
    ApiKey,
    Attribute,
    Category,
    Coupon,
    Product,
    Webhook,
)
from tests.doubles.woocommerce.settings import Settings
from tests.doubles.woocommerce.state import State

OPENED = datetime(2026, 11, 22, 13, 39, 28, tzinfo=UTC)
KEYS = (
    ("ck_45a77f5547c386eba315d80341067709b3217504", "cs_03d351250123dc0f87a37914428e37e829d1a7e7",
     "read_write"),
    ("ck_a808cc2bf0c7f3577a66333b00e5b578f1671100", "cs_54be311f80737927e50295c045e94c7aa62a68a7",
     "read"),
    ("ck_909081d6b8e508808e40cf16e98d3d5d9711b619", "cs_f85da83d736663f6d665aa4ab341938bfbe7a638",
     "write"),
)  # fmt: skip
LAB = Profile(
    key="lab",
    seed=1,
    settings=Settings(
        name="Lab Woo Store", tagline="", currency="USD", symbol="$", symbol_html="&#36;",
        decimals=2, position="left", zone="America/Los_Angeles", locale="en_US", language="en",
        direction="ltr", country="US", state="CA", city="San Francisco", street="1 Test St",
        postcode="94107", owner_email="admin@lab.test", payment_methods=("cod",),
        shipping_cost="5.00",
    ),
    size_label="Size", colour_label="Colour", categories=(), wares=(), people=(), words=ENGLISH,
)  # fmt: skip
_CATEGORIES = (
    (15, "Uncategorized", 0), (16, "Clothing", 0), (17, "Hoodies", 16), (18, "T-Shirts", 16),
    (19, "Home", 0), (20, "Mugs", 19), (21, "Accessories", 0), (22, "Digital", 0),
)  # fmt: skip
_SIMPLE = (
    (12, "Stoneware Mug", "14.00", "", 40, 20), (14, "Enamel Mug", "12.50", "9.99", 3, 20),
    (16, "Travel Mug", "24.00", "", 0, 20), (18, "Espresso Cup Set", "32.00", "27.50", 12, 20),
    (20, "Wool Throw Blanket", "79.00", "", 9, 19), (22, "Scented Candle", "18.00", "", 60, 19),
    (24, "Ceramic Vase", "39.00", "", 7, 19), (26, "Wall Clock", "55.00", "", 4, 19),
    (28, "Leather Belt", "35.00", "", 18, 21), (30, "Beanie", "18.00", "", 25, 21),
    (32, "Sunglasses", "90.00", "", 6, 21), (34, "Canvas Tote", "16.00", "", 80, 21),
    (36, "Silk Scarf", "48.00", "", 10, 21), (38, "Plain Logo Tee", "18.00", "", 50, 18),
    (40, "Long Sleeve Tee", "25.00", "", 30, 18), (42, "Polo", "20.00", "", 22, 18),
    (44, "Zip Hoodie", "45.00", "", 14, 17), (46, "Album (download)", "15.00", "", 0, 22),
)  # fmt: skip
_SIZE = Attribute(1, "Size", "pa_size", [("l", "L"), ("m", "M"), ("s", "S"), ("xl", "XL")])
_TWO = Attribute(2, "Colour", "pa_colour", [("blue", "Blue"), ("red", "Red")])
_THREE_SIZES = Attribute(1, "Size", "pa_size", [("l", "L"), ("m", "M"), ("s", "S")])
_DARK = Attribute(2, "Colour", "pa_colour", [("black", "Black"), ("green", "Green")])
_THREE = Attribute(2, "Colour", "pa_colour", [("black", "Black"), ("blue", "Blue"), ("red", "Red")])
_FORMAT = Attribute(3, "Format", "pa_format", [("a2", "A2"), ("a3", "A3")])
_VARIABLE = (
    (48, "Organic Cotton Tee", "TEE-01", 18, [_TWO, _SIZE]),
    (58, "Pullover Hoodie", "HOOD-01", 17, [_DARK, _THREE_SIZES]),
    (66, "Running Cap", "CAP-01", 21, [_THREE]),
    (71, "Poster", "POST-01", 19, [_FORMAT]),
)


def lab_store() -> Store:
    """Return the recorded shop without threads, before anything was bought in it."""
    reader = httpx.MockTransport(lambda request: httpx.Response(200))
    return lab_store_read_by(reader)


def lab_store_read_by(reader: httpx.BaseTransport) -> Store:
    """Return the recorded shop whose deliveries go to this reader."""
    store = Store(
        LAB, threads=False, plugin=False, past_orders=0, home="http://127.0.0.1:8801",
        transport=reader,
    )  # fmt: skip
    fill(store.state)
    return store


def fill(state: State) -> None:
    """Put the recorded products, categories, coupon and keys into a state."""
    state.coupons.clear()
    for category_id, label, parent_id in _CATEGORIES:
        slug = label.lower().replace(" ", "-")
        state.categories[category_id] = Category(category_id, label, slug, parent_id)
    for number, name, regular, sale, stock, category in _SIMPLE:
        _simple(state, number, name, (regular, sale), stock, category)
    for number, name, sku, category, attributes in _VARIABLE:
        _variable(state, number, name, sku, category, attributes)
    welcome = Coupon(74, "welcome10", "percent", "10", OPENED, OPENED)
    welcome.fields["used_by"] = ["2"]
    state.coupons[74] = welcome
    state.start_ids("post", 76)
    state.start_ids("user", 1)
    for key_id, (key, secret, permissions) in enumerate(KEYS, start=1):
        state.keys[key_id] = ApiKey(key_id, key, secret, permissions)


def _simple(
    state: State, number: int, name: str, prices: tuple[str, str], stock: int, category: int
) -> None:
    digital = category == 22
    state.products[number] = Product(
        id=number, name=name, slug=name.lower().replace(" ", "-"), kind="simple",
        created_at=OPENED, modified_at=OPENED, regular_price=prices[0], sale_price=prices[1],
        sku={12: "MUG-01", 14: "MUG-02"}.get(number, f"LAB-{number}"),
        description=f"<p>{name}: a seeded lab product. <strong>Durable</strong> & simple.</p>\n",
        short_description=f"<p>{name} in short.</p>\n", category_ids=[category],
        manage_stock=not digital, stock=None if digital else stock,
        stock_status="instock" if stock or digital else "outofstock", virtual=digital,
        featured=number == 14, weight="" if digital else "0.5", size_cm="" if digital else "10",
        image_id=number - 1, image=f"{name.replace(' ', '-')}.png", picture="mug/oat",
    )  # fmt: skip


def _variable(
    state: State, number: int, name: str, sku: str, category: int, attributes: list[Attribute]
) -> None:
    slug = name.lower().replace(" ", "-")
    parent = Product(
        id=number, name=name, slug=slug, kind="variable", sku=sku, category_ids=[category],
        description=f"<p>{name} variable lab product</p>\n", attributes=attributes,
        manage_stock=False, image=f"{name.replace(' ', '-')}.png", picture="tee/oat",
        created_at=OPENED, modified_at=OPENED, image_id=number - 1,
    )  # fmt: skip
    state.products[number] = parent
    choices: list[dict[str, str]] = [{}]
    for one in attributes:
        choices = [{**c, one.slug: option} for c in choices for option, _ in one.options]
    if number == 71:
        choices.reverse()
    for place, chosen in enumerate(choices, start=1):
        sale = "9" if number == 71 and place == 2 else ""
        variation = Product(
            id=number + place, name=name, slug=f"{slug}-{place}", kind="variation",
            regular_price="13" if sale else "12", sale_price=sale, sku=f"{sku}-{place}",
            parent_id=number, chosen=chosen, stock=8, image=parent.image,
            picture="tee/oat",
        created_at=OPENED, modified_at=OPENED, image_id=number - 1,
        )  # fmt: skip
        state.products[variation.id] = variation
        parent.variation_ids.append(variation.id)


def lab_webhook(store: Store, number: int, topic: str, *, modified: bool = False) -> Webhook:
    """Return a webhook of the recorded shop, put there without a ping."""
    webhook = Webhook(
        number, f"Lab {topic}", topic, f"http://127.0.0.1:8810/hooks/{topic}", "s", OPENED,
        modified_at=OPENED if modified else None,
    )  # fmt: skip
    store.state.webhooks[number] = webhook
    store.state.start_ids("webhook", number)
    return webhook
