"""Payloads for an app that was not approved for protected customer data of level 2.

https://shopify.dev/docs/apps/launch/protected-customer-data
"""

from __future__ import annotations

from tests.doubles.base.http import Json

_PROTECTED = {
    "email", "contact_email", "email_address", "phone", "first_name", "last_name", "address1",
    "address2", "latitude", "longitude",
}  # fmt: skip


def redacted(payload: Json) -> Json:
    """Return the payload with names, addresses, e-mail addresses and phone numbers as nulls."""
    if isinstance(payload, list):
        return [redacted(one) for one in payload]
    if not isinstance(payload, dict):
        return payload
    person = "first_name" in payload
    return {
        key: None if key in _PROTECTED or (person and key == "name") else redacted(value)
        for key, value in payload.items()
    }
