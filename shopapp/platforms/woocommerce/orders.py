"""Orders, from webhooks, REST reads and the plugin's reports alike."""

from __future__ import annotations

from typing import Literal

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Line, OrderChanged, Shopper
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.woocommerce import facts, fields, money
from shopapp.platforms.woocommerce.customers import MAX_EMAIL, billing_phone

Stage = Literal["none", "pending", "placed", "failed", "cancelled"]

CART_META = "_rebasket_cart_id"
CLICK_META = "_rebasket_click"
_UTM_SOURCE = "_wc_order_attribution_utm_source"
_UTM_CONTENT = "_wc_order_attribution_utm_content"

_STAGES: dict[str, Stage] = {
    "auto-draft": "none",
    "checkout-draft": "none",
    "draft": "none",
    "trash": "none",
    "pending": "pending",
    "failed": "failed",
    "cancelled": "cancelled",
}


def stage_of(status: str) -> Stage:
    """Return what an order's status means for recovery.

    Bank transfer (``on-hold``), cash on delivery and what became of them (``completed``,
    ``refunded``) are placed, and so is every status a plugin made up: when in doubt, an order
    is an order, and nobody is written to about the cart.
    """
    return _STAGES.get(status.removeprefix("wc-"), "placed")


def parse_order(source: Json, store: StoreFacts) -> OrderChanged:
    """Return the order as it stands in this body.

    Its amounts are read with the order's own currency and the decimals it is written with, not
    with the store's present settings. ``total`` stays what was charged; what was given back is
    in ``refunded``.
    """
    del store  # An order speaks for itself; the parameter keeps all readers of one shape.
    order = fields.as_object(source, "order")
    code = facts.currency(order.get("currency"))
    decimals = money.written_decimals(fields.text(order, "total"))
    billing = fields.inner(order, "billing")
    meta = _meta(order)
    status = fields.text(order, "status").removeprefix("wc-")
    placed_at = fields.gmt(order, "date_created_gmt")
    return OrderChanged(
        order_id=fields.identifier(order, "id"),
        number=fields.plain(str(order.get("number") or order["id"]), 64),
        status=status,
        stage=stage_of(status),
        placed_at=placed_at,
        changed_at=fields.optional_gmt(order, "date_modified_gmt") or placed_at,
        total=money.sum_of(order, "total", currency=code, decimals=decimals),
        refunded=_refunded(order, code, decimals),
        lines=tuple(_line(row, code, decimals) for row in fields.rows(order, "line_items")),
        shopper=_shopper(order, billing),
        cart_id=fields.hex_id(meta.get(CART_META)),
        click_ref=_click(meta),
        payment_method=fields.optional_text(order, "payment_method"),
        paid_at=fields.optional_gmt(order, "date_paid_gmt"),
    )


def parse_bare_order(source: Json, store: StoreFacts) -> OrderChanged:
    """Return who ordered and when, without figures and lines, which another plugin of the store
    may have made unreadable: the order ends its shopper's recovery all the same."""
    order = fields.as_object(source, "order")
    nothing = Money(0, store.currency, store.decimals)
    meta = _meta(order)
    status = fields.text(order, "status").removeprefix("wc-")
    placed_at = fields.gmt(order, "date_created_gmt")
    return OrderChanged(
        order_id=fields.identifier(order, "id"),
        number=fields.plain(str(order.get("number") or order["id"]), 64),
        status=status,
        stage=stage_of(status),
        placed_at=placed_at,
        changed_at=fields.optional_gmt(order, "date_modified_gmt") or placed_at,
        total=nothing,
        refunded=nothing,
        lines=(),
        shopper=_shopper(order, fields.inner(order, "billing")),
        cart_id=fields.hex_id(meta.get(CART_META)),
        click_ref=_click(meta),
    )


def _shopper(order: JsonObject, billing: JsonObject) -> Shopper:
    return Shopper(
        customer_id=fields.optional_identifier(order, "customer_id"),
        email=fields.optional_text(billing, "email", MAX_EMAIL),
        email_source="checkout" if billing.get("email") else "",
        phone=billing_phone(billing),
        first_name=fields.name(billing, "first_name"),
        last_name=fields.name(billing, "last_name"),
        country=fields.country(billing.get("country")),
    )


def _line(row: JsonObject, currency: str, decimals: int) -> Line:
    """Return one line; its total includes tax and discounts. The product is '' where it no
    longer exists, the variant '' where the product has none."""
    image = row.get("image")
    return Line(
        product_id=fields.optional_identifier(row, "product_id"),
        variant_id=fields.optional_identifier(row, "variation_id"),
        quantity=fields.quantity(row, "quantity"),
        name=fields.name(row, "parent_name") or fields.name(row, "name"),
        attributes=_attributes(row),
        total=money.sum_of(row, "total", "total_tax", currency=currency, decimals=decimals),
        image_url=fields.url(image.get("src")) if isinstance(image, dict) else "",
        sku=fields.optional_text(row, "sku", 200),
    )


def _attributes(row: JsonObject) -> tuple[tuple[str, str], ...]:
    """Return what was chosen, in the words the shopper saw; keys with ``_`` are internal."""
    chosen = []
    for entry in fields.rows(row, "meta_data"):
        key, value = entry.get("display_key"), entry.get("display_value")
        if isinstance(key, str) and isinstance(value, str) and not key.startswith("_"):
            chosen.append((fields.plain(key), fields.plain(value)))
    return tuple(chosen)


def _refunded(order: JsonObject, currency: str, decimals: int) -> Money:
    """Return what was given back; WooCommerce writes each refund as a negative amount."""
    refunds = [
        money.sum_of(row, "total", currency=currency, decimals=decimals)
        for row in fields.rows(order, "refunds")
    ]
    return Money(sum(abs(refund.minor) for refund in refunds), currency, decimals)


def _meta(order: JsonObject) -> dict[str, Json]:
    """Return the order's meta by key; of several with one key, the last."""
    return {
        key: entry.get("value")
        for entry in fields.rows(order, "meta_data")
        if isinstance(key := entry.get("key"), str)
    }


def _click(meta: dict[str, Json]) -> str:
    """Return the restore link this order came back through: as the plugin noted it, else as
    WooCommerce's own order attribution kept it from the link's UTM tags."""
    noted = fields.reference(meta.get(CLICK_META))
    if noted or meta.get(_UTM_SOURCE) != "rebasket":
        return noted
    return fields.reference(meta.get(_UTM_CONTENT))
