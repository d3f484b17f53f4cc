from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import mjml
import pytest

from recovery.messaging import rendering
from recovery.messaging.fixed_texts import LANGUAGES, locale_of, texts_for
from recovery.messaging.rendering import Item, Letter, Letterhead, Texts, filled, render

HEAD = Letterhead(
    shop_name="Norrsken",
    shop_url="https://norrsken.example",
    sender_name="Norrsken",
    legal_address="Norrsken AB\nStorgatan 1\n111 22 Stockholm",
    colour="#b3492d",
    logo_url="https://norrsken.example/logo.png",
)
TEXTS = Texts(
    subject="You left Wool runner",
    preheader="It is still here.",
    heading="Your cart is still here",
    text="Hello Anna,\n\nyou put this aside.\nJust reply.",
    button="Open my cart",
    why="You get this because of your cart.",
)
ITEMS = (Item("Wool runner", "42 · Moss", 2, "€89.00", "https://norrsken.example/1.jpg"),)


class Seen(HTMLParser):
    """What a reader gets of a page: its words, links, pictures and tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.tags: set[str] = set()
        self.root: dict[str, str | None] = {}
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.root = told
        if tag == "a":
            self.links.append(told.get("href") or "")
        if tag == "img":
            self.pictures.append(told.get("src") or "")
        self._silent += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag == "style"

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            self.words.append(data.strip())


def letter(
    texts: Texts = TEXTS,
    items: tuple[Item, ...] = ITEMS,
    head: Letterhead = HEAD,
    locale: str = "en",
) -> Letter:
    spoken = locale_of(locale)
    return render(texts, items, head, texts_for(spoken), spoken)


def test_a_letter_has_all_its_parts() -> None:
    seen = Seen(letter().html)
    words = " ".join(seen.words)
    for part in (
        "Your cart is still here",
        "Hello Anna,",
        "you put this aside.",
        "Wool runner",
        "42 · Moss",
        "€89.00",
        "2 ×",
        "Open my cart",
        "Storgatan 1",
        "You get this because of your cart.",
        "Stop these mails",
        "It is still here.",
    ):
        assert part in words
    assert seen.links.count(rendering.RESTORE_MARK) == 1
    assert seen.links.count(rendering.UNSUBSCRIBE_MARK) == 1
    assert seen.pictures == [HEAD.logo_url, ITEMS[0].image_url]
    assert not seen.tags & {"script", "iframe", "form", "link"}


def test_the_plain_text_reads_well() -> None:
    assert letter().text == (
        "Your cart is still here\n\nHello Anna,\n\nyou put this aside.\nJust reply.\n\n"
        "Wool runner (42 · Moss): 2 × €89.00\n\nOpen my cart:\nrebasket-link:restore\n\n"
        "-- \nYou get this because of your cart.\n\nNorrsken AB\nStorgatan 1\n111 22 Stockholm\n\n"
        "Stop these mails: rebasket-link:unsubscribe\n"
    )


def test_without_logo_stands_the_name_and_without_items_no_table() -> None:
    bare = Letterhead("Norrsken", "https://n.example", "Norrsken", "Norrsken AB")
    seen = Seen(letter(items=(), head=bare).html)
    assert seen.pictures == []
    assert "Norrsken" in seen.words
    assert "2 ×" not in seen.words


@pytest.mark.parametrize(
    ("locale", "direction"), [("ar", "rtl"), ("ar_EG", "rtl"), ("sv_SE", "ltr"), ("xx", "ltr")]
)
def test_the_direction_follows_the_language(locale: str, direction: str) -> None:
    page = letter(locale=locale).html
    assert Seen(page).root["dir"] == direction
    start = "right" if direction == "rtl" else "left"
    assert f"text-align:{start}" in page.replace(" ", "")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_every_fixed_text(language: str) -> None:
    fixed = LANGUAGES[language]
    for name in fixed.__slots__:
        assert getattr(fixed, name)
    assert "{shop}" in fixed.why
    assert LANGUAGES[language].unsubscribe in letter(locale=language).text


def test_whatever_comes_from_anywhere_is_escaped() -> None:
    bad = '<script>alert(1)</script>"\' onload="x" {{ lang }}{% raw %}'
    texts = Texts(bad, bad, bad, bad, bad, bad)
    head = Letterhead(bad, HEAD.shop_url, bad, bad)
    seen = Seen(letter(texts, (Item(bad, bad, 1, bad, ""),), head).html)
    assert "script" not in seen.tags
    assert sum(bad in words for words in seen.words) >= 6


def test_dark_and_light_are_both_meant() -> None:
    page = letter().html
    assert '<meta name="color-scheme" content="light dark"' in page
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize(("colour", "ink"), [("#ffee00", "#1b1d20"), ("#00684a", "#ffffff")])
def test_the_buttons_text_can_be_read_on_any_brand_colour(colour: str, ink: str) -> None:
    head = Letterhead("N", "https://n.example", "N", "N", colour=colour)
    assert f"background:{colour};color:{ink}" in letter(head=head).html.replace(" ", "")


def test_the_layout_is_compiled_once_per_version(tmp_path: Path) -> None:
    changed = tmp_path / "letter.mjml"
    changed.write_text(rendering._LAYOUT.read_text() + "<!-- new -->")
    with patch.object(mjml, "mjml2html", wraps=mjml.mjml2html) as compile_once:
        rendering._compiled.cache_clear()
        letter()
        letter()
        assert compile_once.call_count == 1
        with patch.object(rendering, "_LAYOUT", changed):
            letter()
            letter()
        assert compile_once.call_count == 2


def test_marks_become_addresses_and_those_without_one_lead_nowhere() -> None:
    text = letter().text
    shown = filled(text, {rendering.RESTORE_MARK: "https://app.example/r/x"})
    assert "https://app.example/r/x" in shown
    assert "rebasket-link" not in shown
    assert "Stop these mails: #" in shown
