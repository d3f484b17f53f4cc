"""Run an application under granian as the Procfile does, and end it with all its workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
_STARTS_WITHIN = 60.0


@contextlib.contextmanager
def served(application: str) -> Iterator[int]:
    """Serve the application on a free port of loopback and return the port."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), application]
    # A session of its own, so that no worker outlives us; what it says is written as in earnest.
    log = Path(os.environ["REBASKET_VAR"]) / f"{application.partition(':')[0]}.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            command, cwd=_ROOT, stdout=said, stderr=said, start_new_session=True
        )
        try:
            _wait_for(port, server, log)
            yield port
        finally:
            _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
