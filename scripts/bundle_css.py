"""Write the merchant's pages' styles into one file: ``python -m scripts.bundle_css [--check]``.

The sources are a file per component, which ``console.css`` puts in order. Served like that, a
browser fetches them one after the other, and may paint a page before the last of them is there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CONSOLE = Path(__file__).resolve().parent.parent / "static" / "console"
BUNDLE = CONSOLE / "bundle.css"
_IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RELATIVE = re.compile(r'url\("(?P<path>(?!data:|https?:|/)[^"]+)"\)')
_SPACES = re.compile(r"\s+")


def bundle() -> str:
    """Return every part within its layer, a line for each, with addresses as from the bundle."""
    order = (CONSOLE / "console.css").read_text(encoding="utf-8")
    lines = ["/* Made by scripts/bundle_css.py of console.css and its parts: change those. */"]
    lines += re.findall(r"^@layer [^{;]+;", order, re.MULTILINE)
    lines += [
        f"@layer {found['layer']} {{ {_part(found['path'])} }}" for found in _IMPORT.finditer(order)
    ]
    return "\n".join(lines) + "\n"


def _part(path: str) -> str:
    folder = Path(path).parent
    text = _COMMENT.sub("", (CONSOLE / path).read_text(encoding="utf-8"))
    moved = _RELATIVE.sub(lambda found: f'url("{_from_here(folder / found["path"])}")', text)
    return _SPACES.sub(" ", moved).strip()


def _from_here(path: Path) -> str:
    """Return the path with every step that is taken back left out."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def main(arguments: list[str]) -> int:
    """Write the bundle, or say whether it is what its sources make."""
    made = bundle()
    if "--check" in arguments:
        if BUNDLE.read_text(encoding="utf-8") == made:
            return 0
        print("static/console/bundle.css is not what its sources make: run scripts.bundle_css")
        return 1
    BUNDLE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
