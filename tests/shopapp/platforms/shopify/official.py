"""Shopify's own library for Node as a partner in tests: see official.mjs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.shopapp.platforms.shopify.signing import CLIENT_ID, SECRET

ROOT = Path(__file__).resolve().parents[4]


class Official:
    """The running library. Without its files tests fail: `make setup` installs them."""

    def __init__(self) -> None:
        if not (ROOT / "node_modules" / "@shopify" / "shopify-api").is_dir():
            raise AssertionError("Shopify's Node library is missing: run make setup.")
        self._node = subprocess.Popen(
            ["node", Path(__file__).with_name("official.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **task: object) -> Any:
        """Return what the library answers; the app is CLIENT_ID with SECRET unless told."""
        told = {"do": do, "key": CLIENT_ID, "secret": SECRET, **task}
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(told) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        assert line, "Shopify's Node library stopped"
        return json.loads(line)

    def close(self) -> None:
        """Stop it."""
        assert self._node.stdin is not None
        self._node.stdin.close()
        self._node.wait(timeout=10)
        assert self._node.stdout is not None
        self._node.stdout.close()
