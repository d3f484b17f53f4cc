"""A pool of codes: unguessable, readable, each given once, whoever asks at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from recovery.offers import services
from recovery.offers.models import Code, Discount
from recovery.offers.selectors import code_given_to, standing_of
from shopapp.kit.money import Money
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING, make_shop

DAY = timedelta(days=1)


def made(shop: Shop, **values: Any) -> Discount:
    told: dict[str, Any] = {"title": "Ten", "percent": 10, "starts_at": MORNING, "ends_at": None}
    return services.make_discount(shop, at=MORNING, **(told | values))


def ready(shop: Shop, count: int, **values: Any) -> Discount:
    """Return a discount whose codes the store has made."""
    discount = made(shop, **values)
    services.ensure_codes(shop, discount, count, at=MORNING)
    Code.objects.update(state=Code.State.READY)
    return discount


def test_codes_can_be_typed_and_not_guessed() -> None:
    codes = {services.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert not set("".join(codes)) & set("01OIl")
    assert len(services.ALPHABET) ** 10 >= 2**50


@pytest.mark.parametrize(
    "gives",
    [
        {"percent": None},
        {"percent": 10, "amount": Money(1, "EUR")},
        {"percent": 0},
        {"percent": 101},
        {"percent": None, "amount": Money(0, "EUR")},
    ],
)
def test_what_gives_nothing_or_two_things_is_no_discount(
    gives: dict[str, Any], shop: Shop, in_shop: None
) -> None:
    with pytest.raises(ValueError, match="is"):
        made(shop, **gives)


def test_ensuring_twice_wants_no_more(shop: Shop, in_shop: None) -> None:
    discount = made(shop)
    assert services.ensure_codes(shop, discount, 5, at=MORNING) == 5
    assert services.ensure_codes(shop, discount, 5, at=MORNING) == 0
    assert services.ensure_codes(shop, discount, 8, at=MORNING) == 3
    assert Code.objects.count() == 8


def test_a_message_gets_one_code_however_often_it_asks(shop: Shop, in_shop: None) -> None:
    discount = ready(shop, 3)
    first = services.take_code(discount, message_id=7, cart=None, at=MORNING)
    assert first is not None
    assert services.take_code(discount, message_id=7, cart=None, at=MORNING) == first
    assert code_given_to(7) == first
    assert Code.objects.filter(state="given").count() == 1
    other = services.take_code(discount, message_id=8, cart=None, at=MORNING)
    assert other not in {None, first}


def test_nothing_is_given_before_the_store_has_made_it(shop: Shop, in_shop: None) -> None:
    discount = made(shop)
    services.ensure_codes(shop, discount, 1, at=MORNING)
    for state in ("wanted", "asked", "failed"):
        Code.objects.update(state=state)
        assert services.take_code(discount, message_id=1, cart=None, at=MORNING) is None
        assert standing_of({"discount": str(discount.pk)}, message_id=1, at=MORNING) == "no_code"


def test_nothing_is_given_after_the_end(shop: Shop, in_shop: None) -> None:
    discount = ready(shop, 2, ends_at=MORNING + DAY)
    content = {"discount": str(discount.pk)}
    assert standing_of(content, message_id=1, at=MORNING) == ""
    assert standing_of(content, message_id=1, at=MORNING + DAY) == "offer_over"
    assert services.take_code(discount, message_id=1, cart=None, at=MORNING + DAY) is None
    assert services.ensure_codes(shop, discount, 9, at=MORNING + DAY) == 0


def test_an_offer_that_is_nowhere_is_over(shop: Shop, in_shop: None) -> None:
    assert standing_of({"discount": "999"}, message_id=1, at=MORNING) == "offer_over"
    assert standing_of({"discount": "x"}, message_id=1, at=MORNING) == "offer_over"
    assert standing_of({}, message_id=1, at=MORNING) == ""


def test_another_shops_discount_gives_nothing(shop: Shop, other_shop: Shop) -> None:
    with access.scope(other_shop):
        theirs = ready(other_shop, 1)
    with access.scope(shop):
        content = {"discount": str(theirs.pk)}
        assert standing_of(content, message_id=1, at=MORNING) == "offer_over"


def test_twenty_mails_at_once_get_twenty_codes(committed_db: None) -> None:
    shop = make_shop("crowd.example")
    with access.scope(shop):
        discount = ready(shop, 20)
    got: list[str | None] = []
    gate = threading.Barrier(20)

    def take(message_id: int) -> None:
        try:
            gate.wait()
            with access.scope(shop):
                code = services.take_code(discount, message_id=message_id, cart=None, at=MORNING)
            got.append(code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [code for code in got if code is not None]
    # Who finds all of them locked for a moment asks again later; nobody gets somebody else's.
    assert len(given) == len(set(given)) == len(got) - got.count(None)
    with access.scope(shop):
        assert Code.objects.filter(state="given").count() == len(given)
