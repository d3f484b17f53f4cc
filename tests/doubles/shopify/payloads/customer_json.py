"""Customers, their consent and their requests in payloads."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.shopify.payloads.address_json import customer_address_json
from tests.doubles.shopify.records import Customer
from tests.doubles.shopify.settings import utc_thousandths
from tests.doubles.shopify.state import State


def gid(kind: str, number: int) -> str:
    """Return the global id of a thing."""
    return f"gid://shopify/{kind}/{number}"


def customer_json(state: State, customer: Customer) -> Json:
    """Return what customers/create and customers/update say: nothing of consent or tags."""
    addresses = [customer_address_json(one, customer.id) for one in customer.addresses]
    for place, one in enumerate(addresses):
        one["default"] = place == 0
    return {
        **_person(state, customer),
        "addresses": addresses,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
        "default_address": addresses[0] if addresses else None,
    }


def customer_inside_json(state: State, customer: Customer | None) -> Json:
    """Return a customer as an order or a checkout holds them, None for nobody."""
    if customer is None:
        return None
    address = customer.addresses[0] if customer.addresses else None
    return {
        **_person(state, customer),
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
        "default_address": address and customer_address_json(address, customer.id),
    }


def deleted_customer_json(customer: Customer) -> Json:
    """Return what customers/delete says."""
    return {
        "id": customer.id,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
    }


def consent_json(customer: Customer) -> Json:
    """Return what customers_email_marketing_consent/update says."""
    consent = customer.consent
    at = consent.updated_at
    return {
        "customer_id": customer.id,
        "email_address": customer.email,
        "email_marketing_consent": {
            "state": consent.state,
            "opt_in_level": consent.opt_in_level if at else None,
            "consent_updated_at": utc_thousandths(at) if at else None,
        },
    }


def request_json(state: State, customer: Customer, orders_key: str) -> Json:
    """Return what the two compliance topics about a person say, but the request's id."""
    return {
        "shop_id": state.settings.shop_id,
        "shop_domain": state.settings.host,
        "customer": {
            "id": customer.id,
            "email": customer.email,
            "phone": customer.phone or None,
        },
        orders_key: [one.id for one in state.orders.values() if one.customer_id == customer.id],
    }


def _person(state: State, customer: Customer) -> Json:
    settings = state.settings
    return {
        "id": customer.id,
        "created_at": settings.local(customer.created_at),
        "updated_at": settings.local(customer.updated_at),
        "first_name": customer.first_name or None,
        "last_name": customer.last_name or None,
        "state": customer.state,
        "note": customer.note or None,
        "verified_email": customer.verified_email,
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": customer.email or None,
        "phone": customer.phone or None,
        "currency": settings.currency,
    }
