"""The processes of the demo: started one by one, each with its log, and stopped together."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class DidNotStart(Exception):
    """A part of the demo did not come up; the message holds the end of its log."""


def free_port() -> int:
    """Return a port on loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def run(command: list[str], env: dict[str, str], folder: Path) -> None:
    """Run a command to its end; raises DidNotStart with its log when it fails."""
    log = folder / "setup.log"
    with log.open("ab") as out:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise DidNotStart(_end_of(log))


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


class Parts:
    """The processes of the demo."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._env, self._folder = env, folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @contextlib.contextmanager
    def running(self) -> Iterator[Parts]:
        """Stop every part when the block ends, the last one first."""
        try:
            yield self
        finally:
            for part in reversed(self._running.values()):
                part.terminate()
            for part in reversed(self._running.values()):
                try:
                    part.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    part.kill()
                    part.wait()

    def start(self, name: str, command: list[str]) -> None:
        """Start a part; its output goes to a log of its own."""
        with self._log(name).open("wb") as out:
            self._running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self._env, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def wait_for(self, name: str, port: int, seconds: float = 60) -> None:
        """Wait until the part accepts connections; raises DidNotStart with its log."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._running[name].poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.1)
        raise DidNotStart(f"{name} did not start:\n{_end_of(self._log(name))}")

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"
