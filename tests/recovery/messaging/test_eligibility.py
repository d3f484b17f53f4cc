from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from recovery.messaging.eligibility import (
    Facts,
    Go,
    Later,
    Never,
    objections,
    verdict,
)
from recovery.messaging.wording import REASONS, sentence
from tests.conftest import MORNING

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOON = MORNING + timedelta(seconds=20)
FINE = Facts(
    kind="flow",
    at=MORNING,
    soon=SOON,
    installed=True,
    paused=False,
    orders_fresh=True,
    sender_named=True,
    legal_address=True,
    has_contact=True,
    cart_state="abandoned",
    order_stage="",
    suppressed="",
    refusal="",
    quiet_until=None,
    mails=(),
)


def test_nothing_stands_against_a_message_about_which_all_is_well() -> None:
    assert objections(FINE) == ()
    assert verdict((), at=MORNING, too_late_at=MORNING) == Go()


@pytest.mark.parametrize(
    ("changed", "objection"),
    [
        ({"order_stage": "placed"}, Never("ordered")),
        ({"installed": False}, Never("uninstalled")),
        ({"has_contact": False}, Never("contact_erased")),
        ({"suppressed": "unsubscribed"}, Never("unsubscribed")),
        ({"suppressed": "bounced"}, Never("bounced")),
        ({"refusal": "no_consent"}, Never("no_consent")),
        ({"cart_state": ""}, Never("cart_erased")),
        ({"cart_state": "open"}, Never("shopper_active")),
        ({"cart_state": "emptied"}, Never("cart_emptied")),
        ({"cart_state": "lost"}, Never("cart_too_old")),
        ({"cart_state": "deleted"}, Never("checkout_deleted")),
        ({"cart_state": "merged"}, Never("cart_joined")),
        ({"cart_state": "ordered"}, Never("ordered")),
        ({"order_stage": "pending"}, Later("payment_pending", MORNING + HOUR / 4)),
        ({"paused": True}, Later("sending_paused", SOON)),
        ({"orders_fresh": False}, Later("orders_not_read", SOON)),
        ({"sender_named": False}, Later("sender_missing", MORNING + HOUR / 4)),
        ({"legal_address": False}, Later("legal_address_missing", MORNING + HOUR / 4)),
        ({"quiet_until": MORNING + HOUR}, Later("quiet_hours", MORNING + HOUR)),
        ({"mails": (MORNING - HOUR,)}, Later("too_soon", MORNING + 15 * HOUR)),
        (
            {"mails": (MORNING - DAY, MORNING - 2 * DAY, MORNING - 6 * DAY)},
            Later("too_many", MORNING + DAY),
        ),
    ],
)
def test_each_fact_has_its_objection(changed: dict[str, Any], objection: Any) -> None:
    found = objections(replace(FINE, **changed))
    assert found == (objection,)
    assert sentence(objection.reason) != objection.reason


@pytest.mark.parametrize(
    "mails",
    [
        (MORNING - 16 * HOUR,),
        (MORNING - DAY, MORNING - 2 * DAY, MORNING - 7 * DAY),
        (MORNING - DAY, MORNING - 2 * DAY),
    ],
)
def test_caps_end_at_their_very_moment(mails: Any) -> None:
    assert objections(replace(FINE, mails=mails)) == ()


def test_all_objections_are_asked_and_the_final_one_wins() -> None:
    facts = replace(FINE, suppressed="unsubscribed", paused=True, quiet_until=MORNING + HOUR)
    found = objections(facts)
    assert {objection.reason for objection in found} == {
        "unsubscribed",
        "sending_paused",
        "quiet_hours",
    }
    late = MORNING + DAY
    assert verdict(found, at=MORNING, too_late_at=late) == Never("unsubscribed")


def test_the_longest_wait_counts() -> None:
    found = (Later("quiet_hours", MORNING + HOUR), Later("too_soon", MORNING + 3 * HOUR))
    answer = verdict(found, at=MORNING, too_late_at=MORNING + DAY)
    assert answer == Later("too_soon", MORNING + 3 * HOUR)


def test_a_wait_beyond_too_late_is_not_begun_and_says_why() -> None:
    found = (Later("quiet_hours", MORNING + 3 * HOUR),)
    answer = verdict(found, at=MORNING, too_late_at=MORNING + HOUR)
    assert answer == Never("too_late_quiet_hours")
    assert REASONS["quiet_hours"] in sentence(answer.reason)


def test_a_message_past_its_time_is_not_sent() -> None:
    assert verdict((), at=MORNING + HOUR, too_late_at=MORNING) == Never("too_late")


def test_a_cart_that_was_asked_for_skips_caps_and_consent_but_no_law() -> None:
    asked = replace(
        FINE,
        kind="my_cart",
        cart_state="open",
        refusal="address_unconfirmed",
        quiet_until=MORNING + HOUR,
        mails=(MORNING - HOUR,),
    )
    assert objections(asked) == ()
    assert objections(replace(asked, suppressed="unsubscribed"))
    assert objections(replace(asked, paused=True))
    assert objections(replace(asked, order_stage="placed"))
    assert objections(replace(asked, orders_fresh=False))


def test_a_test_needs_only_a_sender() -> None:
    nothing = replace(FINE, kind="test", cart_state="", has_contact=False, orders_fresh=False)
    assert objections(nothing) == ()
    assert objections(replace(nothing, sender_named=False)) == (Never("sender_missing"),)


@pytest.mark.parametrize(
    ("waited", "again"),
    [(timedelta(0), SOON), (timedelta(seconds=5), SOON), (HOUR, MORNING + HOUR)],
)
def test_an_asked_for_mail_waits_for_its_cart_ever_longer(
    waited: timedelta, again: datetime
) -> None:
    facts = replace(FINE, kind="my_cart", cart_state="awaited", awaited_since=MORNING - waited)
    assert objections(facts) == (Later("cart_not_told", again),)


def test_a_flows_mail_waits_for_no_cart() -> None:
    assert objections(replace(FINE, cart_state="awaited"))[0] == Never("cart_closed")
