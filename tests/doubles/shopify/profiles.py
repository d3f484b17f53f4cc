"""The shops that a double can be: their settings, shelves and people."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.shelves import nordic
from tests.doubles.shelves.ware import Person, Ware
from tests.doubles.shopify.settings import Settings


@dataclass(frozen=True, slots=True)
class Profile:
    """A shop to seed. ``price_factor``: how its prices stand to those of the shelves."""

    key: str
    seed: int
    settings: Settings
    categories: tuple[tuple[str, str], ...]
    wares: tuple[Ware, ...]
    people: tuple[Person, ...]
    price_factor: int = 1
    discounted: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    sold_out: tuple[str, ...] = ()


_DRAFTS = ("quiet-wall-clock",)
_SOLD_OUT = ("willow-basket",)

NORDIC = Profile(
    key="nordic",
    seed=11,
    settings=Settings(
        host="almgrenvik.myshopify.com", shop_id=64_113_790_081, name="Almgren & Vik",
        tagline="Clothing and things for a calm home", currency="EUR", symbol="€",
        zone="Europe/Stockholm", locale="en", country="SE", country_name="Sweden", city="Malmö",
        street="Norra Vallgatan 12", postcode="211 25", owner_name="Vera Almgren",
        owner_email="owner@almgrenvik.example", phone="+46401234500",
    ),
    categories=nordic.CATEGORIES,
    wares=nordic.WARES,
    people=nordic.PEOPLE,
    hidden=_DRAFTS,
    sold_out=_SOLD_OUT,
)  # fmt: skip

KYOTO = Profile(
    key="kyoto",
    seed=29,
    settings=Settings(
        host="hashimoto-mokko.myshopify.com", shop_id=64_880_125_441, name="Hashimoto Mokko",
        tagline="Wood, linen and clay from Kyoto", currency="JPY", symbol="¥",
        zone="Asia/Tokyo", locale="ja", country="JP", country_name="Japan", city="Kyoto",
        street="Teramachi-dori 204", postcode="604-8091", owner_name="Kenji Hashimoto",
        owner_email="owner@hashimoto.example", phone="+81755550100", shipping_cost="880",
        presentment="EUR", rate="0.0061",
    ),
    categories=nordic.CATEGORIES,
    wares=tuple(one for one in nordic.WARES if one.category in ("table", "home", "accessories")),
    people=(
        ("Haruka", "Mori", "haruka.mori@mail.example", "Kyoto", "604-8005", "+81755550101"),
        ("Sota", "Inoue", "sota.inoue@mail.example", "Osaka", "530-0001", "+81655550102"),
        ("Mio", "Kato", "mio@kato.example", "Nara", "630-8213", "+81742550103"),
        ("Ren", "Ishii", "ren.ishii@post.example", "Kobe", "650-0021", "+81785550104"),
        ("Camille", "Roux", "camille.roux@mail.example", "Lyon", "69002", "+33472550105"),
        ("Jonas", "Weber", "jonas.weber@mail.example", "Leipzig", "04109", "+4934155010"),
    ),
    price_factor=160,
    hidden=_DRAFTS,
    sold_out=_SOLD_OUT,
)  # fmt: skip

PROFILES: dict[str, Profile] = {one.key: one for one in (NORDIC, KYOTO)}
