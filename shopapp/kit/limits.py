"""Limits on what anybody may do: so many times in so long, counted in the database."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from shopapp.kit.errors import TooMany
from shopapp.kit.models import Allowance

_TAKE = """
INSERT INTO kit_allowance AS a (key, window_at, used) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN a.window_at = EXCLUDED.window_at THEN a.used + 1 ELSE 1 END,
    window_at = EXCLUDED.window_at
RETURNING used
"""


def take(name: str, *who: str | int, allowed: int, per: timedelta) -> None:
    """Count one use; raises TooMany when this key has none left in the present window.

    Windows lie on real time: an attacker does not live on the demonstration's clock.
    """
    seconds = per.total_seconds()
    window = datetime.now(UTC).timestamp() // seconds * seconds
    key = hashlib.sha256("\x1f".join([name, *map(str, who)]).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, datetime.fromtimestamp(window, UTC)])
        (used,) = cursor.fetchone()
    if used > allowed:
        raise TooMany("That was too often. Please try again later.")


def forget_old(*, older_than: timedelta = timedelta(days=2)) -> int:
    """Delete the counters of windows long past; return how many."""
    deleted, _ = Allowance.objects.filter(window_at__lt=datetime.now(UTC) - older_than).delete()
    return deleted


def caller(request: HttpRequest) -> str:
    """Return the caller's network address, an IPv6 one cut to its /64."""
    address = _address(request)
    if address is None:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def address_of(request: HttpRequest) -> str | None:
    """Return the caller's network address as it is, None when it is not known."""
    address = _address(request)
    return str(address) if address else None


def _address(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return who spoke to us: behind a proxy, whoever it names last, since only that is its own
    word; what stands before it anybody may have written."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_TLS_PROXY:
        text = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or text
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
