"""Settle where a server's files live, and let one command at a time decide about them."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shopapp.embedded.account import (
    Account,
    EmbeddedError,
    choose,
    give,
    named,
    reaches,
)

LOCK_SECONDS = 120
# Not /var/tmp: systems delete what lies there untouched for a month, file by file.
_ELSEWHERE = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class Home:
    """The real folder of one server and the account that runs it."""

    root: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.root / "server.log"

    @property
    def keeper(self) -> Account:
        """Who owns what lies beside the cluster: never a borrowed account."""
        return named(os.geteuid()) if self.account.borrowed else self.account


@contextlib.contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold this folder's lock; the kernel frees it when its holder dies, however it dies."""
    _make_folders(data_dir.absolute().parent)
    path = data_dir.with_name(f"{data_dir.name}.lock")
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    except PermissionError as error:
        raise _foreign(path) from error
    try:
        if path.stat().st_uid == 0:
            give(path, named(path.parent.stat().st_uid))
        _wait_for(handle, path)
        yield
    finally:
        os.close(handle)


def look(data_dir: Path) -> Home | None:
    """Return the folder's home if a cluster is there; makes nothing."""
    root = data_dir.resolve()
    try:
        return Home(root, named((root / "cluster").stat().st_uid))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise _foreign(root) from error


def settle(data_dir: Path) -> Home:
    """Return the folder's home, made where its account can reach it; call it under the lock.

    Where the account cannot pass the parent folders (a checkout under ``/root``), they are not
    opened to others: the home is made outside and linked from here.
    """
    there = look(data_dir)
    if there is not None:
        return there
    account = choose(data_dir.absolute().parent)
    root = data_dir.resolve()
    if not data_dir.is_symlink() and not reaches(account, root.parent):
        root = _ELSEWHERE / f"rebasket-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"
        data_dir.symlink_to(root)
    try:
        root.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{root} cannot be made ({error.strerror}).") from error
    home = Home(root, account)
    give(root, home.keeper)
    return home


def _make_folders(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{folder} cannot be made ({error.strerror}).") from error
    give(folder, named(folder.parent.stat().st_uid))


def _wait_for(handle: int, path: Path) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise EmbeddedError(
                    f"Another command has been busy with the database for {LOCK_SECONDS} s: "
                    f"it holds {path}."
                ) from error
            time.sleep(0.05)


def _foreign(path: Path) -> EmbeddedError:
    return EmbeddedError(
        f"{path} belongs to another user. Run as that user, or set DATABASE_URL to a PostgreSQL."
    )
