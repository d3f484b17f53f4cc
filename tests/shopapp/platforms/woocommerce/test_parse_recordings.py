"""Every recorded body of a real WooCommerce is read whole, and means what it should."""

from __future__ import annotations

from typing import Any

import pytest

from shopapp.platforms.base import (
    ContactChanged,
    ContactErased,
    OrderChanged,
    OrderVanished,
    ProductChanged,
    ProductVanished,
    Unreadable,
    VariantChanged,
)
from shopapp.platforms.woocommerce.parse import (
    parse_category,
    parse_customer,
    parse_delivery,
    parse_order,
    parse_product,
    parse_variation,
)
from tests.shopapp.platforms.woocommerce.recordings import (
    USD,
    Delivery,
    answers,
    deliveries,
    delivery,
    read,
    store_of,
)

READ = [one for one in deliveries() if not one.topic.startswith("action.")]


@pytest.mark.parametrize("one", READ, ids=lambda one: one.name)
def test_every_recorded_delivery_is_read(one: Delivery) -> None:
    events = parse_delivery(one.topic, one.body, store_of(one.name))
    kinds = {
        "order.deleted": (OrderVanished,),
        "product.deleted": (ProductVanished,),
        "customer.deleted": (ContactErased,),
    }
    by_resource = {
        "order": (OrderChanged,),
        "product": (ProductChanged, VariantChanged),
        "customer": (ContactChanged,),
    }
    resource = one.topic.partition(".")[0]
    if resource == "coupon" or b'"status":404' in one.body:
        assert events == ()
    else:
        assert isinstance(events[0], kinds.get(one.topic) or by_resource[resource])
        assert len(events) == 1


def test_every_recorded_rest_answer_that_we_use_is_read() -> None:
    seen = {"order": 0, "product": 0, "variation": 0, "customer": 0, "category": 0}
    for name, recording in answers().items():
        path = recording["request"]["url"]
        answered = recording["response"].get("json")
        for row in answered if isinstance(answered, list) else [answered]:
            if not isinstance(row, dict):
                continue
            if "order_key" in row:
                assert parse_order(row, store_of(name)).order_id == str(row["id"])
                seen["order"] += 1
            elif row.get("type") == "variation" and "date_modified_gmt" in row:
                event = parse_variation(row, store_of(name))
                assert event.variant.product_id == str(row["parent_id"])
                seen["variation"] += 1
            elif "catalog_visibility" in row and "date_modified_gmt" in row:
                product = parse_product(row, store_of(name))
                assert isinstance(product, ProductChanged)
                assert product.product_id == str(row["id"])
                seen["product"] += 1
            elif "is_paying_customer" in row:
                assert parse_customer(row).customer_id == str(row["id"])
                seen["customer"] += 1
            elif "/products/categories" in path and "slug" in row:
                assert parse_category(row).slug == row["slug"]
                seen["category"] += 1
    assert all(count >= 6 for count in seen.values()), seen
    assert seen["order"] >= 120


def test_an_order_erased_before_the_queue_ran_tells_nothing() -> None:
    one = delivery("D-create-then-force-delete-one-run--01-order.created")
    assert parse_delivery(one.topic, one.body, USD) == ()


def test_an_error_in_place_of_a_body_is_unreadable() -> None:
    body: dict[str, Any] = {
        "code": "woocommerce_rest_cannot_view",
        "message": "Sorry",
        "data": {"status": 401},
    }
    with pytest.raises(Unreadable, match="woocommerce_rest_cannot_view"):
        parse_delivery("order.updated", body, USD)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("orders/order-trashed--01-order.deleted", OrderVanished("152")),
        ("variable-product-trashed--02-product.deleted", ProductVanished("72")),
        ("coupon-trashed--02-product.deleted", ProductVanished("155")),
        ("customer-deleted--01-customer.deleted", ContactErased("7")),
    ],
)
def test_a_deletion_is_a_hint_with_an_id(name: str, event: object) -> None:
    assert read(name) == event
