"""Products, their variants and collections, from webhooks and from the Admin API alike.

GraphQL fields needed.
Product: ``{legacyResourceId title handle status createdAt updatedAt publishedAt
featuredMedia{preview{image{url}}} collections(first:){nodes{legacyResourceId}}
variants(first:){nodes{VARIANT}}}``.
ProductVariant: ``{legacyResourceId sku price compareAtPrice availableForSale inventoryQuantity
inventoryItem{tracked} selectedOptions{name value} updatedAt
media(first:){nodes{preview{image{url}}}}}``, and where it is asked
for alone also ``product{legacyResourceId title handle status publishedAt
featuredMedia{preview{image{url}}}}``. Collection: ``{legacyResourceId title handle}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from shopapp.kit.money import Money
from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.base import (
    CategoryChanged,
    Event,
    ProductChanged,
    ProductVanished,
    StockChanged,
    VariantChanged,
    VariantState,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import fields, money
from shopapp.platforms.shopify.lines import ONLY_VARIANT

_MAX_SKU = 200
_MAX_HANDLE = 255
_SELLABLE = frozenset({"active", "unlisted"})
_Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a variant has from its product."""

    product_id: str
    name: str
    url: str
    image_url: str
    published: bool
    sellable: bool


@dataclass(frozen=True, slots=True)
class _Stock:
    """Whether a variant can be bought, and how many are left (None: not counted). ``sure``: False
    where this source does not say whether the shop counts it."""

    available: bool
    left: int | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Own:
    """What a variant has of its own beside its prices."""

    stock: _Stock
    options: _Options
    image_url: str
    changed_at: datetime


def parse_product(product: JsonObject, store: StoreFacts) -> tuple[Event, ...]:
    """Return the product of a webhook, which names no collections and lists 100 variants at most.

    Where it leaves something open (more variants than it lists; none left of a variant that the
    shop may not count at all), a hint follows, upon which the store is asked for the product.
    """
    frame = _frame(product, store)
    labels = [fields.name(row, "name") for row in fields.optional_rows(product, "options")]
    images = {
        fields.as_identifier(row.get("id")): fields.url(row.get("src"))
        for row in fields.optional_rows(product, "images")
    }
    changed_at = _changed_at(product, "updated_at", "created_at")
    listed, sure = [], True
    for row in fields.rows(product, "variants"):
        stock = _stock(row)
        sure = sure and stock.sure
        image = images.get(fields.as_identifier(row.get("image_id")), "")
        options = _options(row, labels)
        at = fields.optional_instant(row, "updated_at") or changed_at
        listed.append(_variant(row, frame, _Own(stock, options, image, at), store))
    told = fields.optional_rows(product, "variant_gids")
    ids = tuple(fields.identifier(row, "admin_graphql_api_id") for row in told)
    changed = _product(frame, tuple(listed), ids, None, changed_at, store)
    complete = sure and set(changed.variant_ids) == {one.variant_id for one in listed}
    return (changed,) if complete else (changed, ProductVanished(frame.product_id))


def parse_product_node(node: JsonObject, store: StoreFacts) -> ProductChanged:
    """Return the product of a GraphQL node, with its collections and all its variants."""
    frame = _frame(node, store)
    changed_at = _changed_at(node, "updatedAt", "createdAt")
    listed = tuple(
        _variant_node(row, frame, changed_at, store) for row in fields.rows(node, "variants")
    )
    told = fields.optional_rows(node, "collections")
    categories = None if node.get("collections") is None else tuple(map(fields.node_id, told))
    return _product(frame, listed, (), categories, changed_at, store)


def parse_variant_node(node: JsonObject, store: StoreFacts) -> VariantChanged:
    """Return the variant of a GraphQL node that names its product."""
    frame = _frame(fields.as_object(node.get("product"), "product"), store)
    at = fields.instant(node, "updatedAt")
    return VariantChanged(_variant_node(node, frame, at, store), at)


def parse_collection_node(node: JsonObject) -> CategoryChanged:
    """Return the collection; collections have no parents."""
    return CategoryChanged(
        category_id=fields.node_id(node),
        name=fields.name(node, "title"),
        parent_id="",
        slug=fields.optional_text(node, "handle", _MAX_HANDLE),
    )


def parse_stock(source: JsonObject) -> StockChanged:
    """Return which variant came into stock or ran out, to be asked for."""
    return StockChanged(
        variant_id=fields.identifier(source, "id")
        if source.get("id") is not None
        else fields.identifier(source, "admin_graphql_api_id"),
        product_id=fields.optional_identifier(source, "product_id"),
    )


def _frame(product: JsonObject, store: StoreFacts) -> _Frame:
    handle = fields.optional_text(product, "handle", _MAX_HANDLE)
    status = fields.text(product, "status").lower()
    online = (product.get("published_at") or product.get("publishedAt")) is not None
    return _Frame(
        product_id=fields.node_id(product),
        name=fields.name(product, "title"),
        url=fields.url(f"{store.url.rstrip('/')}/products/{quote(handle)}") if handle else "",
        image_url=_image(product),
        published=online and status == "active",
        sellable=online and status in _SELLABLE,
    )


