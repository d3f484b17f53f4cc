from __future__ import annotations

import time

import pytest

from recovery.messaging.liquid_texts import Unrenderable, one_line, render_text

VALUES: dict[str, str | int | bool | None] = {
    "first_name": "Anna",
    "first_item": "Wool runner",
    "shop_name": "Norrsken",
    "count": 3,
    "nobody": None,
}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Hello {{ first_name }}", "Hello Anna"),
        ("Hello{% if nobody %} {{ nobody }}{% endif %}!", "Hello!"),
        ("and {{ count | minus: 1 }} more", "and 2 more"),
        ("{{ unknown_thing }}|", "|"),
        ("50 % off {not liquid}", "50 % off {not liquid}"),
    ],
)
def test_a_text_is_filled_in(source: str, shown: str) -> None:
    assert render_text(source, VALUES) == shown


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}",
        "{% for i in (1..900) %}{{ 'x' | append: first_name | times: 1 }}"
        + "y" * 2_000
        + "{% endfor %}",
        "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 30 + "{{ a }}",
        "{% include 'secret' %}",
        "{% render 'secret' %}",
        "{% if true %}" * 40 + "{% endif %}" * 40,
        "{{ first_name",
        "{% if first_name %}never closed",
        "{% for %}",
        "{{ first_name | no_such_filter }}",
        "{{ 1 | divided_by: 0 }}",
        "x" * 30_000,
    ],
)
def test_what_attacks_or_is_broken_is_told_in_words_and_ends_soon(source: str) -> None:
    started = time.monotonic()
    answer = render_text(source, VALUES)
    assert isinstance(answer, Unrenderable)
    assert answer.problem
    assert "\n" not in answer.problem
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "source",
    [
        "{{ first_name.__class__ }}",
        "{{ first_name.__class__.__mro__ }}",
        "{{ first_name['__class__'] }}",
        "{{ shop_name.upper }}",
        "{{ settings.SECRET_KEY }}",
        "{{ self }}{{ globals }}{{ environment }}",
    ],
)
def test_values_are_plain_and_have_no_insides(source: str) -> None:
    assert render_text(source, VALUES) == ""


def test_control_characters_are_taken_out() -> None:
    assert render_text("a\x00b\x1b[31m\u2028c\r\nd", VALUES) == "ab[31mc\nd"


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.z", "a\nb", " a \t b ", "a\x0bb"])
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) == 1
