"""Put up everything the demo needs, each part its own process, and take it down again."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
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
from tests.demo.parts import Parts, free_port, run
from tests.demo.platforms import PLATFORMS, Platform
from tests.doubles.base.certificate import write_certificate
from tests.doubles.base.server import Listener
from tests.doubles.mailbox.box import Box, open_smtp
from tests.doubles.mailbox.pages import mailbox_app

SCALE = 240
"""How many times faster the demo's day runs: an hour lasts 15 seconds."""
SHOP_ZONE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything answers. ``office``: the page of the store's admin where a merchant meets
    the app first."""

    platform: str
    app: str
    store: str
    office: str
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
def stage(shop: str = "woocommerce") -> Iterator[Stage]:
    """Run the app (http and https), worker, beat, a store of this platform and a mailbox until the
    block ends."""
    platform = PLATFORMS[shop]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rebasket-demo-")))
        server = stack.enter_context(embedded.temporary())
        app_url, owner_url = embedded.connection_urls(server)
        certificate, key = write_certificate(folder, "app")
        ports = {name: free_port() for name in ("app", "https", "smtp", *platform.ports)}
        env = _environment(folder, app_url, owner_url, ports) | platform.environment(ports)
        box = Box(now=functools.partial(_shown_now, clock.read_setting(env["REBASKET_CLOCK"])))
        stack.callback(open_smtp(box, ports["smtp"]).stop)
        mailbox = stack.enter_context(Listener(mailbox_app(box)))
        run([sys.executable, "manage.py", "migrate", "--database", "owner"], env, folder)
        parts = stack.enter_context(Parts(env, folder).running())
        _start(parts, platform, ports, (certificate, key))
        yield Stage(
            platform=shop,
            app=env["APP_URL"],
            store=platform.store(ports),
            office=platform.office(ports),
            mailbox=mailbox.url,
            box=box,
            database_owner_url=owner_url,
            logs=folder,
        )


def _start(parts: Parts, platform: Platform, ports: dict[str, int], tls: tuple[Path, Path]) -> None:
    parts.start("app", _web(ports["app"]))
    parts.start("https", [*_web(ports["https"]), *_tls(*tls)])
    parts.start("worker", [*_celery(), "worker", "--concurrency", "2", "--loglevel", "INFO"])
    parts.start("beat", [*_celery(), "beat", "--loglevel", "INFO"])
    parts.start("store", platform.command(ports, tls[0]))
    for name in ("app", "https"):
        parts.wait_for(name, ports[name])
    for name in platform.ports:
        parts.wait_for("store", ports[name])


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
