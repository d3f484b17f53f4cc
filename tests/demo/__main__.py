"""``python -m tests.demo`` runs the demo; ``--check`` walks its road in a headless browser."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from tests.demo.parts import DidNotStart
from tests.demo.platforms import PLATFORMS
from tests.demo.road import walk
from tests.demo.stage import Stage, stage
from tests.demo.start_page import start_app
from tests.demo.walking import RoadBlocked
from tests.doubles.base.server import Listener


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    asked = _arguments().parse_args()
    signal.signal(signal.SIGTERM, _leave)
    try:
        with stage(asked.shop) as running:
            if asked.check:
                return _check(running, asked.screenshots)
            with Listener(start_app(running), port=asked.port) as page:
                print(f"\n  The demo runs. Open {page.url}\n\n  Ctrl-C stops it.\n", flush=True)
                threading.Event().wait()
    except DidNotStart as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing is left behind.")
    return 0


def _check(running: Stage, screenshots: str) -> int:
    try:
        return walk(running, screenshots=screenshots)
    except RoadBlocked as error:
        print(f"\n{error}\n{running.problems()}", file=sys.stderr)
        return 1


def _leave(number: int, frame: object) -> None:
    """Let the cleaning up happen that a plain death by signal would skip."""
    raise KeyboardInterrupt


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="walk the road, print it, and stop")
    parser.add_argument("--shop", choices=list(PLATFORMS), default="woocommerce")
    parser.add_argument("--port", type=int, default=0, help="of the start page; 0: a free one")
    parser.add_argument("--screenshots", default="", help="a folder to keep pictures of each step")
    return parser


if __name__ == "__main__":
    sys.exit(main())
