"""What a Shopify shop says of itself."""

from __future__ import annotations

from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import fields, money

_MAX_ZONE = 64
_MAX_EMAIL = 254


def parse_store_facts(shop: JsonObject) -> StoreFacts:
    """Return the facts of the operation ``shop_facts``, or raise Unreadable. The language is not
    among them: to read it would take a permission of its own."""
    currency = money.currency(shop.get("currencyCode"))
    domain = fields.optional_object(shop, "primaryDomain")
    address = fields.optional_object(shop, "shopAddress")
    return StoreFacts(
        currency=currency,
        decimals=money.decimals_of(currency),
        timezone=fields.optional_text(shop, "ianaTimezone", _MAX_ZONE) or "UTC",
        prices_include_tax=fields.flag(shop, "taxesIncluded"),
        country=fields.country(address.get("countryCodeV2")),
        name=fields.name(shop, "name"),
        url=fields.url(domain.get("url")),
        email=fields.optional_text(shop, "email", _MAX_EMAIL),
    )
