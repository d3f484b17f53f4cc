"""Who may be written to, by the law of the shopper's country: a pure decision.

Regimes follow: EU ePrivacy Directive 2002/58/EC art. 13 (consent, or the customer exception with an
opt-out), UK PECR reg. 22, Canada's CASL (consent or an existing business relationship), US CAN-SPAM
(opt-out). These are facts for a design, not legal advice. An unknown country is the strict one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Regime(Enum):
    """What a country asks before a marketing mail."""

    OPT_OUT = "opt_out"
    CONSENT_OR_CUSTOMER = "consent_or_customer"
    CONSENT = "consent"


class Evidence(Enum):
    """Who says that the address is this person's."""

    BROWSER = "browser"
    SIGNED = "signed"
    CONFIRMED = "confirmed"


EUROPE = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
    " IS LI NO CH GB".split()
)
REGIMES: dict[str, Regime] = {
    **dict.fromkeys(EUROPE, Regime.CONSENT_OR_CUSTOMER),
    "CA": Regime.CONSENT_OR_CUSTOMER,
    "US": Regime.OPT_OUT,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the person. ``consent``: the latest answer, None when never asked."""

    country: str
    evidence: Evidence
    consent: bool | None
    is_customer: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """Writing is lawful, on this ground."""

    ground: Literal["consent", "customer", "opt_out_country"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Writing is not lawful, for this reason (a code of ``carts.wording``)."""

    reason: Literal["consent_refused", "address_unconfirmed", "no_consent"]


def regime_of(country: str) -> Regime:
    """Return the country's regime; an unknown or empty country is the strict one."""
    return REGIMES.get(country.upper(), Regime.CONSENT)


def decide(facts: Facts) -> Allowed | Refused:
    """Say whether this person may be sent marketing, and on what ground."""
    if facts.consent is False:
        return Refused("consent_refused")
    regime = regime_of(facts.country)
    if facts.evidence is Evidence.BROWSER and not (regime is Regime.OPT_OUT and facts.consent):
        return Refused("address_unconfirmed")
    if facts.consent:
        return Allowed("consent")
    if regime is Regime.OPT_OUT:
        return Allowed("opt_out_country")
    if regime is Regime.CONSENT_OR_CUSTOMER and facts.is_customer:
        return Allowed("customer")
    return Refused("no_consent")


def box_countries() -> list[str]:
    """Return the countries in which an address is only taken with the box ticked."""
    return sorted(code for code, regime in REGIMES.items() if regime is not Regime.OPT_OUT)
