"""Put a letter's texts and items into the mail's layout: HTML and a plain text that reads well.

The layout is MJML, compiled once per version of its file; what is left in it is Liquid, filled in
with escaped plain values. Links stand in the letter as marks, which only handing over replaces:
a stored letter opens nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import mjml
from babel import Locale
from liquid import BoundTemplate, Environment

from recovery.messaging.fixed_texts import FixedTexts

RESTORE_MARK = "rebasket-link:restore"
UNSUBSCRIBE_MARK = "rebasket-link:unsubscribe"
CONFIRM_MARK = "rebasket-link:confirm"
MARKS = (RESTORE_MARK, UNSUBSCRIBE_MARK, CONFIRM_MARK)
# A discount's code, which a message is given when it is handed over. Signs of the private use area:
# no filter of a merchant's text (upcase, escape) makes another text of them.
CODE_MARK = "\ue0c0\ue0c1\ue0c2"
NO_CODE = "XXXXX-XXXXX"
DEFAULT_COLOUR = "#00684a"
_INK = "#1b1d20"
_LAYOUT = Path(__file__).parent / "mail" / "letter.mjml"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the letter, as it is sold now. ``price``: today's, for one."""

    name: str
    detail: str
    quantity: int
    price: str
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letter it is and how it looks. ``colour``: #rrggbb."""

    shop_name: str
    shop_url: str
    sender_name: str
    legal_address: str
    colour: str = DEFAULT_COLOUR
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the letter says, already rendered to plain text."""

    subject: str
    preheader: str
    heading: str
    text: str
    button: str
    why: str
    test_mark: str = ""
    asks_to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter with marks in the place of its links."""

    subject: str
    html: str
    text: str


class _Layouts(Environment):
    loop_iteration_limit: ClassVar[int | None] = 10_000
    output_stream_limit: ClassVar[int | None] = 500_000


def layout() -> BoundTemplate:
    """Return the compiled layout of the file as it stands; compiled once per version."""
    source = _LAYOUT.read_text(encoding="utf-8")
    return _compiled(hashlib.sha256(source.encode()).hexdigest(), source)


@lru_cache(maxsize=8)
def _compiled(version: str, source: str) -> BoundTemplate:
    del version  # It names the entry; the source says the same.
    return _Layouts(autoescape=True).from_string(mjml.mjml2html(source, fonts={}))


def render(
    texts: Texts, items: tuple[Item, ...], head: Letterhead, fixed: FixedTexts, locale: Locale
) -> Letter:
    """Return the letter in HTML and plain text."""
    html = layout().render(**_values(texts, items, head, fixed, locale))
    return Letter(texts.subject, html, _plain(texts, items, head, fixed))


def filled(letter_part: str, links: Mapping[str, str]) -> str:
    """Return the part with each mark replaced by its address, or the discount's code; a link
    without one leads nowhere, and a code is shown as what it looks like."""
    for mark in MARKS:
        letter_part = letter_part.replace(mark, links.get(mark, "#"))
    return letter_part.replace(CODE_MARK, links.get(CODE_MARK, NO_CODE))


def _values(
    texts: Texts, items: tuple[Item, ...], head: Letterhead, fixed: FixedTexts, locale: Locale
) -> dict[str, object]:
    # In Liquid an empty text is true: what is empty must be nothing.
    rtl = locale.text_direction == "rtl"
    light = _luminance(head.colour) > 0.36
    return {
        "lang": str(locale).replace("_", "-"),
        "dir": "rtl" if rtl else "ltr",
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "subject": texts.subject,
        "preheader": texts.preheader,
        "heading": texts.heading or None,
        "paragraphs": [part.split("\n") for part in _paragraphs(texts.text)],
        "items": [_item(item) for item in items],
        "button": texts.button,
        "restore_url": RESTORE_MARK,
        "confirm_url": CONFIRM_MARK if texts.asks_to_confirm else None,
        "confirm_text": fixed.confirm_text,
        "confirm_link": fixed.confirm_link,
        "why": texts.why,
        "legal_address": _address_lines(head),
        "unsubscribe": fixed.unsubscribe,
        "unsubscribe_url": UNSUBSCRIBE_MARK,
        "test_mark": texts.test_mark or None,
        "shop_name": head.shop_name,
        "shop_url": head.shop_url,
        "logo": head.logo_url or None,
        "colour": head.colour,
        "colour_ink": _INK if light else "#ffffff",
        "colour_text": _INK if light else head.colour,
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "name": item.name,
        "detail": item.detail or None,
        "quantity": item.quantity,
        "price": item.price,
        "image": item.image_url or None,
    }


def _plain(texts: Texts, items: tuple[Item, ...], head: Letterhead, fixed: FixedTexts) -> str:
    parts = [texts.test_mark, texts.heading, *_paragraphs(texts.text)]
    if items:
        parts.append("\n".join(_plain_item(item) for item in items))
    parts.append(f"{texts.button}:\n{RESTORE_MARK}")
    if texts.asks_to_confirm:
        parts.append(f"{fixed.confirm_text}\n{fixed.confirm_link}: {CONFIRM_MARK}")
    footer = [texts.why, "", *_address_lines(head), ""]
    parts.append("-- \n" + "\n".join([*footer, f"{fixed.unsubscribe}: {UNSUBSCRIBE_MARK}"]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain_item(item: Item) -> str:
    detail = f" ({item.detail})" if item.detail else ""
    return f"{item.name}{detail}: {item.quantity} × {item.price}"


def _address_lines(head: Letterhead) -> list[str]:
    lines = [line.strip() for line in head.legal_address.splitlines() if line.strip()]
    named = bool(lines) and head.sender_name in lines[0]
    return lines if named else [head.sender_name, *lines]


def _paragraphs(text: str) -> list[str]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2, 0 is black)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
