from __future__ import annotations

import re
from pathlib import Path

import pytest

from recovery.carts import wording as carts_wording
from recovery.messaging.models import Message
from recovery.messaging.wording import REASONS, STATES, sentence

SOURCE = Path(__file__).resolve().parents[3] / "recovery" / "messaging"


def codes_in_the_source() -> set[str]:
    """Return every reason that the code can give."""
    given = re.compile(r'(?:Never|Failed|Unknown|Later|moves\.\w+)\(\s*(?:message,\s*)?"([a-z_]+)"')
    texts = [path.read_text() for path in SOURCE.rglob("*.py")]
    return {code for text in texts for code in given.findall(text)}


def test_every_reason_that_is_given_has_a_sentence() -> None:
    codes = codes_in_the_source()
    assert len(codes) > 10
    assert codes <= set(REASONS) | set(carts_wording.REASONS)


@pytest.mark.parametrize("state", list(Message.State))
def test_every_state_has_a_label(state: Message.State) -> None:
    assert STATES[state][0]


def test_a_detail_follows_in_brackets_and_no_reason_is_no_sentence() -> None:
    assert sentence("") == ""
    assert sentence("refused", "550 no").endswith("(550 no)")
