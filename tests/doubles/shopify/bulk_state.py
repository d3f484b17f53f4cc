"""A shop's bulk operations, and how a test may slow them down or break them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class BulkState:
    """``wait_seconds``: real seconds before an operation begins. ``lines_per_second``: how fast it
    writes, None as fast as it can. ``fail``: how many of the next operations fail."""

    works: dict[int, Any] = field(default_factory=dict)
    wait_seconds: float = 0.05
    lines_per_second: float | None = None
    fail: int = 0
    fetched: list[tuple[int, int, int]] = field(default_factory=list)
    """The ledger of parts handed out: the operation's number, first and last byte."""
    _folder: str = ""

    def folder(self) -> str:
        """Return the folder of the files, which goes when the process ends."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="shopify-double-")
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def take_failure(self) -> bool:
        """Say whether the next operation fails, and use that up."""
        if self.fail <= 0:
            return False
        self.fail -= 1
        return True

    def rest(self, lines: int) -> None:
        """Wait as long as writing these lines shall take."""
        if self.lines_per_second:
            time.sleep(lines / self.lines_per_second)
