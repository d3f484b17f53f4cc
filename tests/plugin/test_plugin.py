"""The companion plugin: its syntax, its rules, and its own PHP tests over recorded hooks."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "widgets" / "wordpress" / "rebasket"
PHP_FILES = sorted(PLUGIN.rglob("*.php"))

# How many tests each PHP file holds: one that silently stops being run is a failure too.
COUNTS = {
    "consent_test.php": 12,
    "replay_test.php": 15,
    "restore_test.php": 8,
    "sending_test.php": 13,
}


def php(*arguments: str) -> str:
    """Run php and return what it printed."""
    done = subprocess.run(
        ["php", *arguments], cwd=HERE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", PHP_FILES, ids=lambda path: path.name)
def test_php_can_read_every_file(path: Path) -> None:
    assert "No syntax errors" in php("-l", str(path))


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_the_plugins_own_tests_pass(name: str) -> None:
    outcome = json.loads(php("runner.php", name))
    assert outcome == {"passed": COUNTS[name], "failed": {}}


def test_every_file_of_php_tests_is_run() -> None:
    assert {path.name for path in HERE.glob("*_test.php")} == set(COUNTS)


def test_the_syntax_is_that_of_php_7_4() -> None:
    assert php("old_syntax.php", *map(str, PHP_FILES)) == ""


def test_no_file_is_longer_than_300_lines() -> None:
    sources = [*PHP_FILES, *PLUGIN.rglob("*.js")]
    assert [path.name for path in sources if len(path.read_text().splitlines()) > 300] == []


def test_no_file_can_be_opened_by_its_own_address() -> None:
    guard = re.compile(r"defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;")
    assert [path.name for path in PHP_FILES if not guard.search(path.read_text())] == []


def test_every_text_for_people_can_be_translated() -> None:
    call = re.compile(r"(?<![\w>:])(?:__|_e|_n|esc_html__|esc_html_e|esc_attr_e|esc_attr__)\((.*)")
    template = (PLUGIN / "languages" / "rebasket.pot").read_text()
    found = 0
    for path in PHP_FILES:
        for rest in call.findall(path.read_text()):
            found += 1
            assert "'rebasket' )" in rest, f"{path.name}: {rest}"
            text = re.match(r" '((?:[^'\\]|\\.)*)'", rest)
            assert text, f"{path.name}: {rest}"
            assert f'msgid "{text.group(1)}"'.replace("\\'", "'") in template, text.group(1)
    assert found > 30


def test_the_version_is_the_same_everywhere() -> None:
    main = (PLUGIN / "rebasket.php").read_text()
    readme = (PLUGIN / "readme.txt").read_text()
    stated = {
        *re.findall(r"^ \* Version: (\S+)$", main, re.MULTILINE),
        *re.findall(r"'REBASKET_VERSION', '([^']+)'", main),
        *re.findall(r"^Stable tag: (\S+)$", readme, re.MULTILINE),
    }
    assert len(stated) == 1


def test_scripts_write_no_markup_and_no_page_carries_inline_scripts() -> None:
    scripts = "".join(path.read_text() for path in PLUGIN.rglob("*.js"))
    sources = "".join(path.read_text() for path in PHP_FILES)
    for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "document.cookie"):
        assert word not in scripts
    for word in (
        "<script",
        "<style",
        "style=",
        "onclick",
        "wp_add_inline_script",
        "wp_localize_script",
    ):
        assert word not in sources


def test_uninstalling_removes_every_option_that_the_plugin_writes() -> None:
    written = set()
    for path in PHP_FILES:
        written |= set(re.findall(r"_?OPTION\s*=\s*'rebasket_(\w+)'", path.read_text()))
    removed = (PLUGIN / "uninstall.php").read_text()
    assert written
    assert {name for name in written if f"'{name}'" not in removed} == set()
