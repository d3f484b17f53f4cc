"""The broker that needs no server: kombu's filesystem transport, made safe for several processes.

kombu writes messages and its table of queues in place, so that another process may read half of
one and die of it. Here every file appears whole, by a rename, and the table changes under a lock.
Source: kombu/transport/filesystem.py, version 5.7.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """A channel whose files are never seen half-written."""

    # The stubs know two forms of it; this is the one that kombu calls.
    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **_: Any
    ) -> None:
        name = f"{time.monotonic_ns() // 1000}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        del timeout  # Polling is the transport's own.
        folder = Path(self.data_folder_in)
        for path in sorted(folder.iterdir()):
            if path.name.partition(".")[2] == f"{queue}.msg":
                text = _take(path)
                if text is not None:
                    return loads(text)
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        """Return the queues that are bound to an exchange."""
        try:
            rows = json.loads(self._table(exchange).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None
    ) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table_locked():
            table = self.get_table(exchange)
            if bound not in table:
                _write_whole(self._table(exchange), dumps([bound, *table]))

    def _table(self, exchange: str) -> Path:
        # kombu's own check of the name comes with it.
        return Path(self._exchange_file(exchange))  # type: ignore[attr-defined]

    @contextlib.contextmanager
    def _table_locked(self) -> Iterator[None]:
        control = Path(self.control_folder)
        control.mkdir(parents=True, exist_ok=True)
        with (control / "lock").open("w", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """The transport to name in ``broker_transport``."""

    Channel = Channel


def _write_whole(path: Path, text: str) -> None:
    """Make the file appear with all its content at once. Raises OSError."""
    half = path.with_name(f".{uuid.uuid4()}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _take(path: Path) -> str | None:
    """Take a message out of the folder; None when another process was faster or it is damaged."""
    mine = path.with_name(f".{uuid.uuid4()}.taken")
    try:
        path.rename(mine)
    except FileNotFoundError:
        return None
    text = mine.read_text(encoding="utf-8", errors="replace")
    mine.unlink(missing_ok=True)
    try:
        json.loads(text)
    except ValueError:
        # It only woke a worker: the row that it was about is found by the next sweep.
        logger.warning("a damaged wake-up was dropped")
        return None
    return text
