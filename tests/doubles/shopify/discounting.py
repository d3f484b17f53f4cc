"""What happens to discounts and their codes, and the news it makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from shopapp.kit.clock import real_now
from tests.doubles.shopify.order_records import Code, CodeWork, Discount
from tests.doubles.shopify.payloads.customer_json import gid
from tests.doubles.shopify.pricing import code_named
from tests.doubles.shopify.settings import utc_thousandths
from tests.doubles.shopify.shop import Shop


def new_discount(
    shop: Shop,
    *,
    title: str,
    code: str,
    percent: Decimal | None,
    amount: Decimal = Decimal(0),
    starts_at: datetime,
    ends_at: datetime | None = None,
    usage_limit: int | None = None,
    once_per_customer: bool = False,
    combines: Mapping[str, bool] | None = None,
) -> Discount:
    """Make a discount with its first code. ``percent``: 0 to 1."""
    with shop.action() as at:
        made = Discount(
            shop.state.next_id("discount"), title, percent, amount, starts_at, ends_at, at, at,
            usage_limit, once_per_customer,
        )  # fmt: skip
        made.combines = dict(combines or {})
        made.codes.append(Code(shop.state.next_id("code"), code))
        shop.state.discounts[made.id] = made
        return made


def add_codes(shop: Shop, discount: Discount, codes: list[str]) -> CodeWork:
    """Begin to add these codes; the shop goes on with it whenever it is asked how far it is."""
    with shop.action():
        work = CodeWork(shop.state.next_id("codes"), discount.id, codes, real_now())
        shop.state.code_works[work.id] = work
        return work


def work_on(shop: Shop, work: CodeWork) -> None:
    """Add what a shop manages meanwhile: nothing at first, then all. Real time counts."""
    if work.done or real_now() - work.created_at < timedelta(seconds=shop.code_seconds):
        return
    with shop.action() as at:
        discount = shop.state.discounts[work.discount_id]
        for text in work.codes:
            if text.lower() in {one.lower() for one in work.imported} or code_named(
                shop.state, text
            ):
                work.failed[text.lower()] = "Code must be unique. Please try a different code."
                continue
            code = Code(shop.state.next_id("code"), text)
            discount.codes.append(code)
            work.imported.append(text)
            shop.tell(
                "discounts/redeemcode_added",
                {
                    "admin_graphql_api_id": gid("DiscountCodeNode", discount.id),
                    "redeem_code": {"id": gid("DiscountRedeemCode", code.id), "code": text},
                    "updated_at": utc_thousandths(at),
                },
            )


def end_discount(shop: Shop, discount: Discount) -> None:
    """Let a discount end now, with all its codes."""
    with shop.action() as at:
        discount.ends_at = discount.updated_at = at
