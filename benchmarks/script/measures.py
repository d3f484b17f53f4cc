"""Weigh the storefront's files as they are served, against what a guest may cost.

The compressed sizes are those that the build wrote down; that they belong to the served files is
proven by their digests, and gzip, which compresses a little less, is the cross-check.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

from benchmarks.report import Measure, Report

_SERVED = Path(__file__).resolve().parents[2] / "static" / "storefront"
_EVERY_PAGE, _POP_UP = "rebasket.js", "popup.js"
_PAGE_MUST, _POP_UP_MUST = 2048, 4096
# Brotli with its text dictionary wins at most this much over gzip on files this small.
_LEAST_OF_GZIP = 0.75


class StaleBuild(Exception):
    """The sizes that were written down are those of other files: build again."""


def measure(*, quick: bool) -> Report:
    """Return the sizes; a quick run is the same, since nothing is timed."""
    del quick
    files: dict[str, dict[str, int | str]] = json.loads((_SERVED / "build.json").read_text())[
        "files"
    ]
    brotli, gzipped = {}, {}
    for name, told in files.items():
        data = (_SERVED / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != told["sha256"]:
            raise StaleBuild(f"{name} is not the file that build.json tells of")
        brotli[name] = int(told["brotli"])
        gzipped[name] = len(gzip.compress(data, compresslevel=9, mtime=0))
    on_need = sum(size for name, size in brotli.items() if name != _EVERY_PAGE)
    least = min(brotli[name] / gzipped[name] for name in files)
    return Report(
        [
            Measure(
                "what every page loads (brotli)",
                brotli[_EVERY_PAGE],
                "bytes",
                _PAGE_MUST,
                2000,
                True,
            ),
            Measure(
                "a pop-up's code, on need (brotli)",
                brotli[_POP_UP],
                "bytes",
                _POP_UP_MUST,
                4000,
                True,
            ),
            Measure("the same for every page (gzip)", gzipped[_EVERY_PAGE], "bytes"),
            Measure("the same for a pop-up (gzip)", gzipped[_POP_UP], "bytes"),
            Measure("all parts on need together (brotli)", on_need, "bytes"),
            Measure("smallest brotli told, against gzip", least, "x", must=_LEAST_OF_GZIP),
        ],
        {f"{name}, brotli bytes": size for name, size in sorted(brotli.items())},
    )
