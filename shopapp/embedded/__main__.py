"""Start, stop or look at the embedded PostgreSQL: ``python -m shopapp.embedded start``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shopapp import embedded

DATA_DIR = Path(__file__).resolve().parents[2] / "var" / "postgres"
_NOT_RUNNING = 3  # as service scripts say it


def main(arguments: list[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m shopapp.embedded", description=__doc__
    )
    parser.add_argument("action", choices=["start", "stop", "status", "url", "remove"])
    parser.add_argument(
        "--data-dir", type=Path, default=DATA_DIR, help="default: var/postgres"
    )
    parser.add_argument("--role", choices=["app", "owner", "superuser"], default="app")
    asked = parser.parse_args(arguments)
    try:
        return _act(asked.action, asked.data_dir, asked.role)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def _act(action: str, data_dir: Path, role: str) -> int:
    match action:
        case "start":
            server = embedded.ensure(data_dir)
            print(
                f"PostgreSQL answers on {server.host}:{server.port}, process {server.pid}."
            )
        case "stop":
            print("Stopped." if embedded.stop(data_dir) else "It was not running.")
        case "remove":
            embedded.remove(data_dir)
            print("Stopped and removed with its data.")
        case "url":
            server = embedded.ensure(data_dir)
            app, owner = embedded.connection_urls(server)
            superuser = embedded.superuser_url(server)
            print({"app": app, "owner": owner, "superuser": superuser}[role])
        case _:
            return _report(data_dir)
    return 0


def _report(data_dir: Path) -> int:
    server = embedded.find(data_dir)
    if server is None:
        print("Not running.")
        return _NOT_RUNNING
    print(f"Running on {server.host}:{server.port}, process {server.pid}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
