"""Discounts and codes are made in the store: once, in batches, and none is doubled or lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from recovery.ingest import codes, errands
from recovery.offers.models import Code, Discount
from recovery.offers.services import end, ensure_codes, make_discount, take_code
from shopapp.kit.money import Money
from shopapp.platforms.answers import StoreUnavailable
from shopapp.platforms.shopify.client import Client
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.doubles.shopify import discounting
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    app_identity,
    connect,
    make_shopify_shop,
    open_store,
)

SOON = timedelta(seconds=30)


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shopify_shop("little")
    connect(shop)
    return shop


@pytest.fixture
def little(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> LittleShopify:
    app_identity(monkeypatch)
    little = LittleShopify(open_store(shop.host))
    little.answer_outbound(monkeypatch)
    little.store.code_seconds = 0.0
    return little


def campaign(shop: Shop, count: int = 3, **values: object) -> Discount:
    told = {"title": "Ten per cent", "percent": 10, "starts_at": MORNING, "ends_at": None} | values
    with access.scope(shop):
        discount = make_discount(shop, at=MORNING, **told)  # type: ignore[arg-type]
        ensure_codes(shop, discount, count, at=MORNING)
    return discount


def now(shop: Shop, discount: Discount) -> Discount:
    with access.scope(shop):
        discount.refresh_from_db()
    return discount


def run(shop: Shop, discount: Discount, *, rounds: int = 30) -> datetime:
    """Look after the discount whenever it is due; return when it was for the last time."""
    at = MORNING
    for _ in range(rounds):
        due = now(shop, discount).due_at
        if due is None:
            return at
        at = max(at, due)
        codes.make_codes(shop, at=at)
    raise AssertionError("it is never done")


def states(shop: Shop) -> dict[str, int]:
    with access.scope(shop):
        rows = list(Code.objects.values_list("state", flat=True))
    return {state: rows.count(state) for state in set(rows)}


def test_one_discount_and_its_codes(shop: Shop, little: LittleShopify) -> None:
    discount = campaign(shop, 600, ends_at=MORNING + timedelta(days=3))
    assert access.due_shops("offers_code_shops", MORNING) == [shop]
    run(shop, discount)
    (made,) = little.store.state.discounts.values()
    assert (made.title, made.percent, made.usage_limit) == ("Ten per cent", Decimal("0.1"), 1)
    assert made.ends_at == MORNING + timedelta(days=3)
    assert now(shop, discount).platform_id == str(made.id)
    assert states(shop) == {"ready": 600}
    with access.scope(shop):
        ours = set(Code.objects.values_list("code", flat=True))
    theirs = {code.code for code in made.codes}
    assert ours < theirs
    assert len(theirs) == 601, "its own first code is nobody's"
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", code) for code in ours)
    assert sum(len(work.codes) <= 250 for work in little.store.state.code_works.values()) == 3


def test_an_amount_is_told_in_the_shops_money(shop: Shop, little: LittleShopify) -> None:
    discount = campaign(shop, 1, percent=None, amount=Money(550, "EUR", 2))
    run(shop, discount)
    (made,) = little.store.state.discounts.values()
    assert (made.percent, made.amount) == (None, Decimal("5.50"))


def test_the_pool_is_filled_up_behind_each_code_that_is_given(
    shop: Shop, little: LittleShopify
) -> None:
    discount = campaign(shop, 2)
    at = run(shop, discount)
    with access.scope(shop):
        assert take_code(discount, message_id=1, cart=None, at=at)
    run(shop, discount)
    assert states(shop) == {"given": 1, "ready": 2}


def test_codes_that_the_store_refuses_are_replaced(shop: Shop, little: LittleShopify) -> None:
    discount = campaign(shop, 3)
    with access.scope(shop):
        taken = Code.objects.order_by("pk")[0].code
    other = discounting.new_discount(
        little.store, title="Theirs", code=taken, percent=Decimal("0.5"), starts_at=MORNING
    )
    run(shop, discount)
    assert states(shop) == {"failed": 1, "ready": 3}
    with access.scope(shop):
        assert Code.objects.get(state="failed").problem
    assert [code.code for code in other.codes] == [taken]


@pytest.mark.parametrize("mutation", ["create_discount", "add_codes", "codes_made"])
def test_an_answer_that_was_lost_doubles_nothing(
    mutation: str, shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store has done it, and we never hear of it."""
    real = getattr(Client, mutation)
    lost: list[bool] = []

    def forgetful(self: Client, *given: object) -> object:
        done = real(self, *given)
        # The client itself repairs a lost answer to the first; then nothing is lost at all.
        if not lost and mutation != "create_discount":
            lost.append(True)
            raise StoreUnavailable("the connection was lost", temporary=True)
        return done

    monkeypatch.setattr(Client, mutation, forgetful)
    discount = campaign(shop, 4)
    run(shop, discount)
    assert states(shop) == {"ready": 4}
    assert len(little.store.state.discounts) == 1
    (made,) = little.store.state.discounts.values()
    assert len(made.codes) == 5
    assert now(shop, discount).attempts == 0


def test_a_store_that_is_away_is_asked_later_and_later(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> str:
        raise StoreUnavailable("Your store did not answer.", temporary=True)

    with monkeypatch.context() as patched:
        patched.setattr(Client, "create_discount", away)
        discount = campaign(shop, 1)
        codes.make_codes(shop, at=MORNING)
        row = now(shop, discount)
        assert (row.problem, row.attempts) == ("Your store did not answer.", 1)
        assert row.due_at == errands.next_try(1, at=MORNING)
    run(shop, discount)
    assert (now(shop, discount).problem, states(shop)) == ("", {"ready": 1})


def test_a_discount_that_the_store_refuses_is_given_up(shop: Shop, little: LittleShopify) -> None:
    discount = campaign(shop, 1, title="")
    codes.make_codes(shop, at=MORNING)
    row = now(shop, discount)
    assert (row.state, row.due_at) == ("refused", None)
    assert row.problem


def test_codes_under_way_are_not_asked_for_again_by_a_second_worker(
    shop: Shop, little: LittleShopify
) -> None:
    discount = campaign(shop, 2)
    with access.scope(shop):
        assert codes._claimed(at=MORNING, limit=10)
        assert codes._claimed(at=MORNING, limit=10) == []
    assert now(shop, discount).due_at == errands.leased(MORNING)


def test_an_ended_discount_is_switched_off_in_the_store(shop: Shop, little: LittleShopify) -> None:
    discount = campaign(shop, 1)
    at = run(shop, discount)
    with access.scope(shop):
        assert end(discount, at=at)
        assert not end(discount, at=at)
        assert take_code(discount, message_id=1, cart=None, at=at) is None
    run(shop, discount)
    (made,) = little.store.state.discounts.values()
    assert made.ends_at is not None
    assert now(shop, discount).due_at is None


def test_a_platform_without_codes_says_so(little: LittleShopify) -> None:
    woo = make_shop("woo.example")
    with access.scope(woo):
        credentials.keep(woo, Credential.Kind.API_KEYS, "ck_1:cs_1", at=MORNING)
    discount = campaign(woo, 1)
    codes.make_codes(woo, at=MORNING)
    row = now(woo, discount)
    assert (row.state, row.problem) == ("refused", codes._CANNOT)


def test_a_shop_that_has_left_is_not_asked(shop: Shop, little: LittleShopify) -> None:
    campaign(shop, 1)
    Shop.objects.filter(pk=shop.pk).update(state=Shop.State.UNINSTALLED)
    shop.refresh_from_db()
    assert codes.make_codes(shop, at=MORNING) == 0
    assert little.asked == []
