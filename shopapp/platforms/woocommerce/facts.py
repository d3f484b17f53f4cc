"""What a WooCommerce store says of itself."""

from __future__ import annotations

import re

from shopapp.kit.safe_json import Json
from shopapp.platforms.base import Unreadable
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import fields

_MAX_DECIMALS = 8
_COUNTRY = re.compile(r"([A-Z]{2})(?::.*)?")


def parse_store_facts(general: Json, tax: Json, index: Json) -> StoreFacts:
    """Return the facts from the settings groups ``general`` and ``tax`` and the REST index.

    ``tax``: None when the store keeps no taxes (then it has no such group). ``index``: {} where
    the store closes it to guests; its time zone is then taken for UTC.
    """
    settings = {
        fields.text(entry, "id"): fields.as_object(entry, "setting").get("value")
        for entry in fields.as_list(general, "settings")
    }
    for entry in fields.as_list(tax or [], "tax settings"):
        settings[fields.text(entry, "id")] = fields.as_object(entry, "setting").get("value")
    about = fields.as_object(index, "index")
    country = _COUNTRY.fullmatch(str(settings.get("woocommerce_default_country") or ""))
    return StoreFacts(
        currency=currency(settings.get("woocommerce_currency")),
        decimals=_decimals(settings.get("woocommerce_price_num_decimals")),
        timezone=_timezone(about.get("timezone_string"), about.get("gmt_offset")),
        prices_include_tax=settings.get("woocommerce_prices_include_tax") == "yes",
        country=country[1] if country else "",
        name=fields.plain(about.get("name"), 200),
    )


def currency(value: Json) -> str:
    """Return a currency's code of three capitals, or raise Unreadable."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{3}", value):
        raise Unreadable(f"no currency code: {value!r:.40}")
    return value


def _decimals(value: Json) -> int:
    digits = str(value)
    if not re.fullmatch(r"[0-9]", digits) or int(digits) > _MAX_DECIMALS:
        raise Unreadable(f"no number of decimals: {value!r:.40}")
    return int(digits)


def _timezone(name: Json, gmt_offset: Json) -> str:
    if isinstance(name, str) and name:
        return name
    if gmt_offset is None:
        return "UTC"
    try:
        minutes = round(float(str(gmt_offset)) * 60)
    except ValueError as error:
        raise Unreadable(f"no time zone: {gmt_offset!r:.40}") from error
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"
