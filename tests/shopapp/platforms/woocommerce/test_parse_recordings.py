"""Every recorded body of a real WooCommerce is read whole, and means what it should."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shopapp.kit.money import Money
from shopapp.platforms.base import (
    CategoryChanged,
    ContactChanged,
    ContactErased,
    Line,
    OrderChanged,
    OrderVanished,
    ProductChanged,
    ProductVanished,
    Shopper,
    Unreadable,
    VariantChanged,
    VariantState,
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
    answer,
    answers,
    deliveries,
    delivery,
    store_of,
)

READ = [one for one in deliveries() if not one.topic.startswith("action.")]
IMAGES = "http://127.0.0.1:8801/wp-content/uploads/2026/11"


def _read(name: str) -> Any:
    one = delivery(name)
    (event,) = parse_delivery(one.topic, one.body, store_of(one.name))
    return event


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


def test_an_order_means_all_of_this() -> None:
    assert _read("webhooks/order.updated-1") == OrderChanged(
        order_id="99",
        number="99",
        status="processing",
        stage="placed",
        placed_at=datetime(2026, 11, 22, 13, 59, 12, tzinfo=UTC),
        changed_at=datetime(2026, 11, 22, 13, 59, 12, tzinfo=UTC),
        total=Money(3300, "USD", 2),
        refunded=Money(0, "USD", 2),
        lines=(
            Line(
                "12",
                "",
                2,
                "Stoneware Mug",
                total=Money(2800, "USD", 2),
                image_url=f"{IMAGES}/Stoneware-Mug.png",
                sku="MUG-01",
            ),
        ),
        shopper=Shopper(
            email="grace@lab.test",
            email_source="checkout",
            first_name="Grace",
            last_name="Hopper",
            country="US",
        ),
        payment_method="cod",
    )


def test_a_line_with_a_variation_names_the_product_and_what_was_chosen() -> None:
    lines = _read("block-coupon-variation-lines--01-order.updated").lines
    assert lines[1] == Line(
        "48",
        "52",
        1,
        "Organic Cotton Tee",
        attributes=(("Colour", "Blue"), ("Size", "M")),
        total=Money(2250, "USD", 2),
        image_url=f"{IMAGES}/Organic-Cotton-Tee.png",
        sku="TEE-01-4",
    )


@pytest.mark.parametrize(
    ("name", "status", "stage"),
    [
        ("block-bacs-on-hold--02-order.created", "on-hold", "placed"),
        ("classic-cheque-on-hold--01-order.created", "on-hold", "placed"),
        ("block-cod-processing--02-order.created", "processing", "placed"),
        ("admin-completed--01-order.updated", "completed", "placed"),
        ("refund-full-via-gateway--01-order.updated", "refunded", "placed"),
        ("custom-status--01-order.updated", "lab-packing", "placed"),
        ("block-pending-payment--02-order.created", "pending", "pending"),
        ("block-failed--02-order.created", "failed", "failed"),
        ("block-failed-then-retried-cod--01-order.updated", "processing", "placed"),
        ("block-pending-then-cancelled-by-customer--01-order.updated", "cancelled", "cancelled"),
        (
            "block-checkout-attempt-invalid-address-draft--01-order.updated",
            "checkout-draft",
            "none",
        ),
        ("rest-auto-draft--01-order.created", "auto-draft", "none"),
        ("C-create-then-trash-one-run--01-order.created", "trash", "none"),
        ("E-trash-restore-one-run--02-order.restored", "pending", "pending"),
    ],
)
def test_every_status_has_its_meaning_for_recovery(name: str, status: str, stage: str) -> None:
    order = _read(name)
    assert (order.status, order.stage) == (status, stage)


@pytest.mark.parametrize(
    ("name", "total", "refunded"),
    [
        ("settings-jpy-0-decimals/partial-refund--01-order.updated", (1495, 0), 100),
        (
            "settings-jpy-but-2-decimals-left-in-settings/partial-refund--01-order.updated",
            (149500, 2),
            10000,
        ),
        ("settings-eur-prices-include-tax-21/partial-refund--01-order.updated", (3314, 2), 333),
        ("orders/refund-partial-by-line--02-order.updated", (6700, 2), 1400),
        ("orders/refund-full-after-partials--01-order.updated", (6700, 2), 6700),
        ("orders/block-zero-total--02-order.created", (0, 2), 0),
    ],
)
def test_amounts_have_the_decimals_they_are_written_with(
    name: str, total: tuple[int, int], refunded: int
) -> None:
    order = _read(name)
    assert (order.total.minor, order.total.decimals) == total
    assert (order.refunded.minor, order.refunded.decimals) == (refunded, total[1])
    assert all(line.total.decimals == total[1] for line in order.lines)


def test_the_same_order_asked_with_other_decimals_stays_the_same_money() -> None:
    for folder in ("eur-prices-include-tax-21", "jpy-0-decimals"):
        name = f"more/rest-v3/settings-{folder}/block-cod-order"
        usual = parse_order(answer(name), store_of(name))
        fine = parse_order(answer(f"{name}-dp4"), store_of(name))
        assert fine.total.decimals == 4
        assert round(fine.total.amount, usual.total.decimals) == usual.total.amount


def test_lines_include_tax() -> None:
    order = _read("settings-eur-prices-include-tax-21/partial-refund--01-order.updated")
    assert order.lines[0].total == Money(1499, "EUR", 2)


def test_times_are_utc_whatever_the_shops_clock_says() -> None:
    order = _read("settings-tz-manual-offset-plus-5-45/block-cod-order--02-order.created")
    assert order.placed_at == datetime(2026, 11, 22, 15, 16, 53, tzinfo=UTC)


def test_a_dutch_phone_becomes_e164_and_a_made_up_one_becomes_nothing() -> None:
    order = _read("settings-eur-prices-include-tax-21/partial-refund--01-order.updated")
    assert order.shopper.phone == "+31201234567"
    assert _read("webhooks/order.updated-1").shopper.phone == ""


def test_unusual_names_and_addresses_are_kept() -> None:
    order = parse_order(answer("more/rest-v3/orders/rest-unicode-names"), USD)
    assert (order.shopper.first_name, order.shopper.last_name) == ("ليلى", "O’Brien 🎉")
    assert order.shopper.email == "leila+cart@lab.test"
    assert _read("rest-no-billing-email--01-order.created").shopper.email == ""
    assert _read("rest-no-lines--01-order.created").lines == ()


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
    assert _read(name) == event


def test_a_product_means_all_of_this() -> None:
    product = _read("webhooks/product.updated-1")
    changed_at = datetime(2026, 11, 22, 13, 59, 12, tzinfo=UTC)
    url = "http://127.0.0.1:8801/product/stoneware-mug/"
    price = Money(1400, "USD", 2)
    assert product == ProductChanged(
        product_id="12",
        name="Stoneware Mug",
        url=url,
        image_url=f"{IMAGES}/Stoneware-Mug.png",
        published=True,
        kind="simple",
        price=price,
        regular_price=price,
        available=True,
        stock=27,
        category_ids=("20",),
        changed_at=changed_at,
        variants=(
            VariantState(
                "12",
                "12",
                "",
                (),
                price,
                price,
                True,
                27,
                "MUG-01",
                f"{IMAGES}/Stoneware-Mug.png",
                url,
                changed_at,
            ),
        ),
        variant_ids=("12",),
        sku="MUG-01",
    )


def test_a_variable_product_names_its_variations_only() -> None:
    product = _read("variable-product-untrashed--03-product.updated")
    assert (product.kind, product.variants, product.variant_ids) == ("variable", None, ("72", "73"))
    assert (product.price, product.regular_price) == (Money(900, "USD", 2), Money(900, "USD", 2))


def test_a_variation_is_the_same_from_each_of_the_three_sources() -> None:
    """REST names it "A2" below its product and "Poster - A2" as a product; so do webhooks."""
    below = parse_variation(answer("rest-v3/product_variations")[0], USD)
    alone = parse_product(answer("rest-v3/product_by_variation_id"), USD)
    assert below == alone == VariantChanged(below.variant, below.changed_at)
    assert below.variant == VariantState(
        variant_id="73",
        product_id="71",
        name="A2",
        attributes=(("Format", "A2"),),
        price=Money(900, "USD", 2),
        regular_price=Money(1300, "USD", 2),
        available=True,
        stock=8,
        sku="POST-01-2",
        image_url=f"{IMAGES}/Poster.png".replace("http://127.0.0.1:8801", "https://127.0.0.1:8802"),
        url="https://127.0.0.1:8802/product/poster/?attribute_pa_format=a2",
        changed_at=datetime(2026, 11, 22, 13, 39, 32, tzinfo=UTC),
    )
    told = _read("variation-price-changed--01-product.updated").variant
    assert (told.name, told.product_id, told.price.minor) == ("L, Red", "48", 2200)


@pytest.mark.parametrize(
    ("name", "published", "available", "stock"),
    [
        ("product-draft--01-product.updated", False, False, None),
        ("product-private--01-product.updated", False, False, None),
        ("product-published-hidden-in-catalog--01-product.updated", True, True, None),
        ("product-outofstock-no-manage--01-product.updated", True, False, None),
        ("product-onbackorder--01-product.updated", True, True, None),
        ("product-stock-0--01-product.updated", True, False, 0),
        ("product-stock-0-backorders-notify--01-product.updated", True, True, 0),
        ("product-stock-back-9--01-product.updated", True, True, 9),
        ("product-last-pieces-sold-by-order--03-product.updated", True, False, 0),
    ],
)
def test_what_can_be_bought_is_told(
    name: str, published: bool, available: bool, stock: int | None
) -> None:
    product = _read(name)
    assert (product.published, product.available, product.stock) == (published, available, stock)


def test_a_sale_shows_as_two_prices() -> None:
    product = _read("product-sale-started-now--01-product.updated")
    assert (product.price.minor, product.regular_price.minor) == (6000, 8500)


def test_names_are_what_people_read() -> None:
    product = _read("product-created-emoji-arabic--01-product.created")
    assert product.name == 'حقيبة قماش 🎒 – Tôte "Ünï" & bold'


def test_an_account_means_all_of_this_and_keeps_its_role() -> None:
    assert parse_customer(answer("rest-v3/customers")[0]) == ContactChanged(
        customer_id="2",
        shopper=Shopper(
            customer_id="2",
            email="ada@lab.test",
            email_source="account",
            first_name="Ada",
            last_name="Lovelace",
            country="US",
        ),
        changed_at=datetime(2026, 11, 22, 13, 43, 11, tzinfo=UTC),
    )
    editor = _read("non-customer-user-created--01-customer.created")
    assert editor.role == "editor"
    assert editor.changed_at == datetime(2026, 11, 22, 15, 12, 53, tzinfo=UTC)


def test_a_category_means_all_of_this() -> None:
    first = parse_category(answer("rest-v3/categories")[0])
    assert first == CategoryChanged("21", "Accessories", "", "accessories")