def _product(
    frame: _Frame,
    listed: tuple[VariantState, ...],
    ids: tuple[str, ...],
    categories: tuple[str, ...] | None,
    changed_at: datetime,
    store: StoreFacts,
) -> ProductChanged:
    """Return the product, priced as its cheapest variant."""
    cheapest = min(listed, key=lambda one: (one.price.minor, one.variant_id), default=None)
    simple = len(listed) == 1 and not listed[0].attributes
    stocks = [one.stock for one in listed]
    counted = [left for left in stocks if left is not None]
    nothing = money.nothing(money.currency(store.currency))
    return ProductChanged(
        product_id=frame.product_id,
        name=frame.name,
        url=frame.url,
        image_url=frame.image_url,
        published=frame.published,
        kind="simple" if simple else "variable",
        price=cheapest.price if cheapest else nothing,
        regular_price=cheapest.regular_price if cheapest else nothing,
        available=any(one.available for one in listed),
        stock=sum(counted) if counted and len(counted) == len(stocks) else None,
        category_ids=categories,
        changed_at=changed_at,
        variants=listed,
        variant_ids=ids or tuple(one.variant_id for one in listed),
        sku=listed[0].sku if simple else "",
    )


def _variant(row: JsonObject, frame: _Frame, own: _Own, store: StoreFacts) -> VariantState:
    variant_id = fields.node_id(row)
    price, regular = _prices(row, store)
    return VariantState(
        variant_id=variant_id,
        product_id=frame.product_id,
        name=", ".join(value for _, value in own.options) or frame.name,
        attributes=own.options,
        price=price,
        regular_price=regular,
        available=frame.sellable and own.stock.available,
        stock=own.stock.left,
        sku=fields.optional_text(row, "sku", _MAX_SKU),
        image_url=own.image_url or frame.image_url,
        url=_variant_url(frame.url, variant_id) if own.options else frame.url,
        changed_at=own.changed_at,
    )


def _variant_node(node: JsonObject, frame: _Frame, at: datetime, store: StoreFacts) -> VariantState:
    options = tuple(
        (fields.name(row, "name"), fields.name(row, "value"))
        for row in fields.optional_rows(node, "selectedOptions")
    )
    item = fields.optional_object(node, "inventoryItem")
    counted = fields.optional_flag(item, "tracked")
    left = node.get("inventoryQuantity")
    stock = _Stock(
        available=fields.flag(node, "availableForSale"),
        left=fields.as_whole(left, "inventoryQuantity") if counted and left is not None else None,
    )
    image = next((_preview(media) for media in fields.optional_rows(node, "media")), "")
    changed_at = fields.optional_instant(node, "updatedAt") or at
    return _variant(node, frame, _Own(stock, _chosen(options), image, changed_at), store)


def _stock(row: JsonObject) -> _Stock:
    """Return what a webhook says of a variant's stock. Since 2024-07 it no longer says whether the
    shop counts it (``inventory_management``); then pieces that are there are counted ones."""
    written = row.get("inventory_quantity")
    left = 0 if written is None else fields.as_whole(written, "inventory_quantity")
    sold_anyway = fields.optional_text(row, "inventory_policy").lower() == "continue"
    if "inventory_management" in row:
        if row["inventory_management"] is None:
            return _Stock(available=True, left=None)
        return _Stock(available=sold_anyway or left > 0, left=left)
    if left != 0:
        return _Stock(available=sold_anyway or left > 0, left=left)
    return _Stock(available=sold_anyway, left=0, sure=False)


def _prices(row: JsonObject, store: StoreFacts) -> tuple[Money, Money]:
    """Return the price now and the regular one (``compare at``, where it is the higher)."""
    code = money.currency(store.currency)
    price = money.amount(row.get("price"), code)
    before = money.optional_amount(row.get("compare_at_price") or row.get("compareAtPrice"), code)
    return price, before if before is not None and before.minor > price.minor else price


def _options(row: JsonObject, labels: list[str]) -> _Options:
    values = [fields.name(row, f"option{number}") for number in (1, 2, 3)]
    padded = (labels + [""] * 3)[:3]
    return _chosen(tuple((k, v) for k, v in zip(padded, values, strict=True) if v))


def _chosen(options: _Options) -> _Options:
    """Return the options, none for the single variant of a product that has no choice."""
    return () if [value for _, value in options] == [ONLY_VARIANT] else options


def _image(product: JsonObject) -> str:
    told = fields.url(fields.optional_object(product, "image").get("src"))
    return told or _preview(fields.optional_object(product, "featuredMedia"))


def _preview(media: JsonObject) -> str:
    """Return the picture that stands for a medium (a picture itself, a film, a model)."""
    preview = fields.optional_object(media, "preview")
    return fields.url(fields.optional_object(preview, "image").get("url"))


def _variant_url(url: str, variant_id: str) -> str:
    return f"{url}?variant={variant_id}" if url else ""


def _changed_at(source: JsonObject, updated: str, created: str) -> datetime:
    changed: Json = source.get(updated)
    return fields.instant(source, updated if changed is not None else created)
