"""The documentation tells every setting, and none that is not there."""

from __future__ import annotations

import re

import pytest

from tests.architecture import ROOT, project_files

READER = re.compile(r"""(?:env\.(?:text|flag|number|words)|os\.environ\.get)\(\s*"([A-Z_]+)\"""")
SOURCES = [
    file
    for file in project_files()
    if file.suffix == ".py" and file.parts[0] in {"shopapp", "recovery", "widgets"}
]
READ = sorted({name for file in SOURCES for name in READER.findall(file.text)})


def told() -> list[str]:
    """Return the variables in the first column of the table in docs/running.md."""
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = text.split("| variable |", maxsplit=1)[1]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for cell in first_cells for name in re.findall(r"`([A-Z_]+)`", cell)]


def test_the_settings_are_found_where_they_are_read() -> None:
    assert {"DATABASE_URL", "SECRET_KEY", "REBASKET_CLOCK"} <= set(READ)


@pytest.mark.parametrize("name", READ)
def test_every_variable_that_is_read_is_told(name: str) -> None:
    assert name in told()


def test_every_variable_that_is_told_is_there_and_told_once() -> None:
    quoted = {name for file in SOURCES for name in re.findall(r'"([A-Z_]+)"', file.text)}
    assert [name for name in told() if name not in quoted] == []
    assert len(told()) == len(set(told()))
