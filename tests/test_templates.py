"""Rules that hold in every template of the console and of the shoppers' pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent / "templates"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
TAG = re.compile(
    r"<[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|\"(?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*\"|[^>\"])*>"
)


def tags_of(page: str) -> Iterator[str]:
    yield from TAG.findall((ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_it_compiles(page: str) -> None:
    assert get_template(page) is not None


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_inline(page: str) -> None:
    """The policy forbids inline styles and scripts: what is inline would silently not work."""
    for tag in tags_of(page):
        assert not re.search(r"\s(style|on[a-z]+)\s*=", tag), tag
        assert not tag.startswith("<style"), tag
        assert not tag.startswith("<script") or " src=" in tag, tag


@pytest.mark.parametrize("page", PAGES)
def test_every_request_of_htmx_has_its_plain_counterpart(page: str) -> None:
    """A page works without scripts: a link has its address, a form its action."""
    for tag in tags_of(page):
        if tag.startswith("<a ") and "hx-get" in tag:
            assert " href=" in tag, tag
        if tag.startswith("<form") and ("hx-get" in tag or "hx-post" in tag):
            assert " action=" in tag, tag
        if "hx-post" in tag:
            assert tag.startswith("<form"), tag


# A shopper's page carries its right in its address, and sets no cookie.
@pytest.mark.parametrize("page", [page for page in PAGES if "public/" not in page])
def test_every_form_that_changes_something_carries_the_token(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL)
    for form in forms:
        assert "{% csrf_token %}" in form, form[:120]


@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_marked_safe(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "|safe" not in text
    assert "autoescape off" not in text
