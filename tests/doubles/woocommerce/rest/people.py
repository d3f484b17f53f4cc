"""Customers and coupons of REST v3."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.errors import ApiError, invalid_param, missing_param, unknown_id
from tests.doubles.woocommerce.records import Coupon, Customer, Meta
from tests.doubles.woocommerce.rest.call import Answer, Call, created, numbers, page_of
from tests.doubles.woocommerce.rest.people_json import (
    coupon_field_names,
    coupon_json,
    customer_json,
)
from tests.doubles.woocommerce.stockroom import (
    add_coupon,
    add_customer,
    change_customer,
    delete_customer,
    trash_coupon,
)

_KINDS = ("percent", "fixed_cart", "fixed_product")


def list_customers(call: Call) -> Answer:
    """Answer a page of customers, by number."""
    role, email = call.query.get("role", "customer"), call.query.get("email")
    include = numbers(call, "include")
    found = [
        one
        for one in call.state.customers.values()
        if (role == "all" or one.role == role)
        and (email is None or one.email.lower() == email.lower())
        and (include is None or one.id in include)
    ]
    found.sort(key=lambda one: one.id, reverse=call.query.get("order") == "desc")
    return page_of(call, found, lambda one: customer_json(call.state, one, call.root))


def _customer(call: Call) -> Customer:
    customer = call.state.customers.get(call.id())
    if customer is None:
        raise ApiError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return customer


def get_customer(call: Call) -> Answer:
    """Answer one customer."""
    return Answer(customer_json(call.state, _customer(call), call.root))


def create_customer(call: Call) -> Answer:
    """Make an account."""
    posted = call.fields()
    if not posted.get("email"):
        raise missing_param("email")
    customer = add_customer(
        call.shop.news,
        email=str(posted["email"]),
        username=str(posted.get("username", "")),
        first_name=str(posted.get("first_name", "")),
        last_name=str(posted.get("last_name", "")),
    )
    customer.billing.update(posted.get("billing", {}))
    customer.shipping.update(posted.get("shipping", {}))
    body = customer_json(call.state, customer, call.root)
    return created(call, body, f"customers/{customer.id}")


def update_customer(call: Call) -> Answer:
    """Change an account."""
    customer, posted = _customer(call), call.fields()
    plain = {n: str(posted[n]) for n in ("first_name", "last_name", "email") if n in posted}
    customer.billing.update(posted.get("billing", {}))
    customer.shipping.update(posted.get("shipping", {}))
    change_customer(call.shop.news, customer, **plain)
    return Answer(customer_json(call.state, customer, call.root))


def remove_customer(call: Call) -> Answer:
    """Delete an account, only with ``force=true``."""
    customer = _customer(call)
    if call.query.get("force") != "true":
        message = "Customers do not support trashing."
        raise ApiError("woocommerce_rest_trash_not_supported", message, 501)
    delete_customer(call.shop.news, customer)
    return Answer(customer_json(call.state, customer, call.root))


def list_coupons(call: Call) -> Answer:
    """Answer a page of coupons, the newest first."""
    code = call.query.get("code")
    found = [
        one
        for one in call.state.coupons.values()
        if one.status != "trash" and (code is None or one.code == code.lower())
    ]
    found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return page_of(call, found, lambda one: coupon_json(call.state, one, call.root))


def _made(call: Call, posted: dict[str, Json]) -> Coupon:
    if not posted.get("code"):
        raise missing_param("code")
    kind = str(posted.get("discount_type", "fixed_cart"))
    if kind not in _KINDS:
        message = "discount_type is not one of percent, fixed_cart, and fixed_product."
        raise invalid_param("discount_type", message, "rest_not_in_enum", None)
    return add_coupon(
        call.shop.news,
        code=str(posted["code"]),
        kind=kind,
        amount=str(posted.get("amount", "0")),
        expires_at=_local_expiry(call, posted),
        fields={name: posted[name] for name in coupon_field_names() if name in posted},
        meta=[
            Meta(call.state.next_id("meta"), str(one["key"]), one["value"])
            for one in posted.get("meta_data", [])
        ],
    )


def _local_expiry(call: Call, posted: dict[str, Json]) -> datetime | None:
    """Return when a coupon ends: store-local ``date_expires``; the ``_gmt`` one is ignored."""
    text = posted.get("date_expires")
    if not text:
        return None
    zone = ZoneInfo(call.state.settings.zone)
    return datetime.fromisoformat(str(text)).replace(tzinfo=zone).astimezone(UTC)


def create_coupon(call: Call) -> Answer:
    """Make a coupon."""
    coupon = _made(call, call.fields())
    return created(call, coupon_json(call.state, coupon, call.root), f"coupons/{coupon.id}")


def _coupon(call: Call) -> Coupon:
    coupon = call.state.coupons.get(call.id())
    if coupon is None:
        raise unknown_id("shop_coupon")
    return coupon


def get_coupon(call: Call) -> Answer:
    """Answer one coupon."""
    return Answer(coupon_json(call.state, _coupon(call), call.root))


def remove_coupon(call: Call) -> Answer:
    """Trash a coupon, or delete it for good with ``force=true``."""
    coupon = _coupon(call)
    before = coupon_json(call.state, coupon, call.root)
    if call.query.get("force") == "true":
        call.state.coupons.pop(coupon.id)
    else:
        trash_coupon(call.shop.news, coupon)
    return Answer(before)


def batch_coupons(call: Call) -> Answer:
    """Create and delete several coupons: 200, with an error beside each that failed."""
    posted = call.fields()
    body: dict[str, list[Json]] = {}
    for one in posted.get("create", []):
        try:
            shown = coupon_json(call.state, _made(call, one), call.root)
        except ApiError as error:
            shown = {"id": 0, "error": error.json()}
        body.setdefault("create", []).append(shown)
    for coupon_id in posted.get("delete", []):
        coupon = call.state.coupons.pop(int(coupon_id), None)
        missing = {"id": coupon_id, "error": unknown_id("shop_coupon").json()}
        shown = coupon_json(call.state, coupon, call.root) if coupon else missing
        body.setdefault("delete", []).append(shown)
    return Answer(body)
