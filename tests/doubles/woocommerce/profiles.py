"""The shops that a double can be: their settings, shelves, people and words."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.shelves.ware import Person, Ware
from tests.doubles.woocommerce.settings import Settings


@dataclass(frozen=True, slots=True)
class Profile:
    """A shop to seed."""

    key: str
    seed: int
    settings: Settings
    size_label: str
    colour_label: str
    categories: tuple[tuple[str, str], ...]
    wares: tuple[Ware, ...]
    people: tuple[Person, ...]
    words: dict[str, str]
