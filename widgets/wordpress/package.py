"""Pack the companion plugin as the zip that a merchant installs."""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "rebasket"
_VERSION = re.compile(r"^\s*\*?\s*Version:\s*([0-9][0-9A-Za-z.-]*)\s*$", re.MULTILINE)
# The same files give the same bytes, whenever and wherever the zip is made.
_MOMENT = (2026, 1, 1, 0, 0, 0)


@lru_cache(maxsize=1)
def plugin_version() -> str:
    """Return the version that the plugin's header states; raises ValueError without one."""
    found = _VERSION.search((FOLDER / "rebasket.php").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("the plugin's header states no version")
    return found[1]


@lru_cache(maxsize=1)
def build_zip() -> bytes:
    """Return the plugin's zip. It holds no secret: the store is connected after its install."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(FOLDER.rglob("*")):
            if path.is_file():
                name = f"rebasket/{path.relative_to(FOLDER).as_posix()}"
                entry = zipfile.ZipInfo(name, _MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes())
    return made.getvalue()
