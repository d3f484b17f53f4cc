"""The door of the Shopify connector: bodies and nodes in, canonical events out. Pure.

Whatever is wrong with a body, the only thing raised is `base.Unreadable`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shopapp.kit.safe_json import BadJson, Json, JsonObject, loads
from shopapp.platforms.base import (
    AccessChanged,
    AppUninstalled,
    ContactErased,
    Event,
    OrderVanished,
    ProductVanished,
    ReadingReady,
    ShopRedacted,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import carts, customers, fields, orders, products

MAX_BODY_BYTES = 5 * 1024 * 1024

_Reader = Callable[[JsonObject, StoreFacts, datetime | None], tuple[Event, ...]]


def parse_delivery(
    topic: str, body: bytes | Json, store: StoreFacts, *, said_at: datetime | None = None
) -> tuple[Event, ...]:
    """Return what this webhook tells, or raise Unreadable.

    Created and updated are the same: the body is the state at the time of sending. ``said_at``:
    when Shopify says it happened (X-Shopify-Triggered-At), for bodies that name no moment.
    """
    reader = _READERS.get(topic)
    if reader is None:
        raise Unreadable("a topic that we did not ask for")
    return reader(fields.as_object(read_body(body), "body"), store, said_at)


def parse_node(kind: str, node: JsonObject, store: StoreFacts) -> tuple[Event, ...]:
    """Return what one thing of the Admin API tells (fields: see each module's first lines).

    An order's figures that cannot be read leave who ordered and when.
    """
    match kind:
        case "orders":
            return (_order_node(node, store),)
        case "checkouts":
            return carts.parse_checkout_node(node)
        case "products":
            return (products.parse_product_node(node, store),)
        case "variations":
            return (products.parse_variant_node(node, store),)
        case "categories":
            return (products.parse_collection_node(node),)
        case "customers":
            return (customers.parse_customer_node(node),)
        case _:
            raise Unreadable("a kind that we do not read")


def read_body(body: bytes | Json) -> Json:
    """Return the JSON of a raw body (or the JSON itself), or raise Unreadable."""
    if not isinstance(body, bytes):
        return body
    try:
        return loads(body, max_bytes=MAX_BODY_BYTES)
    except BadJson as error:
        raise Unreadable(error.reason) from error


def _order_node(node: JsonObject, store: StoreFacts) -> Event:
    try:
        return orders.parse_order_node(node)
    except Unreadable:
        return orders.parse_bare_order_node(node, store)


def _uninstalled(_body: JsonObject, _store: StoreFacts, at: datetime | None) -> tuple[Event, ...]:
    if at is None:
        raise Unreadable("an uninstall without a moment")
    return (AppUninstalled(at, access_ended=True),)


def _scopes(body: JsonObject, _store: StoreFacts, at: datetime | None) -> tuple[Event, ...]:
    moment = fields.optional_instant(body, "updated_at") or at
    if moment is None or body.get("current") is None:
        raise Unreadable("scopes without a list or a moment")
    return (AccessChanged(fields.texts(body, "current"), moment),)


def _finished(body: JsonObject, _store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    token = fields.text(body, "admin_graphql_api_id")
    if not token.startswith("gid://shopify/BulkOperation/") or not fields.as_identifier(token):
        raise Unreadable("no bulk operation's id")
    return (ReadingReady(token),)


def _cart(body: JsonObject, store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    return (carts.parse_cart(body, store),)


def _checkout(body: JsonObject, store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    return carts.parse_checkout(body, store)


def _gone_checkout(body: JsonObject, _store: StoreFacts, at: datetime | None) -> tuple[Event, ...]:
    return (carts.parse_deleted_checkout(body, at),)


def _order(body: JsonObject, store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    return (orders.parse_order(body, store),)


def _customer(body: JsonObject, _store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    return (customers.parse_customer(body),)


def _product(body: JsonObject, store: StoreFacts, _at: datetime | None) -> tuple[Event, ...]:
    return products.parse_product(body, store)


def _gone(event: Callable[[str], Event]) -> _Reader:
    return lambda body, _store, _at: (event(fields.identifier(body, "id")),)


_READERS: dict[str, _Reader] = {
    "app/uninstalled": _uninstalled,
    "app/scopes_update": _scopes,
    "bulk_operations/finish": _finished,
    **dict.fromkeys(("carts/create", "carts/update"), _cart),
    **dict.fromkeys(("checkouts/create", "checkouts/update"), _checkout),
    "checkouts/delete": _gone_checkout,
    **dict.fromkeys(("orders/create", "orders/updated", "orders/paid", "orders/cancelled"), _order),
    "orders/delete": _gone(OrderVanished),
    **dict.fromkeys(("customers/create", "customers/update"), _customer),
    "customers/delete": _gone(ContactErased),
    "customers_email_marketing_consent/update": lambda body, _store, at: (
        customers.parse_consent(body, at),
    ),
    **dict.fromkeys(("products/create", "products/update"), _product),
    "products/delete": _gone(ProductVanished),
    **dict.fromkeys(
        ("variants/in_stock", "variants/out_of_stock"),
        lambda body, _store, _at: (products.parse_stock(body),),
    ),
    "customers/data_request": lambda body, _store, _at: (customers.parse_data_request(body),),
    "customers/redact": lambda body, _store, _at: (customers.parse_redaction(body),),
    "shop/redact": lambda _body, _store, _at: (ShopRedacted(),),
}
