"""Law 4: deferred, not dropped; nothing bursts; a night is a night when the clocks change."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from django.core import mail

from recovery.flows.models import Flow
from recovery.messaging.models import Message
from shopapp.shops import access
from tests.conftest import MORNING
from tests.laws.stage import CART_ID, DAY, HOUR, MINUTE, House, mailed


def test_three_days_of_outage_do_not_burst(house: House) -> None:
    house.cart(MORNING)
    house.cart(MORNING, cart_id="d" * 32, shopper={"email": "anna+2@example.se"})
    back = MORNING + 3 * DAY + HOUR
    for moment in (back, back + MINUTE, back + 2 * MINUTE, back + HOUR):
        house.tick(moment)
    assert len(mailed()) <= 1
    for kind, reason in house.told(CART_ID):
        assert kind != "message_sent" or not reason


def test_every_step_that_an_outage_cost_is_told_as_too_late(house: House) -> None:
    house.cart(MORNING)
    house.sweep(MORNING + 31 * MINUTE)
    house.live(MORNING + 3 * DAY, MORNING + 3 * DAY + 2 * HOUR)
    assert ("step_skipped", "too_late") in house.told()


@pytest.mark.parametrize(
    ("left", "first_light"),
    [
        # Stockholm goes back an hour in the night to 25 October 2026, and ahead on 28 March 2027.
        (datetime(2026, 10, 24, 18, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        (datetime(2027, 3, 27, 19, 30, tzinfo=UTC), datetime(2027, 3, 28, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_night_in_which_the_clocks_change_ends_at_eight_on_the_wall(
    house: House, left: datetime, first_light: datetime
) -> None:
    house.cart(left)
    with access.scope(house.shop):
        Flow.objects.update(active_from=left)
    sent_at = []
    moment = left
    while moment <= first_light + 2 * HOUR:
        before = len(mailed())
        house.tick(moment)
        sent_at += [moment] * (len(mailed()) - before)
        moment += 15 * MINUTE
    assert len(sent_at) == 1
    assert first_light <= sent_at[0] <= first_light + 20 * MINUTE
    assert ("message_deferred", "quiet_hours") in house.told()


def test_caps_hold_over_carts_flows_and_spellings_for_two_weeks(house: House) -> None:
    for day in range(10):
        spelling = f"anna+{day}@example.se"
        house.cart(
            MORNING + day * DAY, cart_id=f"{day}" * 32, shopper={"email": spelling, "phone": None}
        )
        house.live(MORNING + day * DAY, MORNING + day * DAY + 20 * HOUR, every=4 * HOUR)
    with access.scope(house.shop):
        sent = sorted(Message.objects.filter(state="sent").values_list("sent_at", flat=True))
    assert len(mail.outbox) == len(sent) >= 3
    assert all(later - earlier >= 16 * HOUR for earlier, later in itertools.pairwise(sent))
    assert all(sent[place + 3] - sent[place] >= 7 * DAY for place in range(len(sent) - 3))
