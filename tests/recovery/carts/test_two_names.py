"""A cart known by two names is one cart, in whatever order its news arrives."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from recovery.carts import services
from recovery.carts.models import Cart, Entry
from shopapp.kit.money import Money
from shopapp.platforms.base import CartChanged, CartVanished, Line, Unreadable
from shopapp.shops.models import Shop
from tests.recovery.carts.test_services import ANNA, NOON, RUNNER, SOCKS, kinds, news, record

pytestmark = pytest.mark.usefixtures("in_shop")
TOKEN, CHECKOUT = "hWN1RcbU", "71f4ec6d"
URL = "https://shop.example/1/checkouts/71f4ec6d/recover?key=a"


def cart_news(minute: int = 0, **values: Any) -> CartChanged:
    """Return what the storefront's topics tell: lines, and nobody's name or total."""
    told = {"cart_id": TOKEN, "source": "platform", "total": None, "revision": 0}
    return news(minute=minute, **(told | values))


def checkout_news(minute: int = 0, **values: Any) -> CartChanged:
    """Return what the checkout's topics tell: both names, and who shops."""
    told = {
        "stage": "checkout",
        "alias": CHECKOUT,
        "checkout_id": "450789469",
        "recovery_url": URL,
        "shopper": ANNA,
        "total": Money(9900, "EUR", 2),
    }
    return cart_news(minute=minute, **(told | values))


def listed_news(minute: int = 0, **values: Any) -> CartChanged:
    """Return what a list of abandoned checkouts tells: the checkout's name alone."""
    return checkout_news(minute=minute, **({"cart_id": ""} | values))


def living() -> list[Cart]:
    return list(Cart.objects.filter(state__in=["open", "abandoned"]))


def shown(cart: Cart) -> dict[str, Any]:
    """Return what must be the same whatever order news came in."""
    lines = [(line.name, line.quantity) for line in cart.lines.all()]
    contact = cart.contact.email if cart.contact else ""
    names = (cart.cart_id, cart.alias, cart.checkout_id, cart.recovery_url)
    return {
        "names": names,
        "lines": lines,
        "who": contact,
        "stage": cart.stage,
        "total": cart.total_minor,
        "at": cart.changed_at,
    }


def test_a_cart_that_reaches_the_checkout_stays_one_cart(shop: Shop) -> None:
    record(shop, cart_news())
    record(shop, checkout_news(1))
    (cart,) = Cart.objects.all()
    assert (cart.cart_id, cart.alias, cart.checkout_id) == (TOKEN, CHECKOUT, "450789469")
    assert (cart.recovery_url, cart.stage, cart.total_minor) == (URL, "checkout", 9900)
    assert kinds(cart) == ["opened", "reached_checkout", "changed", "named"]


def test_late_news_of_the_cart_takes_nothing_from_the_checkout(shop: Shop) -> None:
    record(shop, checkout_news(5))
    assert record(shop, cart_news(1, lines=(SOCKS,))) is None
    (cart,) = Cart.objects.all()
    assert [line.name for line in cart.lines.all()] == ["Wool runner"]
    assert (cart.total_minor, cart.contact is not None) == (9900, True)


def test_late_news_of_the_checkout_still_tells_who_it_is(shop: Shop) -> None:
    record(shop, cart_news(5))
    cart = record(shop, checkout_news(1))
    assert cart is not None
    assert cart.contact is not None
    assert (cart.alias, cart.recovery_url, cart.stage) == (CHECKOUT, URL, "checkout")
    # The lines are the same, so the total is theirs.
    assert (cart.total_minor, cart.changed_at) == (9900, NOON + timedelta(minutes=5))
    assert record(shop, checkout_news(1)) is None


def test_a_known_shopper_is_looked_at_again(shop: Shop) -> None:
    cart = record(shop, cart_news(5))
    assert cart is not None
    services.abandon_quiet(shop, at=NOON + timedelta(hours=3))
    services.block(cart, "no_address", at=NOON + timedelta(hours=3))
    record(shop, checkout_news(1))
    cart.refresh_from_db()
    assert (cart.state, cart.considered_at, cart.blocked_reason) == ("abandoned", None, "")


def test_a_total_goes_with_the_lines_that_it_was_told_of(shop: Shop) -> None:
    record(shop, checkout_news())
    record(shop, cart_news(1))
    assert Cart.objects.get().total_minor == 9900
    record(shop, cart_news(2, lines=(RUNNER, SOCKS)))
    assert Cart.objects.get().total_minor is None


