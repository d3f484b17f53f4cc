"""Products, variations, categories and accounts mean what the store shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopapp.kit.money import Money
from shopapp.platforms.base import (
    CategoryChanged,
    ContactChanged,
    ProductChanged,
    Shopper,
    VariantChanged,
    VariantState,
)
from shopapp.platforms.woocommerce.parse import (
    parse_category,
    parse_customer,
    parse_product,
    parse_variation,
)
from tests.shopapp.platforms.woocommerce.recordings import (
    IMAGES,
    USD,
    answer,
    read,
)


def test_a_product_means_all_of_this() -> None:
    product = read("webhooks/product.updated-1")
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
    product = read("variable-product-untrashed--03-product.updated")
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
    told = read("variation-price-changed--01-product.updated").variant
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
    product = read(name)
    assert (product.published, product.available, product.stock) == (published, available, stock)


def test_a_sale_shows_as_two_prices() -> None:
    product = read("product-sale-started-now--01-product.updated")
    assert (product.price.minor, product.regular_price.minor) == (6000, 8500)


def test_names_are_what_people_read() -> None:
    product = read("product-created-emoji-arabic--01-product.created")
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
    editor = read("non-customer-user-created--01-customer.created")
    assert editor.role == "editor"
    assert editor.changed_at == datetime(2026, 11, 22, 15, 12, 53, tzinfo=UTC)


def test_a_category_means_all_of_this() -> None:
    first = parse_category(answer("rest-v3/categories")[0])
    assert first == CategoryChanged("21", "Accessories", "", "accessories")
