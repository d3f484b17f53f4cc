"""What is told about the app's own place in a shop."""

from __future__ import annotations

from collections.abc import Iterable

from tests.doubles.base.http import Json
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.settings import now, utc_thousandths
from tests.doubles.shopify.state import State


def uninstalled_json(state: State) -> Json:
    """Return what app/uninstalled says: the shop resource."""
    settings = state.settings
    return {
        "id": settings.shop_id,
        "name": settings.name,
        "email": settings.owner_email,
        "domain": settings.host,
        "province": None,
        "country": settings.country,
        "address1": settings.street,
        "zip": settings.postcode,
        "city": settings.city,
        "source": None,
        "phone": settings.phone,
        "latitude": None,
        "longitude": None,
        "primary_locale": settings.locale,
        "address2": None,
        "created_at": settings.local(state.opened_at),
        "updated_at": settings.local(now()),
        "country_code": settings.country,
        "country_name": settings.country_name,
        "currency": settings.currency,
        "customer_email": settings.owner_email,
        "timezone": f"(GMT+00:00) {settings.zone}",
        "iana_timezone": settings.zone,
        "shop_owner": settings.owner_name,
        "money_format": settings.symbol + "{{amount}}",
        "money_with_currency_format": settings.symbol + "{{amount}} " + settings.currency,
        "weight_unit": "kg",
        "province_code": None,
        "taxes_included": True,
        "auto_configure_tax_inclusivity": None,
        "tax_shipping": None,
        "county_taxes": True,
        "plan_display_name": settings.plan,
        "plan_name": settings.plan.lower(),
        "has_discounts": bool(state.discounts),
        "has_gift_cards": False,
        "myshopify_domain": settings.host,
        "google_apps_domain": None,
        "google_apps_login_enabled": None,
        "money_in_emails_format": settings.symbol + "{{amount}}",
        "money_with_currency_in_emails_format": settings.symbol + "{{amount}} " + settings.currency,
        "eligible_for_payments": True,
        "requires_extra_payments_agreement": False,
        "password_enabled": bool(state.password),
        "has_storefront": True,
        "finances": True,
        "primary_location_id": 655441491,
        "checkout_api_supported": True,
        "multi_location_enabled": False,
        "setup_required": False,
        "pre_launch_enabled": False,
        "enabled_presentment_currencies": [
            one for one in (settings.currency, settings.presentment) if one
        ],
        "marketing_sms_consent_enabled_at_checkout": False,
        "transactional_sms_disabled": False,
    }


def scopes_json(state: State, app_id: int, before: Iterable[str], after: Iterable[str]) -> Json:
    """Return what app/scopes_update says."""
    return {
        "id": app_id,
        "shop_id": gid("Shop", state.settings.shop_id),
        "previous": sorted(before),
        "current": sorted(after),
        "updated_at": utc_thousandths(now()),
    }


def shop_redact_json(state: State) -> Json:
    """Return what shop/redact says."""
    return {"shop_id": state.settings.shop_id, "shop_domain": state.settings.host}


def bulk_finish_json(
    state: State, operation_id: int, *, status: str, error: str | None, created: str, ended: str
) -> Json:
    """Return what bulk_operations/finish says."""
    return {
        "admin_graphql_api_id": gid("BulkOperation", operation_id),
        "completed_at": ended,
        "created_at": created,
        "error_code": error,
        "status": status,
        "type": "query",
    }
