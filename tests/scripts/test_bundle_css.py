"""The one file of styles is what its sources make."""

from __future__ import annotations

import re

from scripts.bundle_css import BUNDLE, CONSOLE, bundle


def test_the_served_styles_are_those_of_the_sources() -> None:
    """Run ``make styles`` after a change of static/console/components or base."""
    assert BUNDLE.read_text(encoding="utf-8") == bundle()


def test_every_part_is_in_its_layer_and_every_address_leads_somewhere() -> None:
    made = bundle()
    assert "@import" not in made
    parts = (CONSOLE / "console.css").read_text(encoding="utf-8").count("@import")
    assert len(re.findall(r"^@layer \w+ \{", made, re.MULTILINE)) == parts
    for address in re.findall(r'url\("((?!data:)[^"]+)"\)', made):
        assert (CONSOLE / address).resolve().is_file(), address
