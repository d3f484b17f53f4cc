"""What the storefront script is told: see ``widgets/storefront/README.md`` for every key."""

from __future__ import annotations

from typing import Any

from babel import Locale, UnknownLocaleError

from recovery.contacts.policy import Regime, regime_of
from recovery.contacts.wording import consent_wording
from recovery.messaging.selectors import sender_of
from shopapp.platforms.registry import connector_for
from shopapp.shops.models import Shop
from widgets.texts import texts_for


def configuration(shop: Shop, *, country: str, locale: str) -> dict[str, Any]:
    """Return the script's configuration for a shopper of this country and language.

    The box is shown wherever the country asks for consent, or is not known.
    """
    spoken = locale or shop.locale
    sender = sender_of(shop)
    wording = consent_wording(shop.name, spoken)
    return {
        "schema": 1,
        "locale": wording.language,
        "dir": _direction(spoken),
        "consent": {
            "wording": wording.wording,
            "version": wording.version,
            "box": regime_of(country) is not Regime.OPT_OUT,
        },
        "texts": texts_for(spoken),
        "brand": {"name": shop.name, "accent": sender.brand_color, "logo": sender.logo_url},
        "reported": tells_carts(shop),
        "popup": {"enabled": True, "days": 7},
        "reminder": {"enabled": True, "minutes": 30},
        "visitor": False,
    }


def tells_carts(shop: Shop) -> bool:
    """Say whether the store itself tells us of its carts, through its news or our plugin."""
    return shop.has_plugin or connector_for(shop.platform).tells_carts


def _direction(locale: str) -> str:
    try:
        parsed = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return "ltr"
    return "rtl" if parsed.text_direction == "rtl" else "ltr"
