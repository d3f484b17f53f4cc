"""The plugin's zip, as a merchant uploads it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from widgets.wordpress.package import FOLDER, build_zip, plugin_version, zip_name


def read(packed: bytes) -> zipfile.ZipFile:
    """Open a zip in memory."""
    return zipfile.ZipFile(io.BytesIO(packed))


def test_the_same_sources_give_the_same_bytes() -> None:
    assert build_zip() == build_zip()
    assert build_zip("https://app.example") == build_zip("https://app.example/")


def test_the_zip_holds_the_whole_plugin_in_one_folder() -> None:
    names = read(build_zip()).namelist()
    present = {
        f"rebasket/{path.relative_to(FOLDER).as_posix()}"
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    assert set(names) == present
    assert {
        "rebasket/rebasket.php",
        "rebasket/readme.txt",
        "rebasket/LICENSE",
        "rebasket/uninstall.php",
    } < set(names)
    assert names == sorted(names)


def test_the_version_comes_from_the_plugins_header() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", plugin_version())
    assert zip_name() == f"rebasket-{plugin_version()}.zip"


def test_the_zip_carries_the_apps_address_and_no_secret(tmp_path: Path) -> None:
    archive = read(build_zip("https://app.example:8443/base/"))
    source = archive.read("rebasket/includes/class-app-address.php")
    assert b"const FROM_ZIP = 'https://app.example:8443/base';" in source
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(rb"\b(?:ck|cs)_[0-9a-f]{40}\b", everything)
    packed = tmp_path / "address.php"
    packed.write_bytes(source)
    done = subprocess.run(["php", "-l", str(packed)], capture_output=True, timeout=30, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "address",
    [
        "ftp://app.example",
        "https://app.example/'.x",
        "https://a b",
        "app.example",
        "https://a.example/\n",
    ],
)
def test_an_address_that_could_break_out_of_its_quotes_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        build_zip(address)
