"""A worker process for the fault suite: forks real workers that can be killed at named points.

Reads ``<moment> <point>`` lines and answers ``pid <n>``; a worker takes turns until nothing of the
shop is due, and says ``done``. At its point it says ``at <point>`` and waits to be killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopapp.settings")
django.setup()

from recovery.messaging import delivery, letters, posting, services  # noqa: E402
from recovery.messaging.channels import email  # noqa: E402
from recovery.messaging.models import Message  # noqa: E402
from shopapp.shops import access  # noqa: E402
from shopapp.shops.models import Shop  # noqa: E402

# Point -> the function at whose beginning the worker stops.
POINTS: dict[str, tuple[Any, str]] = {
    "preparing": (letters, "compose"),
    "claiming": (posting, "mail_of"),
    "committed": (email, "send"),
    "recording": (delivery, "_record"),
}


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        moment, point = line.split()
        pid = os.fork()
        if pid == 0:
            work(datetime.fromisoformat(moment), point)
            os._exit(0)
        say(f"pid {pid}")


def work(at: datetime, point: str) -> None:
    if point in POINTS:
        owner, name = POINTS[point]
        setattr(owner, name, stopping(point, getattr(owner, name)))
    shop = Shop.objects.get()
    while waiting(shop, at):
        services.prepare_due(shop, at=at, limit=2)
        services.hand_over_due(shop, at=at, limit=2)
    say("done")


def waiting(shop: Shop, at: datetime) -> bool:
    with access.scope(shop):
        states = [Message.State.QUEUED, Message.State.PREPARED]
        return bool(Message.objects.filter(state__in=states, due_at__lte=at).exists())


def stopping(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function so that its second call says where it is and waits for the end."""
    calls: list[int] = []

    def stopped(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            say(f"at {point}")
            signal.pause()
        return function(*args, **kwargs)

    return stopped


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
