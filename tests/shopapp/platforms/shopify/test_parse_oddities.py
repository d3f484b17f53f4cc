"""What Shopify's payloads may hold beside the usual: guests, gifts, other currencies, odd ids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shopapp.kit.money import Money
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import (
    CartChanged,
    ConsentGiven,
    OrderChanged,
    ProductChanged,
    ProductVanished,
    Unreadable,
)
from shopapp.platforms.facts import StoreFacts
from shopapp.platforms.shopify import carts
from shopapp.platforms.shopify.parse import parse_delivery, parse_node
from tests.shopapp.platforms.shopify.things import BIG, FACTS, YEN, Address, Order, Row, sample
from tests.shopapp.platforms.shopify.things_on_shelves import Checkout, Product, Variant


def checkout(store: StoreFacts = FACTS, **changed: Any) -> CartChanged:
    (event,) = parse_delivery("checkouts/update", {**Checkout().body(), **changed}, store)
    assert isinstance(event, CartChanged)
    return event


def order(store: StoreFacts = FACTS, **changed: Any) -> OrderChanged:
    (event,) = parse_delivery("orders/updated", {**Order().body(), **changed}, store)
    assert isinstance(event, OrderChanged)
    return event


def product(**changed: Any) -> tuple[ProductChanged, bool]:
    """Return the product, and whether the store has to be asked for it."""
    event, *hint = parse_delivery("products/update", {**Product().body(), **changed}, FACTS)
    assert isinstance(event, ProductChanged)
    assert hint in ([], [ProductVanished(event.product_id)])
    return event, bool(hint)


def test_a_checkout_is_told_with_and_without_an_id() -> None:
    assert checkout(id=77).checkout_id == "77"
    assert checkout().checkout_id == str(BIG + 200)
    assert checkout(name="#D12").checkout_id == ""


def test_a_checkout_of_nobody_has_nobody() -> None:
    found = checkout(customer=None, billing_address=None, shipping_address=None, email=None)
    assert found.shopper.email == found.shopper.email_source == found.shopper.customer_id == ""
    assert found.alias == "k1234567"


def test_a_checkout_without_a_cart_has_its_own_name_alone() -> None:
    assert checkout(cart_token=None).cart_id == ""
    assert checkout(cart_token="Z2/wL?key=0d99").cart_id == ""  # a slash is in no token
    assert checkout(cart_token="Z2Nw-L_x?key=0d99").cart_id == "Z2Nw-L_x"


def test_a_ticked_box_is_an_agreement_and_an_empty_one_says_nothing() -> None:
    ticked = checkout(buyer_accepts_marketing=True, customer_locale="en-GB").shopper
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert ticked.consent == ConsentGiven(given=True, language="en-GB", at=at, source="checkout")
    assert ticked.locale == "en-GB"
    assert checkout(buyer_accepts_marketing=False).shopper.consent is None
    assert checkout(buyer_accepts_marketing=None).shopper.consent is None


@pytest.mark.parametrize("locale", ["english please", "e", 5, None, "en_GB<script>"])
def test_a_language_that_is_none_is_left_out(locale: object) -> None:
    assert checkout(customer_locale=locale).shopper.locale == ""


def test_an_address_that_is_unsafe_is_no_recovery_url() -> None:
    for address in ("javascript:alert(1)", "//evil.example", "https://x/ y", None, 5):
        assert checkout(abandoned_checkout_url=address).recovery_url == ""


def test_phones_are_written_one_way() -> None:
    assert checkout(phone="+46 70-174 06 05").shopper.phone == "+46701740605"
    assert checkout(phone="070 174 06 05").shopper.phone == "+442079460018"  # not British
    nowhere = Address(phone="ring twice").body()
    assert checkout(phone=None, billing_address=nowhere).shopper.phone == "+442079460018"
    assert checkout(phone=None, billing_address=nowhere, customer=None).shopper.phone == ""


def test_the_shops_money_counts_and_not_the_shoppers() -> None:
    found = order()
    assert found.total == Money(4998, "USD", 2)
    assert found.lines[0].total == Money(3998, "USD", 2)


@pytest.mark.parametrize(
    ("currency", "written", "minor", "decimals"),
    [("JPY", "1500", 1500, 0), ("JPY", "1500.0", 1500, 0), ("KWD", "12.345", 12345, 3),
     ("USD", "0.5", 50, 2), ("HUF", "990.00", 99000, 2), ("USD", 12.5, 1250, 2),
     ("USD", 7, 700, 2), ("USD", "10.005", 1000, 2)],
)  # fmt: skip
def test_amounts_have_their_currencys_decimals(
    currency: str, written: object, minor: int, decimals: int
) -> None:
    found = checkout(YEN, currency=currency, total_price=written, line_items=[])
    assert found.total == Money(minor, currency, decimals)


def test_a_cart_without_money_bags_is_in_the_shops_currency() -> None:
    line: JsonObject = {"variant_id": "44", "quantity": "2", "line_price": "1500", "title": "靴"}
    body = sample("carts/update", line_items=[line])
    (event,) = parse_delivery("carts/update", body, YEN)
    assert isinstance(event, CartChanged)
    (found,) = event.lines
    assert found.total == Money(1500, "JPY", 0)
    assert (found.variant_id, found.product_id, found.quantity) == ("44", "", 2)


def test_an_emptied_cart_has_no_lines() -> None:
    (event,) = parse_delivery("carts/update", sample("carts/update", line_items=[]), FACTS)
    assert isinstance(event, CartChanged)
    assert event.lines == ()


def test_a_carts_token_may_carry_a_key() -> None:
    body = sample("carts/update", token="abc_DEF-1?key=99", id=None)
    (event,) = parse_delivery("carts/update", body, FACTS)
    assert isinstance(event, CartChanged)
    assert event.cart_id == "abc_DEF-1"


@pytest.mark.parametrize("token", [None, "", "a b", "x" * 65, 5, "ä", "../x"])
def test_a_cart_without_a_token_is_unreadable(token: object) -> None:
    body: Any = {**sample("carts/update"), "token": token, "id": token}
    with pytest.raises(Unreadable):
        parse_delivery("carts/update", body, FACTS)


def test_refunds_that_succeeded_count_and_no_other() -> None:
    def refund(**told: Any) -> JsonObject:
        usual = {"kind": "refund", "status": "success", "amount": "5.00", "currency": "USD"}
        return {"transactions": [{**usual, **told}]}

    assert order(refunds=[refund(), refund(amount="2.50")]).refunded.minor == 750
    assert order(refunds=[refund(status="pending"), refund(kind="void")]).refunded.minor == 0
    assert order(refunds=[{"transactions": []}, {}]).refunded.minor == 0
    assert order(refunds=None).refunded == Money(0, "USD", 2)
    # The shopper paid 45.40 EUR for 49.98 USD.
    assert order(refunds=[refund(amount="45.40", currency="EUR")]).refunded.minor == 4998
    assert order(refunds=[refund(amount="4.54", currency="EUR")]).refunded.minor == 500


@pytest.mark.parametrize(
    ("landing", "click"),
    [
        ("/cart/1:1?utm_source=rebasket&utm_medium=email&utm_content=ref_1", "ref_1"),
        ("https://shop.example/?utm_content=ref_1&utm_source=rebasket", "ref_1"),
        ("/?utm_source=newsletter&utm_content=ref_1", ""),
        ("/?utm_source=rebasket&utm_content=a%20b", ""),
        ("https://[", ""),
        ("/?" + "a" * 3000 + "&utm_source=rebasket&utm_content=x", ""),
        (None, ""),
        (5, ""),
    ],
)
def test_a_click_is_found_in_the_address_where_the_shopper_landed(
    landing: object, click: str
) -> None:
    assert order(landing_site=landing).click_ref == click
    assert checkout(landing_site=landing).click_ref == click


def test_what_our_script_noted_counts_before_the_address() -> None:
    notes = [{"name": "_rebasket", "value": "ref-2"}, {"name": "_rebasket", "value": None}]
    landing = "/?utm_source=rebasket&utm_content=ref_1"
    assert order(note_attributes=notes, landing_site=landing).click_ref == "ref-2"
    wrong: list[Any] = ["a b", "x" * 65, 5, {}]
    for unsafe in wrong:
        bad = [{"name": "_rebasket", "value": unsafe}]
        assert order(note_attributes=bad).click_ref == ""
    assert order(note_attributes={"_rebasket": "ref-2"}).click_ref == ""


@pytest.mark.parametrize("status", ["pending", "authorized", "paid", "voided", "expired", None])
def test_whatever_was_placed_is_an_order(status: str | None) -> None:
    found = order(financial_status=status, cancelled_at=None)
    assert (found.stage, found.status) == ("placed", status or "")


def test_an_order_is_as_old_as_it_was_processed() -> None:
    assert order(processed_at="2019-01-01T00:00:00Z").placed_at.year == 2019
    assert order(processed_at=None).placed_at.year == 2026


def test_an_order_whose_figures_cannot_be_read_says_who_and_when() -> None:
    node: Any = {**Order().node(), "totalPriceSet": {"shopMoney": {"amount": "lots"}}}
    (event,) = parse_node("orders", node, FACTS)
    assert isinstance(event, OrderChanged)
    assert (event.total, event.lines) == (Money(0, "USD", 2), ())
    assert event.shopper.email == "ada@example.com"
    with pytest.raises(Unreadable):
        parse_delivery("orders/updated", {**Order().body(), "total_price_set": 5}, FACTS)


def test_stock_that_may_not_be_counted_is_asked_for() -> None:
    """Since 2024-07 a body does not say whether the shop counts a variant's pieces."""
    row = Variant(left=0).body()
    del row["inventory_management"]
    found, asked = product(variants=[row])
    assert (found.available, asked) == (False, True)
    assert product(variants=[{**row, "inventory_policy": "continue"}])[0].available
    found, asked = product(variants=[{**row, "inventory_quantity": 3}])
    assert (found.available, found.stock, asked) == (True, 3, False)


