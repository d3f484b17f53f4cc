"""Run every benchmark, one after the other: ``python -m benchmarks [--quick]``."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("script", "mail", "due_runs", "inbox", "shopify_import")


def main(arguments: list[str]) -> int:
    """Run them all with these arguments; return 1 when one missed what it must reach."""
    missed = [
        name
        for name in NAMES
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False
        ).returncode
    ]
    print(f"Missed: {', '.join(missed)}" if missed else "Every must is reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
