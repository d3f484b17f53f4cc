"""Almgren & Vik: clothing and things for a calm home, from Malmö, in euro."""

from __future__ import annotations

from tests.doubles.shelves.nordic import CATEGORIES, PEOPLE, WARES
from tests.doubles.shelves.words import ENGLISH
from tests.doubles.woocommerce.profiles import Profile
from tests.doubles.woocommerce.settings import Settings

PROFILE = Profile(
    key="nordic",
    seed=11,
    settings=Settings(
        name="Almgren & Vik", tagline="Clothing and things for a calm home", currency="EUR",
        symbol="€", symbol_html="&euro;", decimals=2, position="left", zone="Europe/Stockholm",
        locale="en_US", language="en", direction="ltr", country="SE", state="", city="Malmö",
        street="Norra Vallgatan 12", postcode="211 25", owner_email="owner@almgrenvik.example",
        shipping_cost="6.00",
    ),
    size_label="Size",
    colour_label="Colour",
    categories=CATEGORIES,
    wares=WARES,
    people=PEOPLE,
    words=ENGLISH,
)  # fmt: skip
