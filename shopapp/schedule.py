"""Every clock of the system in one table.

One short tick reads the database and wakes whatever is due; a second beat is harmless, since every
task claims rows. The slow clocks (reconciliation, nightly reading) are rows too, read by the tick.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

RECONCILE_EVERY = timedelta(minutes=15)
READ_IN_FULL_EVERY = timedelta(hours=24)
ORDERS_FRESH_FOR = timedelta(minutes=2)

TICKING = (
    "install.sweep",
    "shops.renew_keys",
    "ingest.sweep",
    "carts.sweep",
    "flows.sweep",
    "ingest.take_turns",
    "ingest.run_errands",
    "privacy.sweep",
)


def beat_schedule(tick: timedelta) -> dict[str, dict[str, Any]]:
    """Return Celery beat's table: each sweep once a tick, dropped when a tick late."""
    return {
        name: {
            "task": name,
            "schedule": tick,
            "options": {"expires": tick.total_seconds() * 5},
        }
        for name in TICKING
    }
