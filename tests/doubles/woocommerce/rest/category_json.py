"""Categories as REST v3 writes them."""

from __future__ import annotations

from tests.doubles.base.http import Json
from tests.doubles.woocommerce.records import Category
from tests.doubles.woocommerce.rest.product_json import links
from tests.doubles.woocommerce.state import State


def category_json(state: State, category: Category, root: str) -> Json:
    """Return a category with the number of its products."""
    count = sum(category.id in product.category_ids for product in state.products.values())
    shown_links = links(root, f"products/categories/{category.id}", "products/categories")
    if category.parent_id:
        up = f"{root}/wp-json/wc/v3/products/categories/{category.parent_id}"
        shown_links["up"] = [{"href": up}]
    return {
        "id": category.id,
        "name": category.name,
        "slug": category.slug,
        "parent": category.parent_id,
        "description": "",
        "display": "default",
        "image": None,
        "menu_order": 0,
        "count": count,
        "_links": shown_links,
    }
