"""Who may be written to, by table."""

from __future__ import annotations

import pytest

from recovery.contacts.policy import (
    Allowed,
    Evidence,
    Facts,
    Refused,
    box_countries,
    decide,
)

B, S, C = Evidence.BROWSER, Evidence.SIGNED, Evidence.CONFIRMED


@pytest.mark.parametrize(
    ("country", "evidence", "consent", "customer", "expected"),
    [
        ("DE", S, None, False, Refused("no_consent")),
        ("DE", S, None, True, Allowed("customer")),
        ("DE", S, True, False, Allowed("consent")),
        ("DE", S, False, True, Refused("consent_refused")),
        ("DE", B, True, True, Refused("address_unconfirmed")),
        ("DE", C, True, False, Allowed("consent")),
        ("US", S, None, False, Allowed("opt_out_country")),
        ("us", S, None, False, Allowed("opt_out_country")),
        ("US", B, None, False, Refused("address_unconfirmed")),
        ("US", B, True, False, Allowed("consent")),
        ("US", S, False, False, Refused("consent_refused")),
        ("", S, None, True, Refused("no_consent")),
        ("", S, True, False, Allowed("consent")),
        ("XX", S, None, True, Refused("no_consent")),
        ("CA", S, None, True, Allowed("customer")),
    ],
)
def test_the_policy_decides(
    country: str,
    evidence: Evidence,
    consent: bool | None,
    customer: bool,
    expected: Allowed | Refused,
) -> None:
    assert decide(Facts(country, evidence, consent, customer)) == expected


def test_the_box_is_asked_for_in_every_country_that_wants_consent() -> None:
    assert "DE" in box_countries()
    assert "US" not in box_countries()
