"""Start, stop or look at the embedded PostgreSQL: ``python -m shopapp.embedded start``.

``lend COMMAND...`` runs a command with a database of its own, which is gone afterwards.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from shopapp import embedded, env

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("REBASKET_VAR", str(ROOT / "var"))) / "postgres"
_NOT_RUNNING = 3  # as service scripts say it


def main(arguments: list[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m shopapp.embedded",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action in ("start", "stop", "status", "url", "remove"):
        one = commands.add_parser(action)
        one.add_argument("--data-dir", type=Path, default=DATA_DIR, help="default: var/postgres")
        if action == "url":
            one.add_argument("--role", choices=["app", "owner", "superuser"], default="app")
    commands.add_parser("lend").add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args(arguments)
    try:
        match asked.action:
            case "lend":
                return lend(asked.command)
            case "url":
                print(_url(embedded.ensure(asked.data_dir), asked.role))
                return 0
            case action:
                return _act(action, asked.data_dir)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def lend(command: list[str]) -> int:
    """Run the command with a temporary database and ``var`` folder; return its exit status.

    Where ``DATABASE_URL`` is set, that database is used.
    """
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    signal.signal(signal.SIGTERM, _leave)
    with embedded.temporary() as server, tempfile.TemporaryDirectory(prefix="rebasket-") as var:
        app, owner = embedded.connection_urls(server)
        lent = {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "REBASKET_VAR": var}
        return subprocess.run(command, env={**os.environ, **lent}, check=False).returncode


def _leave(number: int, frame: object) -> NoReturn:
    """Let the cleaning up happen that a plain death by signal would skip."""
    del frame
    sys.exit(128 + number)


def _act(action: str, data_dir: Path) -> int:
    match action:
        case "start":
            server = embedded.ensure(data_dir)
            print(f"PostgreSQL answers on {server.host}:{server.port}, process {server.pid}.")
        case "stop":
            print("Stopped." if embedded.stop(data_dir) else "It was not running.")
        case "remove":
            embedded.remove(data_dir)
            print("Stopped and removed with its data.")
        case _:
            return _report(data_dir)
    return 0


def _url(server: embedded.Server, role: str) -> str:
    app, owner = embedded.connection_urls(server)
    return {"app": app, "owner": owner, "superuser": embedded.superuser_url(server)}[role]


def _report(data_dir: Path) -> int:
    server = embedded.find(data_dir)
    if server is None:
        print("Not running.")
        return _NOT_RUNNING
    print(f"Running on {server.host}:{server.port}, process {server.pid}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
