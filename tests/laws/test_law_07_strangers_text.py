"""Law 7: what a stranger types at a checkout is greeted with at most when it is a name."""

from __future__ import annotations

import pytest
from django.core import mail

from tests.conftest import MORNING
from tests.laws.stage import HOUR, MINUTE, House, written


@pytest.mark.parametrize(
    "name",
    [
        "http://evil.example/win",
        "WIN at evil.com",
        "www.evil.com",
        "Anna\r\nBcc: all@example.se",
        "<a href=//evil.example>x</a>",
        "call +31 20 123 45 67",
        "x" * 200,
    ],
)
def test_a_name_that_is_an_advertisement_reaches_no_mail(house: House, name: str) -> None:
    """Whoever checks out names any address and any name: the mail must not carry their text."""
    house.cart(MORNING, shopper={"first_name": name})
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    assert len(mail.outbox) == 1
    whole = mail.outbox[0].message().as_string() + written()
    for piece in ("evil", "Bcc", "+31 20", "x" * 50):
        assert piece not in whole


@pytest.mark.parametrize("name", ["Anna", "Jean-Luc", "St. John", "O’Neill", "مريم", "Åsa Mä"])
def test_a_name_of_a_person_is_greeted(house: House, name: str) -> None:
    house.cart(MORNING, shopper={"first_name": name})
    house.live(MORNING, MORNING + HOUR, every=30 * MINUTE)
    assert name in str(mail.outbox[0].body)
