"""Run a shop as a process: ``python -m tests.doubles.woocommerce --port 8100 --app http://…``."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.doubles.woocommerce.store import PROFILES, Store


def main() -> None:
    """Run the shop that the command line describes until it is told to stop."""
    asked = _arguments().parse_args()
    store = Store(
        asked.profile,
        port=asked.port,
        https_port=asked.https_port,
        app_url=asked.app,
        app_ca=asked.app_ca,
        plugin=not asked.no_plugin,
        plain_http=asked.plain_http,
        login_required=asked.require_login,
        block_checkout=not asked.classic,
        plain_permalinks=asked.plain_permalinks,
        clock_tick=asked.tick,
    )
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    with store:
        if asked.home == "http":
            store.call_home(store.url)
        if asked.certificate and store.certificate:
            asked.certificate.write_bytes(store.certificate.read_bytes())
        print(f"{store.state.settings.name}: {store.url} {store.https_url}", flush=True)
        stopping.wait()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.doubles.woocommerce", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="nordic")
    parser.add_argument("--port", type=int, default=0, help="plain http; 0 takes a free one")
    parser.add_argument("--https-port", type=int, default=0)
    parser.add_argument("--home", choices=("http", "https"), default="https")
    parser.add_argument("--app", default="", help="the app's address, for the Connect button")
    parser.add_argument(
        "--app-https", default="", help="kept for the record: the app names its own"
    )
    parser.add_argument("--app-ca", type=Path, help="the app's certificate, to be trusted")
    parser.add_argument("--certificate", type=Path, help="write the shop's certificate here")
    parser.add_argument("--no-plugin", action="store_true")
    parser.add_argument("--plain-http", action="store_true", help="listen without TLS only")
    parser.add_argument("--require-login", action="store_true")
    parser.add_argument("--classic", action="store_true", help="the classic checkout")
    parser.add_argument("--plain-permalinks", action="store_true")
    parser.add_argument("--tick", type=float, default=0.5, help="seconds between queue runs")
    return parser


if __name__ == "__main__":
    main()
