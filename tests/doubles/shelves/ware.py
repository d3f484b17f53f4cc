"""What a shop's shelves are described with, whatever platform plays the shop."""

from __future__ import annotations

from dataclasses import dataclass

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


Person = tuple[str, str, str, str, str, str]
"""(first name, last name, e-mail, city, postcode, phone)"""
