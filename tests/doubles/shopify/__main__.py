"""Run Shopify as a process: ``python -m tests.doubles.shopify --port 9100 --app-url http://…``."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import threading
from pathlib import Path

from tests.doubles.shopify.app_setup import APP_FILE
from tests.doubles.shopify.profiles import PROFILES
from tests.doubles.shopify.stand_in import CLIENT_ID, CLIENT_SECRET, StandIn

_BIG = (50_000, 20_000)


def main() -> None:
    """Run the shops that the command line describes until it is told to stop."""
    asked = _arguments().parse_args()
    first = PROFILES[asked.profile]
    host = f"{asked.shop}.myshopify.com" if asked.shop else first.settings.host
    first = dataclasses.replace(first, settings=dataclasses.replace(first.settings, host=host))
    others = [one for key, one in PROFILES.items() if asked.all and key != asked.profile]
    shopify = StandIn(
        [first, *others],
        port=asked.port,
        app_url=asked.app_url,
        client_id=asked.client_id,
        client_secret=asked.client_secret,
        app_file=asked.app_file,
        app_ca=asked.app_ca,
        tick=asked.tick,
        big=_BIG if asked.size == "big" else None,
    )
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    with shopify:
        for shop in shopify.shops.values():
            print(f"{shop.settings.name}: {shop.host} {shop.state.url}", flush=True)
        stopping.wait()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.doubles.shopify", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="nordic")
    parser.add_argument("--shop", default="", help="the shop's name before .myshopify.com")
    parser.add_argument("--all", action="store_true", help="open the other profiles' shops too")
    parser.add_argument("--size", choices=("usual", "big"), default="usual")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--app-url", default="http://127.0.0.1:8000")
    parser.add_argument("--app-ca", type=Path, help="the app's certificate, to be trusted")
    parser.add_argument("--app-file", type=Path, default=APP_FILE, help="its shopify.app.toml")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--client-secret", default=CLIENT_SECRET)
    parser.add_argument("--tick", type=float, default=0.3, help="seconds between queue runs")
    return parser


if __name__ == "__main__":
    main()