def test_a_product_with_more_variants_than_are_listed_is_asked_for() -> None:
    gids = [{"admin_graphql_api_id": f"gid://shopify/ProductVariant/{one}"} for one in (BIG + 7, 9)]
    found, asked = product(variant_gids=gids)
    assert (found.variant_ids, asked) == ((str(BIG + 7), "9"), True)
    assert len(found.variants or ()) == 1
    assert product(variant_gids=gids[:1])[1] is False


def test_a_product_without_variants_is_not_for_sale() -> None:
    found, _ = product(variants=[])
    assert (found.available, found.variants, found.price.minor) == (False, (), 0)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://shop.example/548380009/checkouts/abc123/recover?key=x", "abc123"),
        ("https://shop.example/checkouts/cn/Z2NwLXVz/recover", "Z2NwLXVz"),
        ("https://shop.example/checkouts/ac/9f8e7d6c", "9f8e7d6c"),
        ("https://checkout.shopify.com/1/checkouts/0123456789abcdef0123456789abcdef",
         "0123456789abcdef0123456789abcdef"),
        ("https://shop.example/cart/1:1", ""),
        ("https://shop.example/checkouts/", ""),
        ("https://shop.example/checkouts/a%20b/recover", ""),
        ("https://[", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_checkouts_token_is_in_its_address(address: str, token: str) -> None:
    assert carts.token_in(address) == token


def test_a_line_of_an_order_that_was_edited_away_is_no_line() -> None:
    rows = [Row().ordered(), {**Row().ordered(), "quantity": 0}]
    assert len(order(line_items=rows).lines) == 1
