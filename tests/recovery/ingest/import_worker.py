"""A worker process that reads a shop's store until nothing is due, and can be killed at any time.

``python -m tests.recovery.ingest.import_worker <moment> <bytes per part>``: says ``done`` at its
end. Its clock
begins at the moment and goes on as real time does.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopapp.settings")
django.setup()

from recovery.ingest import reconciling  # noqa: E402
from recovery.ingest.models import Reading  # noqa: E402
from shopapp.platforms.shopify import bulk  # noqa: E402
from shopapp.shops import access  # noqa: E402
from shopapp.shops.models import Shop  # noqa: E402


def main(started_at: datetime, part: int) -> None:
    """Read until every kind was read in full."""
    vars(bulk)["PART"] = part
    shop, begun = Shop.objects.get(), time.monotonic()
    while not _all_read(shop):
        at = started_at + timedelta(seconds=time.monotonic() - begun)
        if not reconciling.read_next(shop, at=at):
            # What is not due in real time yet: the shop still writes a list.
            time.sleep(0.02)
            started_at += timedelta(seconds=2)
    os.write(1, b"done\n")


def _all_read(shop: Shop) -> bool:
    with access.scope(shop):
        return not Reading.objects.exclude(state=Reading.State.DONE).exists()


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]))
