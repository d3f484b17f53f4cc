"""Setting a checkout up: what is missing is named, and what is there is left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import compile_templates, setup

ROOT = Path(__file__).resolve().parents[2]


def test_missing_programs_are_named_with_the_way_to_get_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(setup, "is_debian_root", lambda: False)
    monkeypatch.setattr(setup, "has", lambda any_of: "php" not in any_of)

    with pytest.raises(setup.NotReady) as said:
        setup.provide_programs()

    assert "php-cli: for the WordPress plugin's tests" in str(said.value)
    assert "apt-get install php-cli" in str(said.value)
    assert "chromium" not in str(said.value)


def test_as_root_on_debian_only_what_is_missing_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(setup, "is_debian_root", lambda: True)
    monkeypatch.setattr(setup, "has", lambda any_of: "php" not in any_of or bool(asked))
    monkeypatch.setattr(setup, "install", lambda *packages: asked.extend(packages))

    setup.provide_programs()

    assert asked == ["php-cli"]


def test_node_packages_are_installed_when_the_lock_file_changed_and_only_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As npm does it: the folder goes first, so that a kill in between leaves no stamp."""
    installed: list[list[str]] = []

    def npm(command: list[str], **_: object) -> None:
        installed.append(command)
        shutil.rmtree(tmp_path / "node_modules", ignore_errors=True)
        (tmp_path / "node_modules").mkdir()

    lock = tmp_path / "package-lock.json"
    lock.write_text("one")
    monkeypatch.setattr(setup, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(setup, "MODULES_LOCK", lock)
    monkeypatch.setattr(subprocess, "run", npm)

    setup.provide_modules()
    setup.provide_modules()
    assert [command[:2] for command in installed] == [["npm", "ci"]]

    lock.write_text("two")
    setup.provide_modules()
    assert len(installed) == 2


def test_node_packages_that_failed_to_install_are_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def npm(command: list[str], **_: object) -> None:
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        raise subprocess.CalledProcessError(1, command)

    (tmp_path / "package-lock.json").write_text("one")
    monkeypatch.setattr(setup, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(setup, "MODULES_LOCK", tmp_path / "package-lock.json")
    monkeypatch.setattr(subprocess, "run", npm)

    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            setup.provide_modules()
    assert not (tmp_path / "node_modules" / ".installed-lock").exists()


def test_an_environment_without_a_working_python_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert not setup.is_working(tmp_path)
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    assert not setup.is_working(tmp_path)


@pytest.mark.parametrize("stand_in", ["#!/bin/sh\nexit 127\n", "#!/bin/sh\nexit 1\n"])
def test_a_python_that_does_not_run_or_suit_is_refused_in_words(
    tmp_path: Path, stand_in: str
) -> None:
    """A version manager leaves a python3.12 on the PATH that only says it is not installed."""
    python = tmp_path / "python3.12"
    python.write_text(stand_in)
    python.chmod(0o755)

    asked = subprocess.run(
        [ROOT / "scripts" / "python"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 1
    assert "Rebasket needs Python 3.11 to 3.14" in asked.stderr


def test_every_template_compiles() -> None:
    assert len(compile_templates.template_names()) > 20
    assert compile_templates.broken_templates() == []
