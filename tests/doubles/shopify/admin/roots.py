"""What can be asked for at the root: lists with their filters and sortings, and single things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.doubles.shopify.admin.call import Call, Page, Reader, number_in
from tests.doubles.shopify.admin.paging import SortKey, page_of
from tests.doubles.shopify.admin.search import Facet, matcher
from tests.doubles.shopify.app_setup import allows
from tests.doubles.shopify.order_records import Order
from tests.doubles.shopify.records import Checkout
from tests.doubles.shopify.settings import now

_RECENT = timedelta(days=60)
"""Older orders need ``read_all_orders``."""

_BY_TIME: dict[str, SortKey] = {
    "ID": lambda one: one.id,
    "CREATED_AT": lambda one: one.created_at,
    "PROCESSED_AT": lambda one: one.created_at,
    "UPDATED_AT": lambda one: one.updated_at,
}
_TIMES: dict[str, Facet] = {
    "id": lambda one: one.id,
    "created_at": lambda one: one.created_at,
    "updated_at": lambda one: one.updated_at,
}


def listed(
    things: Callable[[Call], Iterable[Any]],
    facets: Mapping[str, Facet],
    sorts: Mapping[str, SortKey],
) -> Reader:
    """Return the reader of a root list."""

    def read(_: Any, call: Call) -> Page:
        matches = matcher(call.args.get("query"), facets)
        found = [one for one in things(call) if matches(one)]
        sort = sorts.get(call.args.get("sortKey", "ID"), sorts["ID"])
        return page_of(found, call.args, key=sort, number=lambda one: one.id)

    return read


def one_of(kind: str, store: Callable[[Call], Mapping[int, Any]]) -> Reader:
    """Return the reader of one thing by its global id: null where there is none."""

    def read(_: Any, call: Call) -> Any:
        return store(call).get(number_in(call.args["id"], kind))

    return read


def visible_orders(call: Call) -> list[Order]:
    """Return the orders that the app may see."""
    orders = list(call.shop.state.orders.values())
    oldest = _oldest(call)
    return [one for one in orders if one.created_at >= oldest] if oldest else orders


def _oldest(call: Call) -> datetime | None:
    return None if allows(call.shop.scopes, "read_all_orders") else now() - _RECENT


def abandoned(call: Call) -> list[Checkout]:
    """Return the checkouts that the admin lists: those with a contact, completed ones too."""
    return [one for one in call.shop.state.checkouts.values() if one.has_contact]


def _order(_: Any, call: Call) -> Order | None:
    order = call.shop.state.orders.get(number_in(call.args["id"], "Order"))
    oldest = _oldest(call)
    hidden = order is None or (oldest is not None and order.created_at < oldest)
    return None if hidden else order


def _customer_by(_: Any, call: Call) -> Any:
    asked = call.args["identifier"]
    if "id" in asked:
        return call.shop.state.customers.get(number_in(asked["id"], "Customer"))
    if "emailAddress" in asked:
        return call.shop.state.customer_with(asked["emailAddress"])
    phone = asked.get("phoneNumber")
    people = call.shop.state.customers.values()
    return next((one for one in people if phone and one.phone == phone), None)


def _recovered(checkout: Checkout) -> str:
    return "recovered" if checkout.completed_at else "not_recovered"


ROOTS: dict[tuple[str, str], Reader] = {
    ("QueryRoot", "shop"): lambda _, call: call.shop,
    ("QueryRoot", "currentAppInstallation"): lambda _, call: call.shop,
    ("QueryRoot", "product"): one_of("Product", lambda call: call.shop.state.products),
    ("QueryRoot", "productVariant"): one_of(
        "ProductVariant", lambda call: call.shop.state.variants
    ),
    ("QueryRoot", "customer"): one_of("Customer", lambda call: call.shop.state.customers),
    ("QueryRoot", "customerByIdentifier"): _customer_by,
    ("QueryRoot", "order"): _order,
    ("QueryRoot", "products"): listed(
        lambda call: call.shop.state.products.values(),
        {**_TIMES, "status": lambda one: one.status, "handle": lambda one: one.handle},
        _BY_TIME,
    ),
    ("QueryRoot", "collections"): listed(
        lambda call: call.shop.state.collections.values(),
        {"id": _TIMES["id"], "updated_at": _TIMES["updated_at"]},
        {"ID": _BY_TIME["ID"], "UPDATED_AT": _BY_TIME["UPDATED_AT"]},
    ),
    ("QueryRoot", "customers"): listed(
        lambda call: call.shop.state.customers.values(),
        {**_TIMES, "email": lambda one: one.email, "phone": lambda one: one.phone},
        _BY_TIME,
    ),
    ("QueryRoot", "orders"): listed(
        visible_orders,
        {
            **_TIMES,
            "email": lambda one: one.email,
            "name": lambda one: one.name,
            "status": lambda one: "cancelled" if one.cancelled_at else "open",
            "financial_status": lambda one: one.financial_status,
            "cart_token": lambda one: one.cart_token,
            "checkout_token": lambda one: one.checkout_token,
        },
        _BY_TIME,
    ),
    ("QueryRoot", "abandonedCheckouts"): listed(
        abandoned,
        {
            **_TIMES,
            "status": lambda one: "closed" if one.completed_at else "open",
            "recovery_state": _recovered,
        },
        {**_BY_TIME, "CHECKOUT_ID": _BY_TIME["ID"]},
    ),
}
