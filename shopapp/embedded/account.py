"""Choose the system account that PostgreSQL runs as: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Long-lived, so it inherits nothing of the caller's: no secrets, no PG* settings, no locale.
CLEAN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_SYSTEM_ACCOUNTS = ("postgres", "nobody")


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot run; the message tells a person why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account. ``borrowed``: it belongs to the system, not to who works here, so it
    is given the cluster alone and everything beside it stays root's."""

    name: str
    uid: int
    gid: int
    borrowed: bool = False

    @property
    def is_us(self) -> bool:
        """Say whether this process already runs as the account."""
        return self.uid == os.geteuid()


def named(uid: int) -> Account:
    """Return the account of this number; a number without a name stands for itself."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, os.getegid())
    return Account(entry.pw_name, uid, entry.pw_gid, borrowed=entry.pw_name in _SYSTEM_ACCOUNTS)


def choose(folder: Path) -> Account:
    """Return who shall run the server whose files go under ``folder`` (which exists).

    That is ourselves; as root, the folder's owner; if that is root too, a system account.
    """
    if os.geteuid() != 0:
        return named(os.geteuid())
    owner = folder.stat().st_uid
    if owner != 0 and _has_name(owner):
        return named(owner)
    for name in _SYSTEM_ACCOUNTS:
        try:
            return named(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is neither an account 'postgres' nor 'nobody' "
        "to run it. Work as another user, or set DATABASE_URL."
    )


def run(account: Account, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as the account and return its outcome, output and errors in one text."""
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env=CLEAN_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        user=None if account.is_us else account.uid,
        group=None if account.is_us else account.gid,
        extra_groups=None if account.is_us else [],
    )


def reaches(account: Account, folder: Path) -> bool:
    """Say whether the account can enter the folder, by trying."""
    if account.is_us:
        return True
    return run(account, "/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0


def give(path: Path, account: Account) -> None:
    """Make the account the path's owner; only root can and needs to."""
    if os.geteuid() == 0:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
