"""Customers and coupons as REST v3 and webhooks write them."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Address, Coupon, Customer
from tests.doubles.woocommerce.rest.order_json import meta_json
from tests.doubles.woocommerce.rest.product_json import links, moments
from tests.doubles.woocommerce.state import State

_NAMED = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode")

_COUPON_FIELDS: dict[str, Json] = {
    "individual_use": False,
    "product_ids": [],
    "excluded_product_ids": [],
    "usage_limit": None,
    "usage_limit_per_user": None,
    "limit_usage_to_x_items": None,
    "free_shipping": False,
    "product_categories": [],
    "excluded_product_categories": [],
    "exclude_sale_items": False,
    "minimum_amount": "0",
    "maximum_amount": "0",
    "email_restrictions": [],
    "used_by": [],
}


def coupon_field_names() -> list[str]:
    """Return the plain fields of a coupon that a caller may write."""
    return list(_COUPON_FIELDS)


def _address(address: Address, *, billing: bool) -> Json:
    keys = [*_NAMED, "country", "state", *(["email"] if billing else []), "phone"]
    return {key: address.get(key, "") for key in keys}


def customer_json(state: State, customer: Customer, root: str) -> Json:
    """Return a customer with every field."""
    digest = hashlib.sha256(customer.email.encode()).hexdigest()
    return {
        "id": customer.id,
        **moments(state.settings, "date_created", customer.created_at),
        **moments(state.settings, "date_modified", customer.modified_at),
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "role": customer.role,
        "username": customer.username,
        "billing": _address(customer.billing, billing=True),
        "shipping": _address(customer.shipping, billing=False),
        "is_paying_customer": customer.paying,
        "avatar_url": f"https://secure.gravatar.com/avatar/{digest}?s=96&d=mm&r=g",
        "meta_data": meta_json(customer.meta),
        "_links": links(root, f"customers/{customer.id}", "customers"),
    }


def coupon_json(state: State, coupon: Coupon, root: str) -> Json:
    """Return a coupon with every field."""
    settings = state.settings
    own = {**_COUPON_FIELDS, **coupon.fields}
    for name in ("minimum_amount", "maximum_amount"):
        own[name] = settings.fixed(Decimal(str(own[name])))
    first = {name: own.pop(name) for name in ("individual_use",)}
    return {
        "id": coupon.id,
        "code": coupon.code,
        "amount": settings.fixed(Decimal(coupon.amount)),
        "status": coupon.status,
        **moments(settings, "date_created", coupon.created_at),
        **moments(settings, "date_modified", coupon.modified_at),
        "discount_type": coupon.kind,
        "description": "",
        **moments(settings, "date_expires", coupon.expires_at),
        "usage_count": coupon.usage_count,
        **first,
        **own,
        "meta_data": meta_json(coupon.meta),
        "_links": links(root, f"coupons/{coupon.id}", "coupons"),
    }
