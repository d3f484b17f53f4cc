"""Measure it: ``python -m benchmarks.script [--quick]``."""

import sys

from benchmarks import door

if __name__ == "__main__":
    sys.exit(door.run("script"))
