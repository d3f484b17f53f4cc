"""Pack the companion plugin as the zip that a merchant uploads to WordPress."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "rebasket"

NAME = "rebasket"

# A zip knows no time before 1980; a fixed one makes equal sources equal bytes.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)

SUFFIXES = frozenset({".php", ".js", ".css", ".txt", ".pot", ".po", ".mo", ""})

ADDRESS_FILE = "includes/class-app-address.php"
ADDRESS_LINE = b"const FROM_ZIP = '';"


def plugin_version() -> str:
    """Return the version that the plugin's own header states."""
    header = (FOLDER / "rebasket.php").read_text(encoding="utf-8")
    found = re.search(r"^ \* Version: (\S+)$", header, re.MULTILINE)
    if found is None:
        raise ValueError("the plugin's header states no version")
    return found.group(1)


def zip_name() -> str:
    """Return the file name under which the zip is handed out."""
    return f"{NAME}-{plugin_version()}.zip"


def plugin_files() -> list[Path]:
    """Return every file of the plugin, in a fixed order."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in SUFFIXES)


def build_zip(app_url: str = "") -> bytes:
    """Return the plugin's zip; equal sources and addresses give equal bytes.

    ``app_url`` is the app's own public base address, so that the merchant need not type it; the
    zip carries no secret. Raises ``ValueError`` for what is not a plain http(s) address.
    """
    address = _address(app_url)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in plugin_files():
            relative = path.relative_to(FOLDER).as_posix()
            content = path.read_bytes()
            if relative == ADDRESS_FILE:
                content = _with_address(content, address)
            entry = zipfile.ZipInfo(f"{NAME}/{relative}", TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _address(app_url: str) -> str:
    """Return the address as it may stand inside a quoted PHP text."""
    address = app_url.rstrip("/")
    if address and not re.fullmatch(
        r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[A-Za-z0-9._~/\-]*)?", address
    ):
        raise ValueError("not a plain http(s) address")
    return address


def _with_address(content: bytes, address: str) -> bytes:
    """Return the source of the address file with the address written in."""
    if content.count(ADDRESS_LINE) != 1:
        raise ValueError("the plugin has no place for the app's address")
    return content.replace(ADDRESS_LINE, f"const FROM_ZIP = '{address}';".encode())
