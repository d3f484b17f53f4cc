"""Put up everything the demo needs, each part its own process, and take it down again."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from shopapp import embedded
from shopapp.kit import clock
from tests.doubles.base.certificate import write_certificate
from tests.doubles.base.server import Listener
from tests.doubles.mailbox.box import Box, open_smtp
from tests.doubles.mailbox.pages import mailbox_app

ROOT = Path(__file__).resolve().parent.parent.parent
SCALE = 240
"""How many times faster the demo's day runs: an hour lasts 15 seconds."""
SHOP_ZONE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything answers."""

    app: str
    store: str
    mailbox: str
    box: Box
    database_owner_url: str
    logs: Path

    def problems(self) -> str:
        """Return the warnings and errors of every part's log, the last ones of each."""
        told = []
        for log in sorted(self.logs.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()
            wrong = [line for line in lines if _is_problem(line)]
            told += [f"{log.name}: {line[:1500]}" for line in wrong[-8:]]
        return "\n".join(told)


def _is_problem(line: str) -> bool:
    return '"level": "error"' in line or '"level": "warning"' in line or "Traceback" in line


class DidNotStart(Exception):
    """A part of the demo did not come up; the message holds the end of its log."""


def free_port() -> int:
    """Return a port on loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def demo_clock(scale: int = SCALE) -> str:
    """Return the clock's setting: the demo's day starts at 10:00 in the shop's zone."""
    now = time.time()
    ten = datetime.now(SHOP_ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    return f"{now},{ten.timestamp()},{scale}"


def _shown_now(setting: clock.Setting) -> datetime:
    """Return the demo's moment by the shop's clock; this process itself stays on real time."""
    shown = setting.shown_start + (time.time() - setting.real_start) * setting.scale
    return datetime.fromtimestamp(shown, SHOP_ZONE)


@contextlib.contextmanager
def stage(profile: str = "nordic") -> Iterator[Stage]:
    """Run the app (http and https), worker, beat, store and mailbox until the block ends."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rebasket-demo-")))
        server = stack.enter_context(embedded.temporary())
        app_url, owner_url = embedded.connection_urls(server)
        certificate, key = write_certificate(folder, "app")
        ports = {name: free_port() for name in ("app", "https", "store", "store_https", "smtp")}
        env = _environment(folder, app_url, owner_url, ports)
        box = Box(now=functools.partial(_shown_now, clock.read_setting(env["REBASKET_CLOCK"])))
        stack.callback(open_smtp(box, ports["smtp"]).stop)
        mailbox = stack.enter_context(Listener(mailbox_app(box)))
        _run([sys.executable, "manage.py", "migrate", "--database", "owner"], env, folder)
        parts = stack.enter_context(_Parts(env, folder).running())
        parts.start("app", _web(ports["app"]))
        parts.start(
            "https",
            [*_web(ports["https"]), *_tls(certificate, key)],
        )
        parts.start("worker", [*_celery(), "worker", "--concurrency", "2", "--loglevel", "INFO"])
        parts.start("beat", [*_celery(), "beat", "--loglevel", "INFO"])
        parts.start("store", _store(ports, certificate, profile))
        for name in ("app", "https", "store"):
            parts.wait_for(name, ports[name])
        yield Stage(
            app=env["APP_URL"],
            store=f"http://127.0.0.1:{ports['store']}",
            mailbox=mailbox.url,
            box=box,
            database_owner_url=owner_url,
            logs=folder,
        )


def _environment(
    folder: Path, app_url: str, owner_url: str, ports: dict[str, int]
) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        "REBASKET_VAR": str(folder / "var"),
        "REBASKET_CLOCK": demo_clock(),
        "APP_URL": f"http://127.0.0.1:{ports['app']}",
        "APP_HTTPS_URL": f"https://127.0.0.1:{ports['https']}",
        "ALLOW_LOOPBACK_STORES": "1",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "SEAL_KEYS": Fernet.generate_key().decode(),
        "TICK_SECONDS": "1",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports["smtp"]),
        "PYTHONUNBUFFERED": "1",
    }


def _web(port: int) -> list[str]:
    return [
        str(Path(sys.executable).parent / "granian"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers"),
        "shopapp.wsgi:application",
    ]


def _tls(certificate: Path, key: Path) -> list[str]:
    return ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key)]


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "shopapp"]


def _store(ports: dict[str, int], certificate: Path, profile: str) -> list[str]:
    return [
        *(sys.executable, "-m", "tests.doubles.woocommerce"),
        *("--port", str(ports["store"]), "--https-port", str(ports["store_https"])),
        # A browser would warn of the shop's self-made certificate on every page.
        *("--home", "http"),
        *("--app", f"http://127.0.0.1:{ports['app']}"),
        *("--app-https", f"https://127.0.0.1:{ports['https']}", "--app-ca", str(certificate)),
        *("--profile", profile),
    ]


def _run(command: list[str], env: dict[str, str], folder: Path) -> None:
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


class _Parts:
    """The processes of the demo."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self._env, self._folder = env, folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @contextlib.contextmanager
    def running(self) -> Iterator[_Parts]:
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
