"""The door of the WooCommerce connector: bodies in, canonical events out. Pure.

Whatever is wrong with a body, the only thing raised is `base.Unreadable`, with the reason.
"""

from __future__ import annotations

from shopapp.kit.safe_json import BadJson, Json, JsonObject, loads
from shopapp.platforms.base import (
    ContactErased,
    Event,
    OrderVanished,
    ProductVanished,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import carts, fields
from shopapp.platforms.woocommerce.carts import Envelope
from shopapp.platforms.woocommerce.customers import parse_customer
from shopapp.platforms.woocommerce.orders import parse_order
from shopapp.platforms.woocommerce.products import parse_category, parse_product, parse_variation

__all__ = [
    "Envelope",
    "parse_category",
    "parse_customer",
    "parse_delivery",
    "parse_order",
    "parse_plugin",
    "parse_product",
    "parse_variation",
    "read_body",
    "read_envelope",
]

MAX_BODY_BYTES = 2 * 1024 * 1024
_NOT_FOUND = 404
_CHANGES = frozenset({"created", "updated", "restored"})


def parse_delivery(topic: str, body: bytes | Json, store: StoreFacts) -> tuple[Event, ...]:
    """Return what this webhook delivery tells, or raise Unreadable.

    ``created``, ``updated`` and ``restored`` are the same: the body is the state at the time of
    sending, whatever the topic. ``deleted`` is a hint to be checked by asking: a trashed product
    also says ``coupon.deleted`` with its id, and the other way round.

    An error in place of the body (with a right signature) tells nothing where it is a 404: the
    thing was created and erased before the store's queue ran, and the body does not even name
    it. Any other error is Unreadable: most often the user behind the keys is gone.
    """
    source = fields.as_object(read_body(body), "body")
    resource, _, event = topic.partition(".")
    if "code" in source and "message" in source and "id" not in source:
        return _error(source)
    if event == "deleted":
        return _vanished(resource, source)
    if resource == "coupon":
        return ()
    if event not in _CHANGES:
        raise Unreadable("a topic that we did not ask for")
    match resource:
        case "order":
            return (parse_order(source, store),)
        case "product":
            return (parse_product(source, store),)
        case "customer":
            return (parse_customer(source),)
        case _:
            raise Unreadable("a topic that we did not ask for")


def parse_plugin(report: bytes | Json | Envelope, store: StoreFacts) -> tuple[Event, ...]:
    """Return what this report of the plugin tells, or raise Unreadable."""
    envelope = report if isinstance(report, Envelope) else read_envelope(report)
    return carts.parse_report(envelope, store)


def read_envelope(body: bytes | Json) -> Envelope:
    """Return the envelope of a plugin's report (its event id, type, time, revision)."""
    return carts.read_envelope(read_body(body))


def read_body(body: bytes | Json) -> Json:
    """Return the JSON of a raw body (or the JSON itself), or raise Unreadable."""
    if not isinstance(body, bytes):
        return body
    try:
        return loads(body, max_bytes=MAX_BODY_BYTES)
    except BadJson as error:
        raise Unreadable(error.reason) from error


def _error(source: JsonObject) -> tuple[Event, ...]:
    data = source.get("data")
    if isinstance(data, dict) and data.get("status") == _NOT_FOUND:
        return ()
    raise Unreadable(f"the store could not make the body: {fields.plain(source['code'], 80)}")


def _vanished(resource: str, source: JsonObject) -> tuple[Event, ...]:
    gone = fields.identifier(source, "id")
    match resource:
        case "order":
            return (OrderVanished(gone),)
        case "product":
            return (ProductVanished(gone),)
        case "customer":
            return (ContactErased(gone),)
        case "coupon":
            return ()
        case _:
            raise Unreadable("a topic that we did not ask for")
