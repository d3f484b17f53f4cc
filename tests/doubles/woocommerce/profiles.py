"""The shops that a double can be: their settings, shelves, people and words."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.woocommerce.settings import Settings

Colour = tuple[str, str]
"""(slug, shown name); the slug names a colour of the drawings."""


@dataclass(frozen=True, slots=True)
class Ware:
    """One product for the shelves. Without sizes and colours it is a simple one.

    ``drawing``: which picture; ``tint``: its colour where the product has only one.
    """

    name: str
    slug: str
    drawing: str
    tint: str
    category: str
    price: str
    about: str
    sale: str = ""
    sizes: tuple[str, ...] = ()
    colours: tuple[Colour, ...] = ()
    stock: int = 24
    featured: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A shop to seed. ``people``: (first name, last name, e-mail, city, postcode, phone)."""

    key: str
    seed: int
    settings: Settings
    size_label: str
    colour_label: str
    categories: tuple[tuple[str, str], ...]
    wares: tuple[Ware, ...]
    people: tuple[tuple[str, str, str, str, str, str], ...]
    words: dict[str, str]
