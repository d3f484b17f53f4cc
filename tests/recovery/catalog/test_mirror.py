"""Rows keep to the store's order of news, whatever order it arrives in."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from recovery.catalog import mirror, selectors, services
from recovery.catalog.models import Category, Product, Variant
from shopapp.kit.money import Money
from shopapp.platforms.base import CategoryChanged, ProductChanged, VariantChanged, VariantState
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

LATER = MORNING + timedelta(seconds=1)
Scope = AbstractContextManager[None]


def product(**changes: Any) -> ProductChanged:
    """Return a product as the store tells it."""
    price = Money(1400, "EUR", 2)
    fields: dict[str, Any] = {
        "product_id": "12",
        "name": "Mug",
        "url": "https://shop.example/mug",
        "image_url": "",
        "published": True,
        "kind": "simple",
        "price": price,
        "regular_price": price,
        "available": True,
        "stock": 3,
        "category_ids": ("20",),
        "changed_at": MORNING,
    }
    return ProductChanged(**(fields | changes))


def variant(**changes: Any) -> VariantChanged:
    """Return a variant of product 48 as the store tells it."""
    price = Money(2200, "EUR", 2)
    fields: dict[str, Any] = {
        "variant_id": "49",
        "product_id": "48",
        "name": "S, Red",
        "attributes": (("Size", "S"), ("Colour", "Red")),
        "price": price,
        "regular_price": price,
        "available": True,
        "stock": 3,
    }
    return VariantChanged(VariantState(**(fields | changes)), MORNING)


def _row() -> Product:
    return Product.objects.get(platform_id="12")


def test_newer_news_is_written_and_older_changes_nothing(shop: Shop, in_shop: Scope) -> None:
    assert services.record_product(shop, product(changed_at=LATER, name="Cup"), at=LATER)
    assert not services.record_product(shop, product(), at=LATER)
    row = _row()
    assert (row.name, row.changed_at, row.doubtful_since) == ("Cup", LATER, None)


def test_the_same_news_twice_is_no_change_and_no_doubt(shop: Shop, in_shop: Scope) -> None:
    assert services.record_product(shop, product(), at=MORNING)
    assert not services.record_product(shop, product(), at=LATER)
    assert _row().doubtful_since is None


def test_two_contents_of_one_moment_end_alike_in_any_order_and_in_doubt(
    shop: Shop, in_shop: Scope
) -> None:
    told = [product(stock=3), product(stock=2), product(stock=0)]
    ends = set()
    for order in itertools.permutations(told):
        for event in order:
            services.record_product(shop, event, at=LATER)
        row = _row()
        ends.add(row.stock)
        assert row.doubtful_since == LATER
        row.delete()
    assert len(ends) == 1


def test_another_scheme_in_an_address_is_no_other_content(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(), at=MORNING)
    services.record_product(shop, product(url="http://shop.example/mug"), at=LATER)
    assert _row().doubtful_since is None


def test_the_store_contradicting_us_with_older_content_is_doubted(
    shop: Shop, in_shop: Scope
) -> None:
    services.record_product(shop, product(changed_at=LATER), at=LATER)
    services.record_product(shop, product(name="Cup"), at=LATER, read=True)
    assert (_row().name, _row().doubtful_since) == ("Mug", LATER)


def test_the_stores_answer_stands_even_when_its_date_is_older(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(changed_at=LATER), at=LATER)
    services.vanish(shop, "12", at=LATER)
    (question,) = mirror.questions(Product, at=LATER, limit=10)
    answer = services.product_news(product(name="Cup"))
    assert mirror.settle(Product, question, answer, at=LATER)
    row = _row()
    assert (row.name, row.changed_at, row.doubtful_since) == ("Cup", MORNING, None)


def test_an_answer_about_a_row_that_moved_on_is_not_believed(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(), at=MORNING)
    services.vanish(shop, "12", at=MORNING)
    (question,) = mirror.questions(Product, at=LATER, limit=10)
    services.record_product(shop, product(changed_at=LATER, name="Cup"), at=LATER)
    assert mirror.settle(Product, question, None, at=LATER) is None
    assert (_row().name, _row().vanished_at) == ("Cup", None)
    assert _row().doubtful_since == MORNING


def test_what_is_gone_is_marked_and_comes_back_with_newer_news(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(), at=MORNING)
    services.vanish(shop, "12", at=MORNING)
    (question,) = mirror.questions(Product, at=MORNING, limit=10)
    mirror.settle(Product, question, None, at=MORNING)
    assert _row().vanished_at == MORNING
    assert selectors.sellable(shop, "12", "") is None
    services.record_product(shop, product(), at=LATER)
    assert (_row().vanished_at, _row().doubtful_since) == (MORNING, LATER)
    services.record_product(shop, product(changed_at=LATER), at=LATER)
    assert (_row().vanished_at, _row().doubtful_since) == (None, LATER)


def test_a_hint_about_an_unknown_id_is_nothing_to_us(shop: Shop, in_shop: Scope) -> None:
    assert not services.vanish(shop, "999", at=MORNING)


def test_a_simple_product_is_its_own_variant_and_a_variation_has_its_row(
    shop: Shop, in_shop: Scope
) -> None:
    own = VariantState("12", "12", "", (), Money(1400, "EUR"), Money(1400, "EUR"), True, 3)
    services.record_product(shop, product(variants=(own,)), at=MORNING)
    services.record_variant(shop, variant(), at=MORNING)
    found = selectors.many(shop, [("12", ""), ("12", "12"), ("48", "49"), ("48", "50")])
    assert {pair: type(row) for pair, row in found.items()} == {
        ("12", ""): Product,
        ("12", "12"): Product,
        ("48", "49"): Variant,
    }
    assert found["48", "49"].price == Money(2200, "EUR", 2)


def test_a_products_listed_variants_are_kept_with_it(shop: Shop, in_shop: Scope) -> None:
    listed = variant().variant
    services.record_product(
        shop, product(product_id="48", kind="variable", variants=(listed,)), at=MORNING
    )
    row = selectors.sellable(shop, "48", "49")
    assert isinstance(row, Variant)
    assert row.attributes == [["Size", "S"], ["Colour", "Red"]]


def test_what_a_source_does_not_tell_stays_known(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(), at=MORNING)
    later = product(changed_at=LATER, name="Cup", category_ids=None)
    assert services.record_product(shop, later, at=LATER)
    assert (_row().name, _row().category_ids) == ("Cup", ["20"])
    # The reading of the same moment tells more and contradicts nothing.
    same = product(changed_at=LATER, name="Cup", category_ids=("20", "31"))
    services.record_product(shop, same, at=LATER, read=True)
    assert (_row().category_ids, _row().doubtful_since) == (["20", "31"], None)


def test_an_answer_about_a_product_tells_its_variants_too(shop: Shop, in_shop: Scope) -> None:
    services.record_variant(shop, variant(variant_id="50"), at=MORNING)
    services.record_product(shop, product(product_id="48", kind="variable"), at=MORNING)
    services.vanish(shop, "48", at=MORNING)
    (question,) = mirror.questions(Product, at=MORNING, limit=10)
    told = product(product_id="48", kind="variable", variants=(variant().variant,))
    assert services.settle_product(shop, question, told, at=LATER)
    doubted = dict(Variant.objects.values_list("platform_id", "doubtful_since"))
    # One is told, and the other is not among what is told: the store is asked about it.
    assert doubted == {"49": None, "50": LATER}
    services.vanish(shop, "48", at=LATER)
    (question,) = mirror.questions(Product, at=LATER, limit=10)
    assert services.settle_product(shop, question, None, at=LATER)
    assert not Variant.objects.filter(doubtful_since=None).exists()


def test_stock_beyond_what_a_column_holds_is_bounded(shop: Shop, in_shop: Scope) -> None:
    services.record_product(shop, product(stock=2**60), at=MORNING)
    assert _row().stock == 2**31 - 1


def test_a_category_is_kept_as_last_listed(shop: Shop, in_shop: Scope) -> None:
    assert services.record_category(shop, CategoryChanged("20", "Mugs", "", "mugs"))
    Category.objects.update(vanished_at=MORNING)
    assert not services.record_category(shop, CategoryChanged("20", "Cups", "3", "cups"))
    row = Category.objects.get()
    assert (row.name, row.parent_id, row.slug, row.vanished_at) == ("Cups", "3", "cups", None)


@pytest.mark.usefixtures("other_shop")
def test_one_shops_products_are_not_the_others(shop: Shop, other_shop: Shop) -> None:
    with access.scope(other_shop):
        services.record_product(other_shop, product(), at=MORNING)
    with access.scope(shop):
        assert selectors.sellable(shop, "12", "") is None
        assert not services.vanish(shop, "12", at=MORNING)
