"""The one clock: real time, or a demonstration's time that runs faster.

``REBASKET_CLOCK=<real epoch>,<shown epoch>,<scale>`` makes a day last minutes. The doubles read
the same variable, so that a shop, its orders and our decisions agree. Sessions and TLS stay on
real time.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the shown time started and how many times faster than real time it runs."""

    real_start: float = 0.0
    shown_start: float = 0.0
    scale: float = 1.0


def read_setting(text: str | None) -> Setting:
    """Return the setting that the text names; raises ValueError when it is not three numbers."""
    if not text:
        return Setting()
    real_start, shown_start, scale = (float(part) for part in text.split(","))
    if scale <= 0:
        raise ValueError("the clock's scale must be above 0")
    return Setting(real_start, shown_start, scale)


SETTING = read_setting(os.environ.get("REBASKET_CLOCK"))


def now() -> datetime:
    """Return the present moment (aware, UTC) as the product sees it."""
    elapsed = time.time() - SETTING.real_start
    return datetime.fromtimestamp(SETTING.shown_start + elapsed * SETTING.scale, UTC)


def lasting(real: timedelta) -> timedelta:
    """Return how long a real duration (a lease, a network's backoff) is on the shown clock."""
    return real * SETTING.scale


def real_now() -> datetime:
    """Return the real moment, whatever is shown: for sessions, sign-in links and installs."""
    return datetime.now(UTC)
