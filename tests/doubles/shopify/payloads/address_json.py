"""Addresses in payloads."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.shopify.records import Address


def address_json(address: Address | None) -> Json:
    """Return an order's or checkout's address, None where there is none."""
    if address is None:
        return None
    return {
        "first_name": address.first_name or None,
        "address1": address.address1 or None,
        "phone": address.phone or None,
        "city": address.city or None,
        "zip": address.zip or None,
        "province": address.province or None,
        "country": address.country or None,
        "last_name": address.last_name or None,
        "address2": address.address2 or None,
        "company": address.company or None,
        "latitude": None,
        "longitude": None,
        "name": address.name,
        "country_code": address.country_code or None,
        "province_code": address.province_code or None,
    }


def customer_address_json(address: Address, customer_id: int) -> Json:
    """Return an address as it stands in a customer."""
    return {
        "id": address.id or None,
        "customer_id": customer_id,
        "first_name": address.first_name or None,
        "last_name": address.last_name or None,
        "company": address.company or None,
        "address1": address.address1 or None,
        "address2": address.address2 or None,
        "city": address.city or None,
        "province": address.province or None,
        "country": address.country or None,
        "zip": address.zip or None,
        "phone": address.phone or None,
        "name": address.name,
        "province_code": address.province_code or None,
        "country_code": address.country_code or None,
        "country_name": address.country or None,
        "default": True,
    }
