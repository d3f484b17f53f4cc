"""Carts: news in any order, abandonment, coming back, and generations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recovery.carts import services
from recovery.carts.models import Cart, Entry
from recovery.contacts.models import Consent, Contact
from shopapp.kit.money import Money
from shopapp.platforms.base import CartChanged, ConsentGiven, Line, Shopper, Unreadable
from shopapp.shops.models import Shop

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUNNER = Line("12", "34", 1, "Wool runner", (("Size", "42"),), Money(9900, "EUR", 2))
SOCKS = Line("15", "", 2, "Socks", (), Money(1800, "EUR", 2))
ANNA = Shopper(email="Anna@Example.se", email_source="checkout", first_name="Anna", country="SE")

pytestmark = pytest.mark.usefixtures("in_shop")
News = Callable[..., CartChanged]


def news(minute: int = 0, revision: int = 1, **values: Any) -> CartChanged:
    lines = values.pop("lines", (RUNNER,))
    defaults: dict[str, Any] = {
        "cart_id": "c" * 32,
        "changed_at": NOON + minute * MINUTE,
        "revision": revision,
        "stage": "cart",
        "lines": lines,
        "total": Money(sum(line.total.minor for line in lines if line.total), "EUR", 2),
        "shopper": Shopper(),
        "source": "plugin",
    }
    return CartChanged(**(defaults | values))


def kinds(cart: Cart) -> list[str]:
    return list(Entry.objects.filter(cart=cart).order_by("id").values_list("kind", flat=True))


def record(shop: Shop, event: CartChanged) -> Cart | None:
    return services.record_change(shop, event, at=event.changed_at)


def test_a_cart_starts_with_its_first_line(shop: Shop) -> None:
    assert record(shop, news(lines=())) is None
    cart = record(shop, news())
    assert cart is not None
    assert cart.total == Money(9900, "EUR", 2)
    assert [line.name for line in cart.lines.all()] == ["Wool runner"]
    assert kinds(cart) == ["opened"]


def test_older_news_changes_nothing(shop: Shop) -> None:
    record(shop, news(minute=5, revision=2, lines=(RUNNER, SOCKS)))
    assert record(shop, news(minute=1, revision=1)) is None
    assert record(shop, news(minute=5, revision=2, lines=(RUNNER, SOCKS))) is None
    cart = Cart.objects.get()
    assert cart.quantity == 3


def test_any_order_of_arrival_ends_in_the_same_cart(shop: Shop) -> None:
    first, second = news(minute=0, lines=(RUNNER,)), news(minute=0, lines=(SOCKS,))
    record(shop, first)
    record(shop, second)
    one_way = list(Cart.objects.get().lines.values_list("name", flat=True))
    Cart.objects.all().delete()
    record(shop, second)
    record(shop, first)
    assert list(Cart.objects.get().lines.values_list("name", flat=True)) == one_way


def test_a_quiet_cart_is_abandoned_at_its_cut_off_and_a_checkout_sooner(shop: Shop) -> None:
    cart = record(shop, news())
    checkout = record(shop, news(cart_id="d" * 32, stage="checkout"))
    assert cart is not None
    assert checkout is not None
    assert services.abandon_quiet(shop, at=NOON + 29 * MINUTE) == 0
    assert services.abandon_quiet(shop, at=NOON + 31 * MINUTE) == 1
    checkout.refresh_from_db()
    assert checkout.abandoned_at == NOON + 30 * MINUTE
    assert services.abandon_quiet(shop, at=NOON + 200 * MINUTE) == 1
    cart.refresh_from_db()
    assert (cart.state, cart.abandoned_at) == ("abandoned", NOON + 60 * MINUTE)
    assert services.abandon_quiet(shop, at=NOON + 300 * MINUTE) == 0


def test_new_activity_takes_the_abandonment_back(shop: Shop) -> None:
    record(shop, news())
    services.abandon_quiet(shop, at=NOON + 61 * MINUTE)
    cart = record(shop, news(minute=70, revision=2, lines=(RUNNER, SOCKS)))
    assert cart is not None
    cart.refresh_from_db()
    assert (cart.state, cart.abandoned_at) == ("open", None)
    assert kinds(cart) == ["opened", "abandoned", "reopened", "changed"]


def test_emptied_and_refilled_is_a_new_generation(shop: Shop) -> None:
    record(shop, news())
    emptied = record(shop, news(minute=1, revision=2, lines=()))
    assert emptied is not None
    assert emptied.state == Cart.State.EMPTIED
    again = record(shop, news(minute=2, revision=3))
    assert again is not None
    assert (again.generation, again.state) == (2, "open")
    assert record(shop, news(minute=1, revision=2, lines=(SOCKS,))) is None


def test_an_order_ends_the_cart_and_late_news_do_not_revive_it(shop: Shop) -> None:
    cart = record(shop, news())
    assert cart is not None
    assert services.end_by_order(cart, order_number="7", at=NOON + 10 * MINUTE)
    assert not services.end_by_order(cart, order_number="7", at=NOON + 10 * MINUTE)
    assert record(shop, news(minute=9, revision=2, lines=(SOCKS,))) is None
    assert Cart.objects.count() == 1
    fresh = record(shop, news(minute=30, revision=3))
    assert fresh is not None
    assert fresh.generation == 2


def test_after_thirty_quiet_days_it_is_a_new_cart(shop: Shop) -> None:
    record(shop, news())
    cart = record(shop, news(minute=31 * 24 * 60, revision=2))
    assert cart is not None
    assert cart.generation == 2


def test_a_signed_address_makes_a_contact_with_its_consent(shop: Shop) -> None:
    given = ConsentGiven(True, "Send me offers", "v1", "sv", NOON, "checkout")
    shopper = Shopper(email="Anna@Example.se", email_source="checkout", consent=given)
    cart = record(shop, news(shopper=shopper))
    assert cart is not None
    contact = Contact.objects.get()
    assert cart.contact == contact
    assert (contact.email, contact.evidence) == ("anna@example.se", "signed")
    consent = Consent.objects.get()
    assert (consent.given, consent.wording, consent.version) == (True, "Send me offers", "v1")


def test_a_browser_cannot_overwrite_what_the_shop_said(shop: Shop) -> None:
    record(shop, news())
    assert record(shop, news(minute=3, revision=9, source="browser", lines=(SOCKS,))) is None


def test_a_damaged_address_is_not_a_contact(shop: Shop) -> None:
    cart = record(shop, news(shopper=Shopper(email="not an address")))
    assert cart is not None
    assert cart.contact is None


@pytest.mark.parametrize("days", [29, 31])
def test_carts_left_thirty_days_ago_are_given_up(shop: Shop, days: int) -> None:
    record(shop, news())
    services.abandon_quiet(shop, at=NOON + timedelta(hours=2))
    lost = services.lose_old(shop, at=NOON + timedelta(days=days, hours=1))
    assert lost == (days > 30)
    assert Cart.objects.get().state == ("lost" if days > 30 else "abandoned")


def test_news_from_the_future_is_unreadable(shop: Shop) -> None:
    with pytest.raises(Unreadable, match="future"):
        services.record_change(shop, news(minute=3 * 24 * 60), at=NOON)
