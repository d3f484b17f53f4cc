"""How the fields of shops, money and addresses are read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.doubles.shopify.admin.call import Call, Reader
from tests.doubles.shopify.records import Address
from tests.doubles.shopify.settings import Settings


def money_bag(settings: Settings, amount: Decimal, currency: str) -> dict[str, Any]:
    """Return an amount of the shop's currency as GraphQL shows it in both currencies."""
    shown = currency or settings.currency
    presented = settings.presented(amount, shown)
    return {
        "shopMoney": {"amount": settings.rounded(amount), "currencyCode": settings.currency},
        "presentmentMoney": {"amount": presented, "currencyCode": shown},
    }


def attributes(pairs: dict[str, str]) -> list[dict[str, str]]:
    """Return custom attributes."""
    return [{"key": key, "value": value} for key, value in pairs.items()]


def _shop_address(_: Any, call: Call) -> dict[str, Any]:
    settings = call.shop.settings
    return {
        "address1": settings.street,
        "city": settings.city,
        "zip": settings.postcode,
        "countryCodeV2": settings.country,
    }


def _domain(_: Any, call: Call) -> dict[str, Any]:
    url = call.shop.state.url or f"https://{call.shop.host}"
    return {"url": url, "host": url.split("://")[1]}


def _country(address: Address, _: Call) -> str | None:
    return address.country_code or None


PLAIN: dict[tuple[str, str], Reader] = {
    ("Shop", "id"): lambda _, call: f"gid://shopify/Shop/{call.shop.settings.shop_id}",
    ("Shop", "name"): lambda _, call: call.shop.settings.name,
    ("Shop", "email"): lambda _, call: call.shop.settings.owner_email,
    ("Shop", "contactEmail"): lambda _, call: call.shop.settings.owner_email,
    ("Shop", "myshopifyDomain"): lambda _, call: call.shop.host,
    ("Shop", "currencyCode"): lambda _, call: call.shop.settings.currency,
    ("Shop", "ianaTimezone"): lambda _, call: call.shop.settings.zone,
    ("Shop", "taxesIncluded"): lambda _, call: True,
    ("Shop", "primaryDomain"): _domain,
    ("Shop", "shopAddress"): _shop_address,
    ("MailingAddress", "firstName"): lambda one, _: one.first_name or None,
    ("MailingAddress", "lastName"): lambda one, _: one.last_name or None,
    ("MailingAddress", "phone"): lambda one, _: one.phone or None,
    ("MailingAddress", "countryCodeV2"): _country,
    ("AppInstallation", "id"): lambda _, call: (
        f"gid://shopify/AppInstallation/{call.shop.settings.shop_id + call.shop.setup.app_id}"
    ),
}
