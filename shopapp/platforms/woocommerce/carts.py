"""What the plugin reports: carts, orders, followed links (docs/wire.md, section 3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from shopapp.kit.addresses import phone_e164
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import (
    AppUninstalled,
    CartChanged,
    ConsentGiven,
    Event,
    Line,
    LinkFollowed,
    OrderChanged,
    Shopper,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import facts, fields, money
from shopapp.platforms.woocommerce.customers import MAX_EMAIL
from shopapp.platforms.woocommerce.orders import parse_order

SCHEMA = 1
_Choice = TypeVar("_Choice")
_MAX_LINES = 500
_MAX_DECIMALS = 8
_STAGES: dict[str, Literal["cart", "checkout"]] = {"cart": "cart", "checkout": "checkout"}
_SOURCES: dict[str, Literal["", "account", "checkout"]] = {
    "": "",
    "account": "account",
    "checkout": "checkout",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds each report. ``event_id`` stays the same over tries; ``revision`` counts
    the reports of one cart or order."""

    event_id: str
    kind: str
    changed_at: datetime
    revision: int
    data: JsonObject


def read_envelope(source: Json) -> Envelope:
    """Return the envelope of a report, or raise Unreadable."""
    body = fields.as_object(source, "report")
    if fields.whole(body, "schema") != SCHEMA:
        raise Unreadable("a schema that we do not know")
    revision = fields.whole(body, "revision")
    if not 0 <= revision < 2**31:
        raise Unreadable("revision is out of range")
    return Envelope(
        event_id=_uuid(fields.text(body, "event_id")),
        kind=fields.text(body, "type"),
        changed_at=fields.instant(body, "changed_at"),
        revision=revision,
        data=fields.inner(body, "data"),
    )


def parse_report(envelope: Envelope, store: StoreFacts) -> tuple[Event, ...]:
    """Return the events that this report tells, or raise Unreadable."""
    match envelope.kind:
        case "cart.changed":
            return (_cart(envelope),)
        case "order.placed":
            return (_order(envelope, store),)
        case "link.followed":
            return (_link(envelope),)
        case "plugin.stopped":
            return (AppUninstalled(envelope.changed_at),)
        case _:
            raise Unreadable("a type of report that we do not know")


def _cart(envelope: Envelope) -> CartChanged:
    data = envelope.data
    currency = facts.currency(data.get("currency"))
    decimals = fields.whole(data, "decimals")
    if not 0 <= decimals <= _MAX_DECIMALS:
        raise Unreadable("decimals is out of range")
    lines = fields.rows(data, "lines")
    if len(lines) > _MAX_LINES:
        raise Unreadable("more lines than a cart has")
    return CartChanged(
        cart_id=_cart_id(data),
        changed_at=envelope.changed_at,
        revision=envelope.revision,
        stage=_one_of(fields.text(data, "stage"), _STAGES, "stage"),
        lines=tuple(_line(row, currency, decimals) for row in lines),
        total=money.in_minor(
            data.get("total_minor"), "total_minor", currency=currency, decimals=decimals
        ),
        shopper=_shopper(fields.as_object(data.get("shopper") or {}, "shopper")),
        source="plugin",
        alias=fields.optional_text(data, "session_alias", 64),
        visitor_id=fields.reference(data.get("visitor_id")),
        coupons=tuple(
            fields.plain(code, 100) for code in fields.as_list(data.get("coupons") or [], "coupons")
        ),
        click_ref=fields.reference(data.get("click_ref")),
    )


def _line(row: JsonObject, currency: str, decimals: int) -> Line:
    total = row.get("total_minor")
    return Line(
        product_id=fields.identifier(row, "product_id"),
        variant_id=fields.optional_identifier(row, "variation_id"),
        quantity=fields.quantity(row, "quantity"),
        name=fields.name(row, "name"),
        attributes=tuple(
            (fields.plain(label), fields.plain(value))
            for label, value in fields.as_object(row.get("attributes") or {}, "attributes").items()
        ),
        total=None
        if total is None
        else money.in_minor(total, "total_minor", currency=currency, decimals=decimals),
        image_url=fields.url(row.get("image")),
        url=fields.url(row.get("url")),
        sku=fields.optional_text(row, "sku", 200),
    )


def _shopper(source: JsonObject) -> Shopper:
    country = fields.country(source.get("country"))
    phone = fields.optional_text(source, "phone", 64)
    locale = fields.optional_text(source, "locale", 20)
    email = fields.optional_text(source, "email", MAX_EMAIL)
    consent = source.get("consent")
    customer = source.get("customer_id")
    return Shopper(
        customer_id=fields.identifier(source, "customer_id") if customer else "",
        email=email,
        email_source=_one_of(
            fields.optional_text(source, "email_source"), _SOURCES, "email_source"
        ),
        phone=phone_e164(phone, country) if phone else "",
        first_name=fields.name(source, "first_name"),
        last_name=fields.name(source, "last_name"),
        country=country,
        locale=locale,
        consent=None if consent is None else _consent(fields.as_object(consent, "consent"), locale),
    )


def _consent(source: JsonObject, locale: str) -> ConsentGiven:
    given = source.get("given")
    if given is not None and not isinstance(given, bool):
        raise Unreadable("given is neither true nor false")
    return ConsentGiven(
        given=given,
        wording=fields.optional_text(source, "wording", 2000),
        version=fields.optional_text(source, "version", 64),
        language=locale,
        at=None if source.get("at") is None else fields.instant(source, "at"),
        source="checkout",
    )


def _order(envelope: Envelope, store: StoreFacts) -> OrderChanged:
    """Return the order; the report's own cart and click stand in where the meta has none."""
    order = parse_order(envelope.data.get("order"), store)
    return replace(
        order,
        cart_id=order.cart_id or fields.hex_id(envelope.data.get("cart_id")),
        click_ref=order.click_ref or fields.reference(envelope.data.get("click_ref")),
        revision=envelope.revision,
    )


def _link(envelope: Envelope) -> LinkFollowed:
    click_ref = fields.reference(envelope.data.get("click_ref"))
    if not click_ref:
        raise Unreadable("click_ref is no reference of a link")
    return LinkFollowed(click_ref, _cart_id(envelope.data), envelope.changed_at)


def _cart_id(data: JsonObject) -> str:
    cart_id = fields.hex_id(data.get("cart_id"))
    if not cart_id:
        raise Unreadable("cart_id is not 32 hex digits")
    return cart_id


def _one_of(value: str, choices: Mapping[str, _Choice], what: str) -> _Choice:
    if value not in choices:
        raise Unreadable(f"{what} is none that we know")
    return choices[value]


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise Unreadable("event_id is not a UUID") from error
