"""The results page: its numbers are the rows, no more and no less."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from recovery.attribution.models import Credit
from recovery.carts.models import Cart
from recovery.flows import services as flows
from recovery.flows.models import Flow
from recovery.messaging.models import Click, Link, Message
from recovery.orders.models import Order
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

DAY = timedelta(days=1)
NOW = MORNING + DAY


def make_history(shop: Shop) -> None:
    """Leave five carts, win two back, one of them by a mail's link; one cart is long ago."""
    flows.make_presets(shop, at=MORNING)
    flow = Flow.objects.get(preset="cart-standard")
    anna = scene.make_contact(shop)
    for number in range(3):
        scene.make_cart(shop, None, abandoned_at=MORNING - number * DAY)
    scene.make_cart(shop, None, abandoned_at=MORNING - 40 * DAY)
    scene.make_cart(shop, None, state=Cart.State.ORDERED)
    won = scene.make_cart(shop, anna, state=Cart.State.ORDERED)
    mail = make_mail(shop, anna, won, flow, "1")
    make_mail(shop, anna, won, flow, "2", state=Message.State.SKIPPED, sent_at=None)
    make_mail(shop, anna, won, flow, "3", kind=Message.Kind.TEST)
    link = Link.objects.create(
        shop=shop,
        purpose=Link.Purpose.RESTORE,
        token_hash=f"t{shop.pk}",
        click_ref=f"c{shop.pk}",
        message=mail,
        cart=won,
        created_at=MORNING,
        expires_at=MORNING + 30 * DAY,
    )
    click, *_ = (
        Click.objects.create(shop=shop, link=link, followed_at=MORNING, counted_at=counted)
        for counted in (MORNING, MORNING, None)
    )
    order = Order.objects.create(
        shop=shop,
        platform_id="7",
        number="7",
        status="processing",
        stage=Order.Stage.PLACED,
        placed_at=MORNING,
        changed_at=MORNING,
        content_hash="x",
        total_minor=4990,
        currency="EUR",
        decimals=2,
        ended_cart=won,
    )
    Credit.objects.create(
        shop=shop,
        order=order,
        message=mail,
        click=click,
        flow_id=flow.pk,
        amount_minor=4990,
        currency="EUR",
        decimals=2,
        clicked_at=MORNING,
        ordered_at=MORNING,
    )


def make_mail(shop: Shop, contact: Any, cart: Cart, flow: Flow, key: str, **values: Any) -> Message:
    """Return a mail of the flow as it was sent."""
    defaults: dict[str, Any] = {
        "kind": Message.Kind.FLOW,
        "state": Message.State.SENT,
        "sent_at": MORNING,
    }
    mail: Message = Message.objects.create(
        shop=shop,
        dedup_key=key,
        contact=contact,
        cart=cart,
        flow_id=flow.pk,
        step_key="reminder",
        address=contact.email,
        address_key=contact.address_key,
        created_at=MORNING,
        due_at=MORNING,
        too_late_at=MORNING,
        **(defaults | values),
    )
    return mail


@pytest.fixture
def history(shop: Shop, other_shop: Shop, time_machine: Any) -> Shop:
    """Return a shop with a past; the other shop has the same one of its own."""
    time_machine.move_to(NOW)
    for one in (other_shop, shop):
        with access.scope(one):
            make_history(one)
    return shop


def figures(client: Client, shop: Shop, window: int) -> Any:
    return client.get(f"/shops/{shop.pk}/results/", {"window": window}).context


@pytest.mark.parametrize(("window", "abandoned"), [(7, 5), (30, 5), (90, 6)])
def test_the_numbers_are_the_rows_of_the_window(
    window: int, abandoned: int, owner_client: Client, history: Shop
) -> None:
    shown = figures(owner_client, history, window)
    totals = shown["figures"]
    assert (totals.abandoned, totals.recovered, totals.orders) == (abandoned, 2, 1)
    assert totals.money.minor == 4990
    assert totals.rate == pytest.approx(2 / abandoned)
    assert sum(day["abandoned"] for day in shown["days"]) == abandoned
    assert sum(day["recovered"] for day in shown["days"]) == 2
    assert len(shown["days"]) == window


def test_a_flows_line_counts_sent_mails_clicked_mails_and_orders(
    owner_client: Client, history: Shop
) -> None:
    (line,) = figures(owner_client, history, 30)["flows"]
    assert (line.sent, line.clicks, line.orders, line.money.minor) == (1, 1, 1, 4990)


def test_the_flows_page_tells_the_same(owner_client: Client, history: Shop) -> None:
    rows = owner_client.get(f"/shops/{history.pk}/flows/").context["flows"]
    told = {row["name"]: (row["sent"], row["clicks"], row["orders"]) for row in rows}
    assert told["Cart abandoned (standard)"] == (1, 1, 1)
    assert told["Checkout abandoned"] == (0, 0, 0)


def test_money_of_another_currency_is_not_added_up(owner_client: Client, history: Shop) -> None:
    with access.scope(history):
        Credit.objects.update(currency="SEK")
    totals = figures(owner_client, history, 30)["figures"]
    assert (totals.orders, totals.money.minor) == (1, 0)


def test_a_shop_without_carts_is_told_so(owner_client: Client, shop: Shop) -> None:
    assert (
        "Not enough to tell yet" in owner_client.get(f"/shops/{shop.pk}/results/").content.decode()
    )


def test_another_shops_results_are_not_there(
    owner_client: Client, history: Shop, other_shop: Shop
) -> None:
    assert owner_client.get(f"/shops/{other_shop.pk}/results/").status_code == 404
