"""The engine by tables: each situation and what must follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.flows.engine import (
    LOOK_AGAIN,
    Advance,
    Decision,
    Dispatch,
    Finish,
    Situation,
    Sleep,
    decide,
)
from recovery.flows.presets import PRESETS
from recovery.flows.steps import EmailStep, read, write

LEFT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = EmailStep("first", 2 * HOUR, 10 * HOUR, {"subject": "one"})
SECOND = EmailStep("second", 48 * HOUR, 24 * HOUR, {"subject": "two"})
PLAN = (FIRST, SECOND)
AT_REST = Situation(now=LEFT, abandoned_at=LEFT, position=0, cart="abandoned")


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (AT_REST, Sleep(LEFT + 2 * HOUR)),
        (
            replace(AT_REST, now=LEFT + 2 * HOUR),
            Dispatch(FIRST, LEFT + 2 * HOUR, LEFT + 12 * HOUR),
        ),
        (
            replace(AT_REST, now=LEFT + 12 * HOUR),
            Dispatch(FIRST, LEFT + 2 * HOUR, LEFT + 12 * HOUR),
        ),
        (replace(AT_REST, now=LEFT + 13 * HOUR), Advance(FIRST, "too_late")),
        (
            replace(AT_REST, now=LEFT + 3 * HOUR, step="waiting"),
            Sleep(LEFT + 3 * HOUR + LOOK_AGAIN, "message_waiting"),
        ),
        (replace(AT_REST, now=LEFT + 3 * HOUR, step="ended"), Advance(FIRST)),
        (replace(AT_REST, now=LEFT + 3 * HOUR, position=1), Sleep(LEFT + 48 * HOUR)),
        (replace(AT_REST, position=2), Finish("completed")),
        (replace(AT_REST, cart="ordered"), Finish("ordered")),
        (replace(AT_REST, order="placed", step="waiting"), Finish("ordered")),
        (replace(AT_REST, order="pending"), Sleep(LEFT + LOOK_AGAIN, "payment_pending")),
        (replace(AT_REST, cart="emptied"), Finish("cart_emptied")),
        (replace(AT_REST, cart="lost"), Finish("cart_too_old")),
        (replace(AT_REST, cart="deleted"), Finish("checkout_deleted")),
        (replace(AT_REST, cart="merged"), Finish("cart_joined")),
        (replace(AT_REST, refusal="unsubscribed"), Finish("unsubscribed")),
        (replace(AT_REST, refusal="no_consent", order="placed"), Finish("ordered")),
        (replace(AT_REST, cart="open"), Sleep(LEFT + LOOK_AGAIN, "shopper_active")),
    ],
)
def test_each_situation_has_its_decision(situation: Situation, expected: Decision) -> None:
    assert decide(PLAN, situation) == expected


def test_a_step_that_is_off_is_left_out_with_its_reason() -> None:
    plan = (replace(FIRST, on=False), SECOND)
    assert decide(plan, AT_REST) == Advance(plan[0], "step_off")


def test_a_flow_without_steps_is_completed_at_once() -> None:
    assert decide((), AT_REST) == Finish("completed")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_presets_survive_being_written_and_read(preset: object) -> None:
    steps = preset.steps  # type: ignore[attr-defined]
    assert read(write(steps)) == steps


def test_an_unknown_kind_of_step_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        read([{"kind": "fax", "key": "a", "after_minutes": 1, "too_late_minutes": 1}])
