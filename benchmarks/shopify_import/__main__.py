"""Measure it: ``python -m benchmarks.shopify_import [--quick]``."""

import sys

from benchmarks import door

if __name__ == "__main__":
    sys.exit(door.run("shopify_import"))
