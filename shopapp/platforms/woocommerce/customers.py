"""Customer accounts."""

from __future__ import annotations

from shopapp.kit.addresses import phone_e164
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import ContactChanged, Shopper
from shopapp.platforms.woocommerce import fields

MAX_EMAIL = 254
_MAX_PHONE = 64


def parse_customer(source: Json) -> ContactChanged:
    """Return the account. ``role`` is kept: WooCommerce reports every new WordPress user as a
    customer, editors too."""
    customer = fields.as_object(source, "customer")
    customer_id = fields.identifier(customer, "id")
    billing = fields.inner(customer, "billing")
    changed = fields.optional_gmt(customer, "date_modified_gmt")
    first, last = fields.name(customer, "first_name"), fields.name(customer, "last_name")
    return ContactChanged(
        customer_id=customer_id,
        shopper=Shopper(
            customer_id=customer_id,
            email=fields.optional_text(customer, "email", MAX_EMAIL),
            email_source="account",
            phone=billing_phone(billing),
            first_name=first or fields.name(billing, "first_name"),
            last_name=last or fields.name(billing, "last_name"),
            country=fields.country(billing.get("country")),
        ),
        changed_at=changed or fields.gmt(customer, "date_created_gmt"),
        role=fields.optional_text(customer, "role") or "customer",
    )


def billing_phone(billing: JsonObject) -> str:
    """Return the phone number of a billing address in E.164, '' when it is no valid one."""
    written = fields.optional_text(billing, "phone", _MAX_PHONE)
    return phone_e164(written, fields.country(billing.get("country"))) if written else ""