def test_a_checkout_known_by_its_own_name_only_gets_the_carts_later(shop: Shop) -> None:
    record(shop, listed_news())
    (alone,) = Cart.objects.all()
    assert alone.cart_id not in {"", TOKEN, CHECKOUT}
    assert record(shop, listed_news(1, lines=(SOCKS,))) is not None
    record(shop, checkout_news(2))
    (cart,) = Cart.objects.all()
    assert (cart.pk, cart.cart_id, cart.alias) == (alone.pk, TOKEN, CHECKOUT)
    record(shop, cart_news(3, lines=(RUNNER, SOCKS)))
    assert [cart.quantity for cart in Cart.objects.all()] == [3]


def test_two_rows_that_are_one_cart_are_joined(shop: Shop) -> None:
    first = record(shop, cart_news(visitor_id="v" * 32))
    second = record(shop, listed_news(1))
    assert first is not None
    assert second is not None
    assert len(living()) == 2
    record(shop, checkout_news(2))
    (cart,) = living()
    first.refresh_from_db()
    assert cart.pk == second.pk
    assert (cart.cart_id, cart.generation, cart.visitor_id) == (TOKEN, 2, "v" * 32)
    assert cart.started_at == NOON
    assert (first.state, first.ended_at) == ("merged", NOON + timedelta(minutes=2))
    for row in (first, cart):
        assert "joined" in kinds(row)


def test_joined_late_the_newest_content_stands(shop: Shop) -> None:
    record(shop, listed_news(1))
    services.abandon_quiet(shop, at=NOON + timedelta(hours=1))
    record(shop, cart_news(90, lines=(RUNNER, SOCKS)))
    joined = record(shop, checkout_news(2))
    assert joined is not None
    (cart,) = living()
    assert [line.name for line in cart.lines.all()] == ["Wool runner", "Socks"]
    # What was told last says no total, and that the shopper has been back.
    assert (cart.total_minor, cart.state, cart.abandoned_at) == (None, "open", None)
    assert record(shop, checkout_news(2)) is None


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_of_arrival_ends_in_the_same_cart(shop: Shop, order: tuple[int, ...]) -> None:
    told = [
        cart_news(0),
        checkout_news(1),
        listed_news(2),
        cart_news(3, lines=(RUNNER, SOCKS)),
    ]
    for number in order:
        record(shop, told[number])
    (cart,) = living()
    assert shown(cart) == {
        "names": (TOKEN, CHECKOUT, "450789469", URL),
        "lines": [("Wool runner", 1), ("Socks", 2)],
        "who": "anna@example.se",
        "stage": "checkout",
        "total": None,
        "at": NOON + timedelta(minutes=3),
    }


def test_a_session_that_outlives_its_carts_joins_none(shop: Shop) -> None:
    record(shop, news(cart_id="a" * 32, alias="5"))
    record(shop, news(1, cart_id="b" * 32, alias="5"))
    assert len(living()) == 2


@pytest.mark.parametrize(("cart_id", "alias"), [(TOKEN, ""), ("", CHECKOUT), (TOKEN, CHECKOUT)])
def test_a_deleted_checkout_cannot_be_restored(shop: Shop, cart_id: str, alias: str) -> None:
    record(shop, checkout_news())
    gone = CartVanished(cart_id, alias, NOON + timedelta(minutes=9))
    cart = services.vanish(shop, gone, at=gone.at)
    assert cart is not None
    assert (cart.state, cart.ended_at) == ("lost", gone.at)
    assert kinds(cart)[-1] == "vanished"
    assert services.vanish(shop, gone, at=gone.at) is None
    # Late news does not bring it back; the shopper's next cart is another.
    assert record(shop, checkout_news(8, lines=(SOCKS,))) is None
    again = record(shop, cart_news(10, lines=(SOCKS,)))
    assert again is not None
    assert (again.generation, again.state) == (2, "open")


def test_a_deletion_from_before_the_newest_change_is_old_news(shop: Shop) -> None:
    record(shop, checkout_news(5))
    assert services.vanish(shop, CartVanished(TOKEN, CHECKOUT, NOON), at=NOON) is None
    assert len(living()) == 1


def test_news_that_names_no_cart_is_unreadable(shop: Shop) -> None:
    with pytest.raises(Unreadable):
        record(shop, cart_news(cart_id=""))
    assert not Entry.objects.exists()


def test_a_line_without_its_price_is_still_the_same_line(shop: Shop) -> None:
    record(shop, checkout_news())
    bare = Line("12", "34", 1, "Wool runner")
    record(shop, cart_news(1, lines=(bare,)))
    assert Cart.objects.get().total_minor == 9900
