"""Lines of carts, checkouts and orders, and the notes that travel with them.

GraphQL fields needed. Line of an order: ``{title variantTitle quantity sku
product{legacyResourceId} variant{legacyResourceId}
originalTotalSet{shopMoney{amount currencyCode}}
discountAllocations{allocatedAmountSet{shopMoney{amount currencyCode}}}}``.
Line of an abandoned checkout: ``{title variantTitle quantity sku product{legacyResourceId}
variant{legacyResourceId} image{url}
discountedTotalPriceWithCodeDiscount{shopMoney{amount currencyCode}}}``.
``id`` (a global id) serves where ``legacyResourceId`` is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import Line, Unreadable
from shopapp.platforms.shopify import fields, money

CLICK_NOTE = "_rebasket"
ONLY_VARIANT = "Default Title"
MAX_LINES = 500
_MAX_SKU = 200


def of_cart(source: JsonObject, currency: str) -> tuple[Line, ...]:
    """Return the lines of a ``carts/*`` body; a title there is "product - variant"."""
    return _lines(source, lambda row: money.bag_or_text(row, "line_price", currency))


def of_priced(source: JsonObject, currency: str) -> tuple[Line, ...]:
    """Return the lines of a checkout's or order's body as they were asked for: price times pieces,
    less the discounts allocated to each. (Whether a checkout's ``line_price`` is before or after
    these, Shopify does not document.)"""
    return _lines(
        source,
        lambda row: money.minus(
            money.times(
                money.bag_or_text(row, "price", currency), fields.quantity(row, "quantity")
            ),
            _allocated(row, currency),
        ),
    )


def of_node(source: JsonObject) -> tuple[Line, ...]:
    """Return the lines of an order's or abandoned checkout's GraphQL node."""
    found = fields.rows(source, "lineItems")
    if len(found) > MAX_LINES:
        raise Unreadable("more lines than a cart has")
    return tuple(_node_line(row) for row in found if fields.quantity(row, "quantity"))


def notes(source: JsonObject) -> dict[str, str]:
    """Return what travels with a cart, by name: ``note_attributes`` or ``customAttributes``; of
    several with one name, the last."""
    found = {}
    for row in _pairs(source.get("note_attributes") or source.get("customAttributes")):
        found[row[0]] = row[1]
    return found


def click(source: JsonObject, landing: Json) -> str:
    """Return the restore link that a cart or order came back through: as our script noted it, else
    as the UTM tags of the address at which the shopper landed."""
    noted = fields.reference(notes(source).get(CLICK_NOTE))
    if noted or not isinstance(landing, str) or len(landing) > fields.MAX_URL:
        return noted
    try:
        tags = dict(parse_qsl(urlsplit(landing).query))
    except ValueError:
        return ""
    if tags.get("utm_source") != "rebasket":
        return ""
    return fields.reference(tags.get("utm_content"))


def _lines(source: JsonObject, total: Callable[[JsonObject], Money]) -> tuple[Line, ...]:
    found = fields.rows(source, "line_items")
    if len(found) > MAX_LINES:
        raise Unreadable("more lines than a cart has")
    return tuple(
        Line(
            product_id=fields.optional_identifier(row, "product_id"),
            variant_id=fields.optional_identifier(row, "variant_id"),
            quantity=fields.quantity(row, "quantity"),
            name=fields.name(row, "title"),
            attributes=_chosen(row.get("variant_title")),
            total=total(row),
            sku=fields.optional_text(row, "sku", _MAX_SKU),
        )
        for row in found
        if fields.quantity(row, "quantity")
    )


def _node_line(row: JsonObject) -> Line:
    told = money.of_bag(row, "discountedTotalPriceWithCodeDiscount")
    total = told or money.minus(
        money.required_bag(row, "originalTotalSet"),
        [
            money.required_bag(taken, "allocatedAmountSet")
            for taken in fields.optional_rows(row, "discountAllocations")
        ],
    )
    return Line(
        product_id=fields.optional_node_id(row, "product"),
        variant_id=fields.optional_node_id(row, "variant"),
        quantity=fields.quantity(row, "quantity"),
        name=fields.name(row, "title"),
        attributes=_chosen(row.get("variantTitle")),
        total=total,
        image_url=fields.url(fields.optional_object(row, "image").get("url")),
        sku=fields.optional_text(row, "sku", _MAX_SKU),
    )


def _allocated(row: JsonObject, currency: str) -> list[Money]:
    return [
        money.bag_or_text(taken, "amount", currency)
        for taken in fields.optional_rows(row, "discount_allocations")
    ]


def _chosen(variant_title: Json) -> tuple[tuple[str, str], ...]:
    """Return what was chosen: the variant's title (Shopify names no options here). A line's own
    ``properties`` are left out: themes and apps put their notes there, not people."""
    chosen = fields.plain(variant_title)
    return (("", chosen),) if chosen and chosen != ONLY_VARIANT else ()


def _pairs(source: Json) -> list[tuple[str, str]]:
    """Return names and texts of a list of ``{name|key, value}``; what is no text is left out."""
    if not isinstance(source, list):
        return []
    found = [
        (row.get("name") or row.get("key"), row.get("value"))
        for row in source
        if isinstance(row, dict)
    ]
    return [(k, v) for k, v in found if isinstance(k, str) and isinstance(v, str)]
