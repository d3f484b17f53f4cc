"""Make the shop of a store that let us in, or take it up again where it left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shopapp.platforms.facts import StoreFacts
from shopapp.shops.models import Shop


def take_up(
    platform: str, host: str, facts: StoreFacts, *, version: str, at: datetime, **more: Any
) -> Shop:
    """Return the connected shop of this store, with what the store said of itself just now.

    ``more``: what the caller knows besides (its address, its language). Needs a transaction.
    """
    told: dict[str, Any] = {
        "url": facts.url or f"https://{host}",
        "name": (facts.name or host)[:200],
        "state": Shop.State.CONNECTED,
        "currency": facts.currency,
        "decimals": facts.decimals,
        "prices_include_tax": facts.prices_include_tax,
        "timezone": facts.timezone,
        "country": facts.country,
        "platform_version": version[:32],
        "uninstalled_at": None,
        "sending_paused_at": None,
        "sending_paused_reason": "",
    }
    if facts.locale:
        told["locale"] = facts.locale[:16]
    told |= more
    shop, _ = Shop.objects.update_or_create(
        platform=platform,
        host=host,
        defaults=told,
        create_defaults=told | {"installed_at": at},
    )
    return shop
