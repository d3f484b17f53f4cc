"""A place for one embedded server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopapp import embedded


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that any account can reach; its server is stopped and its data deleted."""
    folder = Path(tempfile.mkdtemp(prefix="rebasket-test-"))
    folder.chmod(0o711)
    yield folder / "postgres"
    embedded.remove(folder / "postgres")
    shutil.rmtree(folder)
