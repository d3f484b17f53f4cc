"""The environment's readers fail loudly and name the variable."""

from __future__ import annotations

import pytest

from shopapp import env


def test_a_missing_variable_without_default_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)
    with pytest.raises(env.BadEnvironment, match="THING"):
        env.text("THING")


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("off", False), ("Yes", True), ("", False)]
)
def test_flags_are_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("THING", value)
    assert env.flag("THING", default=False) is expected


def test_what_is_no_flag_or_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "perhaps")
    with pytest.raises(env.BadEnvironment, match="THING"):
        env.flag("THING", default=False)
    with pytest.raises(env.BadEnvironment, match="THING"):
        env.number("THING", 1)


def test_words_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", " a, ,b ")
    assert env.words("THING") == ["a", "b"]
