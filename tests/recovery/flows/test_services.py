"""Runs through flows on a real database: who enters, what goes when, and what stops it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery.attribution import services as attribution
from recovery.carts import services as carts
from recovery.carts.models import Cart, Entry
from recovery.contacts import services as contacts
from recovery.contacts.models import Channel, Contact, Suppression
from recovery.flows import arbiter, leaving, services, steps
from recovery.flows.models import Flow, FlowRun
from recovery.messaging.models import Message
from shopapp.platforms.base import Shopper
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.recovery.flows.conftest import HOUR, NOON, place_order, put_in_cart


def pass_time(shop: Shop, until: datetime) -> None:
    """Let the sweeps run at this moment."""
    carts.abandon_quiet(shop, at=until)
    arbiter.enroll(shop, at=until)
    for run in FlowRun.objects.filter(state="active", due_at__lte=until):
        services.step_run(run.pk, at=until)


def queued() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("step_key", flat=True))


def test_an_abandoned_cart_gets_its_mails_in_their_time(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    assert FlowRun.objects.get().flow.preset == "cart-standard"
    assert queued() == []
    pass_time(ready, NOON + 3 * HOUR)
    assert queued() == ["reminder"]
    message = Message.objects.get()
    assert message.due_at == NOON + 3 * HOUR
    assert message.dedup_key.startswith("run:")


def test_a_checkout_enters_the_checkout_flow_after_its_shorter_cut_off(ready: Shop) -> None:
    put_in_cart(ready, NOON, stage="checkout")
    pass_time(ready, NOON + HOUR)
    assert FlowRun.objects.get().flow.preset == "checkout"
    assert queued() == ["service"]


def test_deciding_twice_queues_once(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    run = FlowRun.objects.get()
    for _ in range(3):
        services.step_run(run.pk, at=NOON + 3 * HOUR)
    assert queued() == ["reminder"]


@pytest.mark.parametrize("moment", ["before_abandonment", "before_step", "after_queueing"])
@pytest.mark.parametrize("way", ["cart", "checkout", "spelling", "phone", "customer"])
def test_an_order_ends_everything_whenever_and_however_it_comes(
    ready: Shop, moment: str, way: str
) -> None:
    cart = put_in_cart(ready, NOON)
    Cart.objects.filter(pk=cart.pk).update(customer_id="5", alias="t_alias")
    if moment != "before_abandonment":
        pass_time(ready, NOON + HOUR)
    if moment == "after_queueing":
        pass_time(ready, NOON + 3 * HOUR)
        assert queued() == ["reminder"]
    ways: dict[str, dict[str, Any]] = {
        "cart": {"cart_id": "c" * 32},
        "checkout": {"checkout_token": "t_alias"},
        "spelling": {"shopper": Shopper(email="ANNA+shop@Example.SE")},
        "phone": {"shopper": Shopper(phone="+46701234567", country="SE")},
        "customer": {"shopper": Shopper(customer_id="5")},
    }
    order = place_order(ready, NOON + 4 * HOUR, **ways[way])
    services.stop_for_order(ready, order, at=NOON + 4 * HOUR)
    for hours in range(5, 80, 5):
        pass_time(ready, NOON + hours * HOUR)
    cart.refresh_from_db()
    assert cart.state == Cart.State.ORDERED
    assert not FlowRun.objects.filter(state="active").exists()
    assert set(Message.objects.values_list("state", flat=True)) <= {"skipped"}


def test_a_lost_order_event_is_found_before_anything_is_queued(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    place_order(ready, NOON + 2 * HOUR, shopper=Shopper(email="anna@example.se"))
    pass_time(ready, NOON + 3 * HOUR)
    assert queued() == []
    assert FlowRun.objects.get().outcome == "ordered"


def test_a_pending_order_holds_and_a_failed_one_lets_go(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    place_order(ready, NOON + 2 * HOUR, cart_id="c" * 32, stage="pending", status="pending")
    pass_time(ready, NOON + 3 * HOUR)
    assert queued() == []
    assert FlowRun.objects.get().waiting_reason == "payment_pending"
    place_order(ready, NOON + 4 * HOUR, cart_id="c" * 32, stage="failed", status="failed")
    pass_time(ready, NOON + 5 * HOUR)
    assert queued() == ["reminder"]


def test_an_order_from_before_the_cart_does_not_end_it(ready: Shop) -> None:
    place_order(ready, NOON - 24 * HOUR, shopper=Shopper(email="anna@example.se"))
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    assert queued() == ["reminder"]


def test_a_shopper_is_in_one_flow_at_a_time_whatever_the_spelling(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    put_in_cart(
        ready,
        NOON,
        cart_id="d" * 32,
        shopper=Shopper(email="anna+two@example.se", email_source="checkout", country="SE"),
    )
    other = Contact.objects.get(email="anna+two@example.se")
    contacts.record_consent(
        other,
        channel=Channel.EMAIL,
        given=True,
        wording="Yes",
        version="1",
        language="en",
        source="checkout",
        at=NOON,
    )
    pass_time(ready, NOON + HOUR)
    assert FlowRun.objects.filter(state="active").count() == 1
    blocked = Cart.objects.exclude(blocked_reason="").get()
    assert blocked.blocked_reason == "in_another_flow"
    assert Entry.objects.filter(cart=blocked, reason="in_another_flow").exists()


def test_a_more_urgent_flow_takes_over_and_withdraws_what_waits(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    put_in_cart(ready, NOON + 3 * HOUR, cart_id="d" * 32, stage="checkout")
    pass_time(ready, NOON + 4 * HOUR)
    runs = {run.flow.preset: run for run in FlowRun.objects.select_related("flow")}
    assert runs["cart-standard"].outcome == "taken_over"
    assert runs["checkout"].state == "active"
    waiting = Message.objects.filter(step_key="reminder").get()
    assert (waiting.state, waiting.reason) == ("skipped", "taken_over")


def test_coming_back_pauses_and_leaving_again_goes_on_where_it_was(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    Message.objects.update(state="sent", sent_at=NOON + 3 * HOUR)
    put_in_cart(ready, NOON + 10 * HOUR, revision=99_999)
    pass_time(ready, NOON + 10 * HOUR + timedelta(minutes=30))
    assert FlowRun.objects.get().waiting_reason == "shopper_active"
    pass_time(ready, NOON + 12 * HOUR)
    pass_time(ready, NOON + 58 * HOUR)
    assert queued() == ["reminder"]
    pass_time(ready, NOON + 59 * HOUR + timedelta(minutes=10))
    assert queued() == ["reminder", "second-look"]


def test_after_an_outage_a_step_past_its_time_is_left_out_with_the_reason(ready: Shop) -> None:
    cart = put_in_cart(ready, NOON)
    pass_time(ready, NOON + 40 * HOUR)
    assert queued() == []
    assert Entry.objects.filter(cart=cart, kind="step_skipped", reason="too_late").count() == 1
    pass_time(ready, NOON + 50 * HOUR)
    assert queued() == ["second-look"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("no_address", "no_address"),
        ("suppressed", "unsubscribed"),
        ("no_consent", "no_consent"),
        ("switched_off", "no_flow_on"),
        ("too_old", "before_flow_was_on"),
    ],
)
def test_every_no_is_written_on_the_timeline(ready: Shop, spoil: str, reason: str) -> None:
    left_at = NOON - 20 * HOUR if spoil == "too_old" else NOON
    shopper = Shopper(email="anna@example.se", email_source="checkout", country="SE")
    if spoil == "no_address":
        shopper = Shopper()
    if spoil == "no_consent":
        shopper = Shopper(email="new@example.de", email_source="checkout", country="DE")
    if spoil == "suppressed":
        contacts.suppress(
            ready,
            channel=Channel.EMAIL,
            address_key="anna@example.se",
            reason=Suppression.Reason.UNSUBSCRIBED,
            at=NOON,
        )
    if spoil == "switched_off":
        for flow in Flow.objects.all():
            services.switch_off(flow, at=NOON)
    cart = put_in_cart(ready, left_at, shopper=shopper)
    pass_time(ready, NOON + 2 * HOUR)
    cart.refresh_from_db()
    assert cart.blocked_reason == reason
    assert Entry.objects.filter(cart=cart, kind="not_contacted", reason=reason).count() == 1
    assert not FlowRun.objects.exists()


def test_switching_on_with_a_look_back_takes_the_carts_of_that_time(ready: Shop) -> None:
    flow = Flow.objects.get(preset="cart-standard")
    services.switch_off(flow, at=NOON)
    cart = put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    cart.refresh_from_db()
    assert cart.blocked_reason == "no_flow_on"
    services.switch_on(flow, look_back=24 * HOUR, at=NOON + 2 * HOUR)
    pass_time(ready, NOON + 2 * HOUR)
    assert FlowRun.objects.get().cart == cart


def test_switching_off_ends_runs_and_withdraws_what_waits(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    services.switch_off(Flow.objects.get(preset="cart-standard"), at=NOON + 3 * HOUR)
    assert FlowRun.objects.get().outcome == "flow_switched_off"
    assert Message.objects.get().reason == "flow_switched_off"


def test_a_changed_step_is_for_those_who_enter_later(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    flow = Flow.objects.get(preset="cart-standard")
    version = services.newest_version(flow)
    assert FlowRun.objects.get().version == version
    step = steps.read(version.steps)[0]
    services.change_step(flow, step, at=NOON + HOUR)
    assert services.newest_version(flow).number == 2
    assert FlowRun.objects.get().version.number == 1


def test_the_merchant_can_stop_one_cart(ready: Shop) -> None:
    cart = put_in_cart(ready, NOON)
    pass_time(ready, NOON + 3 * HOUR)
    assert services.stop_by_merchant(cart, at=NOON + 3 * HOUR)
    assert Message.objects.get().reason == "stopped_by_merchant"
    pass_time(ready, NOON + 60 * HOUR)
    assert queued() == ["reminder"]


def test_send_now_shortens_the_wait_only(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    run = FlowRun.objects.get()
    assert services.send_now(run, at=NOON + HOUR)
    assert not services.send_now(run, at=NOON + HOUR)
    assert queued() == ["reminder"]


def test_an_order_without_a_click_earns_no_credit(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    order = place_order(ready, NOON + HOUR, cart_id="c" * 32)
    services.stop_for_order(ready, order, at=NOON + HOUR)
    assert attribution.credit(ready, order, at=NOON + HOUR) is None


def test_who_opts_out_leaves_the_flow_at_once(ready: Shop) -> None:
    put_in_cart(ready, NOON)
    pass_time(ready, NOON + HOUR)
    assert leaving.leave_unsubscribed(ready, at=NOON + HOUR) == 0
    contacts.suppress(
        ready,
        channel=Channel.EMAIL,
        address_key="anna@example.se",
        reason=Suppression.Reason.UNSUBSCRIBED,
        at=NOON + HOUR,
    )
    assert access.due_shops("flows_opted_out_shops", NOON + HOUR) == [ready]
    assert leaving.leave_unsubscribed(ready, at=NOON + HOUR) == 1
    assert FlowRun.objects.get().outcome == "unsubscribed"
    assert access.due_shops("flows_opted_out_shops", NOON + HOUR) == []
