"""Reasons in two or three words, for the tags of a table; the timeline has the whole sentences."""

from __future__ import annotations

_BRIEF = {
    "no_address": "no address",
    "no_consent": "no consent",
    "consent_refused": "said no",
    "address_unconfirmed": "address not confirmed",
    "before_flow_was_on": "left before a flow was on",
    "no_flow_on": "no flow is on",
    "stopped_by_merchant": "stopped by you",
    "quiet_hours": "quiet hours",
    "too_soon": "16 h between mails",
    "too_many": "3 mails in 7 days",
    "orders_not_read": "orders not read yet",
    "sender_missing": "no sender's address",
    "legal_address_missing": "no postal address",
    "provider_unreachable": "mail server away",
    "provider_busy": "mail server busy",
    "message_waiting": "mail on its way",
}
# What a country's rules decide is told with the country.
_BY_COUNTRY = frozenset({"no_consent", "address_unconfirmed"})


def brief(code: str, country: str = "") -> str:
    """Return the reason in a few words; an unknown code is shown as words."""
    words = _BRIEF.get(code) or code.replace("_", " ")
    return f"{words} ({country})" if country and code in _BY_COUNTRY else words
