"""Measure it: ``python -m benchmarks.due_runs [--quick]``."""

import sys

from benchmarks import door

if __name__ == "__main__":
    sys.exit(door.run("due_runs"))
