"""Orders mean what they mean for recovery, in their own money and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopapp.kit.money import Money
from shopapp.platforms.base import (
    Line,
    OrderChanged,
    Shopper,
)
from shopapp.platforms.woocommerce.parse import (
    parse_order,
)
from tests.shopapp.platforms.woocommerce.recordings import (
    IMAGES,
    USD,
    answer,
    read,
    store_of,
)


def test_an_order_means_all_of_this() -> None:
    assert read("webhooks/order.updated-1") == OrderChanged(
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
    lines = read("block-coupon-variation-lines--01-order.updated").lines
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
    order = read(name)
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
    order = read(name)
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
    order = read("settings-eur-prices-include-tax-21/partial-refund--01-order.updated")
    assert order.lines[0].total == Money(1499, "EUR", 2)


def test_times_are_utc_whatever_the_shops_clock_says() -> None:
    order = read("settings-tz-manual-offset-plus-5-45/block-cod-order--02-order.created")
    assert order.placed_at == datetime(2026, 11, 22, 15, 16, 53, tzinfo=UTC)


def test_a_dutch_phone_becomes_e164_and_a_made_up_one_becomes_nothing() -> None:
    order = read("settings-eur-prices-include-tax-21/partial-refund--01-order.updated")
    assert order.shopper.phone == "+31201234567"
    assert read("webhooks/order.updated-1").shopper.phone == ""


def test_unusual_names_and_addresses_are_kept() -> None:
    order = parse_order(answer("more/rest-v3/orders/rest-unicode-names"), USD)
    assert (order.shopper.first_name, order.shopper.last_name) == ("ليلى", "O’Brien 🎉")
    assert order.shopper.email == "leila+cart@lab.test"
    assert read("rest-no-billing-email--01-order.created").shopper.email == ""
    assert read("rest-no-lines--01-order.created").lines == ()
