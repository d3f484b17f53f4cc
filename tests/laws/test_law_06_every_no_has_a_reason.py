"""Law 6: every "no" has a reason that the merchant can read: no code without a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery.carts import wording as carts_wording
from recovery.flows.models import Flow
from recovery.messaging import wording as messaging_wording
from shopapp.shops import access
from tests.conftest import MORNING
from tests.laws.stage import HOUR, House, mailed

ROOT = Path(__file__).resolve().parents[2]
# Which calls carry a reason, and at which place; by name wherever one is named.
GIVEN_AT = {
    "block": 1,
    "skip": 1,
    "defer": 1,
    "fail_waiting": 1,
    "record_failed": 1,
    "record_unknown": 1,
    "put_back": 1,
    "finish": 1,
    "Finish": 0,
    "Sleep": 1,
    "Advance": 1,
    "Never": 0,
    "Later": 0,
    "Failed": 0,
    "Unknown": 0,
    "Refused": 0,
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "recovery").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path.relative_to(ROOT).as_posix(), node


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[-1]


def texts(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
            yield part.value


def reasons() -> set[tuple[str, str]]:
    found = set()
    for path, call in calls():
        if "views" in path:
            continue
        named = [one.value for one in call.keywords if one.arg == "reason"]
        place = GIVEN_AT.get(name_of(call))
        if place is not None and len(call.args) > place:
            named.append(call.args[place])
        for node in named:
            if not isinstance(node, ast.Compare):
                found |= {(path, text) for text in texts(node)}
    return {(path, text) for path, text in found if re.fullmatch(r"[a-z]+(_[a-z]+)*", text)}


def test_every_reason_that_the_code_can_give_has_a_sentence() -> None:
    given = reasons()
    assert len(given) > 30
    known = set(carts_wording.REASONS) | set(messaging_wording.REASONS)
    assert sorted(one for one in given if one[1] not in known) == []


def test_every_reason_of_a_blocked_cart_has_a_sentence_of_the_carts() -> None:
    """The carts page groups blocked carts by their reason, with the carts' own wording."""
    blocked = {
        text
        for _, call in calls()
        if name_of(call) == "block" and len(call.args) > 1
        for text in texts(call.args[1])
    }
    blocked |= {"no_consent", "consent_refused", "address_unconfirmed", "unsubscribed", "ordered"}
    assert blocked <= set(carts_wording.REASONS)


def test_every_entry_of_a_timeline_has_a_title() -> None:
    kinds = {
        text
        for _, call in calls()
        if name_of(call) in {"note", "_tell"} and len(call.args) > 1
        for text in texts(call.args[1])
    }
    assert len(kinds) > 20
    assert kinds <= set(carts_wording._TITLES)


SHOPPERS: dict[str, dict[str, object]] = {
    "no_address": {"email": None},
    "no_consent": {"consent": None},
    "consent_refused": {"consent": {"given": False, "wording": "", "version": "", "at": None}},
}


@pytest.mark.parametrize("reason", SHOPPERS)
def test_whoever_is_not_written_to_has_it_on_the_carts_timeline(house: House, reason: str) -> None:
    house.cart(MORNING, shopper=SHOPPERS[reason])
    house.live(MORNING, MORNING + 2 * HOUR)
    assert mailed() == []
    assert ("not_contacted", reason) in house.told()


def test_a_cart_from_before_the_flow_and_one_without_a_flow_say_so(
    house: House, twin: House
) -> None:
    house.cart(MORNING - 5 * HOUR)
    house.sweep(MORNING)
    assert ("not_contacted", "before_flow_was_on") in house.told()
    with access.scope(twin.shop):
        Flow.objects.update(live=False)
    twin.cart(MORNING)
    twin.sweep(MORNING + HOUR)
    assert [kind for kind, _ in twin.told()][-1] == "not_contacted"
