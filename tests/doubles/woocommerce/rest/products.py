"""Products, variations and categories of REST v3."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.errors import ApiError, invalid_param, unknown_id
from tests.doubles.woocommerce.records import Product
from tests.doubles.woocommerce.rest.call import (
    Answer,
    Call,
    created,
    moment,
    numbers,
    page_of,
    within,
)
from tests.doubles.woocommerce.rest.category_json import category_json
from tests.doubles.woocommerce.rest.product_json import product_json
from tests.doubles.woocommerce.rest.variation_json import variation_json
from tests.doubles.woocommerce.settings import now
from tests.doubles.woocommerce.stockroom import (
    add_product,
    change_product,
    delete_product,
    trash_product,
)

_STATUSES = {"any", "future", "trash", "draft", "pending", "private", "publish"}
_WRITABLE = {
    "name": "name",
    "regular_price": "regular_price",
    "sale_price": "sale_price",
    "status": "status",
    "sku": "sku",
    "manage_stock": "manage_stock",
    "stock_quantity": "stock",
    "stock_status": "stock_status",
    "description": "description",
    "short_description": "short_description",
    "catalog_visibility": "visibility",
}


def list_products(call: Call) -> Answer:
    """Answer a page of products."""
    wanted = call.query.get("status", "any")
    if wanted not in _STATUSES:
        message = f"status is not one of {', '.join(sorted(_STATUSES))}."
        raise invalid_param("status", message, "rest_not_in_enum", None)
    found = [
        one
        for one in call.state.products.values()
        if one.kind != "variation" and _matches(call, one, wanted)
    ]
    return page_of(call, _sorted(call, found), lambda one: product_json(call.state, one, call.root))


def _matches(call: Call, product: Product, status: str) -> bool:
    query, include = call.query, numbers(call, "include")
    if status == "any":
        if product.status == "trash":
            return False
    elif product.status != status:
        return False
    search = query.get("search", "").lower()
    category = numbers(call, "category")
    return (
        (include is None or product.id in include)
        and query.get("type", product.kind) == product.kind
        and query.get("sku", product.sku) == product.sku
        and (not search or search in product.name.lower())
        and (category is None or bool(set(category) & set(product.category_ids)))
        and within(call, product.created_at, product.modified_at)
    )


def _sorted(call: Call, found: list[Product]) -> list[Product]:
    orderby = call.query.get("orderby", "date")
    descending = call.query.get("order", "desc") == "desc"
    include = numbers(call, "include")
    if orderby == "include" and include:
        return sorted(found, key=lambda one: include.index(one.id))
    if orderby == "modified":
        return sorted(found, key=lambda one: (one.modified_at, one.id), reverse=descending)
    if orderby == "id":
        return sorted(found, key=lambda one: one.id, reverse=descending)
    if orderby == "title":
        return sorted(found, key=lambda one: (one.name, one.id), reverse=descending)
    return sorted(found, key=lambda one: (one.created_at, one.id), reverse=descending)


def _product(call: Call, name: str = "id") -> Product:
    product = call.state.products.get(call.id(name))
    if product is None:
        raise unknown_id("product")
    return product


def get_product(call: Call) -> Answer:
    """Answer one product; a variation's id answers it as a product."""
    return Answer(product_json(call.state, _product(call), call.root))


def create_product(call: Call) -> Answer:
    """Create a simple product."""
    posted = call.fields()
    product_id = call.state.next_id("post")
    name = str(posted.get("name", "Product"))
    slug = "-".join(name.lower().split()) or str(product_id)
    kind = str(posted.get("type", "simple"))
    product = Product(product_id, name, slug, kind, now(), now(), manage_stock=False)
    _write(product, posted)
    add_product(call.shop.news, product)
    body = product_json(call.state, product, call.root)
    return created(call, body, f"products/{product.id}")


def _write(product: Product, posted: dict[str, Json]) -> None:
    for name, attribute in _WRITABLE.items():
        if name in posted:
            setattr(product, attribute, posted[name])


def update_product(call: Call) -> Answer:
    """Change a product."""
    product = _product(call)
    posted = call.fields()
    changes = {attribute: posted[name] for name, attribute in _WRITABLE.items() if name in posted}
    change_product(call.shop.news, product, **changes)
    return Answer(product_json(call.state, product, call.root))


def remove_product(call: Call) -> Answer:
    """Trash a product, or delete it for good with ``force=true``."""
    product = _product(call)
    before = product_json(call.state, product, call.root)
    if call.query.get("force") == "true":
        delete_product(call.shop.news, product)
    elif product.status == "trash":
        raise ApiError(
            "woocommerce_rest_already_trashed", "The product has already been deleted.", 410
        )
    else:
        trash_product(call.shop.news, product)
    return Answer(before)


def list_variations(call: Call) -> Answer:
    """Answer the variations of one product, or of all."""
    below = "id" in call.named
    if below:
        _product(call)
    found = [
        one
        for one in call.state.products.values()
        if one.kind == "variation"
        and one.status != "trash"
        and (not below or one.parent_id == call.id())
        and within(call, one.created_at, one.modified_at)
        and (numbers(call, "include") is None or one.id in (numbers(call, "include") or []))
    ]
    moment(call, "modified_after")
    return page_of(
        call,
        _sorted(call, found),
        lambda one: variation_json(call.state, one, call.root, below_parent=below),
    )


def _variation(call: Call) -> Product:
    parent, variation = _product(call), call.state.products.get(call.id("variation_id"))
    if variation is None or variation.parent_id != parent.id:
        raise unknown_id("product_variation")
    return variation


def get_variation(call: Call) -> Answer:
    """Answer one variation below its product."""
    return Answer(variation_json(call.state, _variation(call), call.root, below_parent=True))


def update_variation(call: Call) -> Answer:
    """Change a variation."""
    variation, posted = _variation(call), call.fields()
    changes = {attribute: posted[name] for name, attribute in _WRITABLE.items() if name in posted}
    change_product(call.shop.news, variation, **changes)
    return Answer(variation_json(call.state, variation, call.root, below_parent=True))


def list_categories(call: Call) -> Answer:
    """Answer the categories by name."""
    found = sorted(call.state.categories.values(), key=lambda one: one.name)
    return page_of(call, found, lambda one: category_json(call.state, one, call.root))


def list_nothing(call: Call) -> Answer:
    """Answer an empty list: tags and brands, which this shop does not use."""
    return page_of(call, [], lambda one: one)


def list_attributes(call: Call) -> Answer:
    """Answer the attributes that products vary by."""
    found = {a.id: a for one in call.state.products.values() for a in one.attributes}
    base = f"{call.root}/wp-json/wc/v3/products/attributes"
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return page_of(
        call,
        sorted(found.values(), key=lambda one: one.name),
        lambda one: {
            "id": one.id,
            "name": one.name,
            "slug": one.slug,
            "type": "select",
            "order_by": "menu_order",
            "has_archives": False,
            "_links": {
                "self": [{"href": f"{base}/{one.id}", "targetHints": {"allow": methods}}],
                "collection": [{"href": base}],
            },
        },
    )
