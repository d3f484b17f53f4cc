"""Make a cluster once, whole or not at all, with its passwords beside it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from shopapp.embedded import binaries
from shopapp.embedded.account import EmbeddedError, give, run
from shopapp.embedded.home import Home

_OPTIONS = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    # PostgreSQL's own locale: the order of texts does not depend on the machine.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """The three roles' passwords, made of URL-safe characters."""

    superuser: str
    owner: str
    app: str

    def __repr__(self) -> str:
        """Return a text that is safe to log."""
        return "Passwords(...)"


def ensure(home: Home) -> Passwords:
    """Return the cluster's passwords, after making the cluster if there is none."""
    if not (home.cluster / "PG_VERSION").exists():
        passwords = _stored(home) or _store(home)
        _make(home, passwords)
        return passwords
    version = (home.cluster / "PG_VERSION").read_text().strip()
    if version != binaries.MAJOR_VERSION:
        raise EmbeddedError(
            f"{home.root} was made by PostgreSQL {version}; this is {binaries.MAJOR_VERSION}. "
            "Dump it with the old one and load it here, or delete the folder."
        )
    return read_passwords(home)


def read_passwords(home: Home) -> Passwords:
    """Return the stored passwords; raises EmbeddedError when they are gone."""
    passwords = _stored(home)
    if passwords is None:
        raise EmbeddedError(
            f"{_file(home)} is missing: without it the database beside it cannot be opened. "
            f"Put it back, or delete {home.root} to begin anew."
        )
    return passwords


def _make(home: Home, passwords: Passwords) -> None:
    for leftover in home.root.glob("making-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    making = home.root / f"making-{secrets.token_hex(4)}"
    making.mkdir(mode=0o700)
    give(making, home.account)
    password_file = making / "password"
    _write_private(password_file, passwords.superuser)
    give(password_file, home.account)
    initdb = binaries.find(home) / "initdb"
    made = run(
        home.account,
        initdb,
        "-D",
        making / "cluster",
        f"--pwfile={password_file}",
        *_OPTIONS,
    )
    if made.returncode != 0:
        raise EmbeddedError(f"PostgreSQL could not make {home.cluster}:\n{made.stdout.strip()}")
    (making / "cluster").rename(home.cluster)
    shutil.rmtree(making)


def _file(home: Home) -> Path:
    return home.root / "passwords.json"


def _stored(home: Home) -> Passwords | None:
    try:
        return Passwords(**json.loads(_file(home).read_text()))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise EmbeddedError(f"{_file(home)} belongs to another user; run as that user.") from error


def _store(home: Home) -> Passwords:
    passwords = Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))
    written = home.root / "passwords.json.new"
    written.unlink(missing_ok=True)
    _write_private(written, json.dumps(asdict(passwords)))
    give(written, home.keeper)
    written.rename(_file(home))
    return passwords


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
