"""Questions about a contact that gather several rows."""

from __future__ import annotations

from recovery.contacts import erasure, policy
from recovery.contacts.models import Channel, Consent, Contact, Suppression
from shopapp.platforms.base import ConsentGiven

OUR_SOURCES = frozenset({"popup", "unsubscribe_link"})
"""Where answers are given to us, not to the platform."""
_PERSONS_OWN = (Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.COMPLAINED)


def latest_consent(contact: Contact, *, channel: str) -> Consent | None:
    """Return the contact's latest answer on this channel, whatever order the answers arrived in.

    Of two answers of one moment the no stands.
    """
    answers = Consent.objects.filter(contact=contact, channel=channel)
    found: Consent | None = answers.order_by("-at", "given", "-id").first()
    return found


def may_write(
    contact: Contact, *, channel: str, is_customer: bool, country: str = ""
) -> policy.Allowed | policy.Refused:
    """Say whether this contact may be sent marketing on this channel.

    ``country`` serves when the contact itself has none.
    """
    consent = latest_consent(contact, channel=channel)
    return policy.decide(
        policy.Facts(
            country=contact.country or country,
            evidence=policy.Evidence(contact.evidence),
            consent=None if consent is None else consent.given,
            is_customer=is_customer,
        )
    )


def is_suppressed(*, channel: str, address_key: str) -> bool:
    """Say whether this mailbox must not be written to in the shop in scope."""
    return suppression_of(channel=channel, address_key=address_key) is not None


def suppression_of(*, channel: str, address_key: str) -> Suppression | None:
    """Return what stops mail to this mailbox in the shop in scope; it outlives an erasure."""
    forms = erasure.forms_of(address_key)
    found: Suppression | None = Suppression.objects.filter(
        channel=channel, address_key__in=forms
    ).first()
    return found


def answer_for_store(contact: Contact) -> ConsentGiven | None:
    """Return what this person answered to us and the store should know; None when there is nothing.

    An agreement counts once its mailbox's owner has confirmed it. What they said on the platform
    later, either way, is the platform's to know.
    """
    latest = latest_consent(contact, channel=Channel.EMAIL)
    stopped = suppression_of(channel=Channel.EMAIL, address_key=contact.address_key)
    if stopped is not None and stopped.reason in _PERSONS_OWN:
        if latest is None or latest.at <= stopped.at or latest.source in OUR_SOURCES:
            return ConsentGiven(False, at=stopped.at, source=stopped.reason)
        return None
    if latest is None or latest.source not in OUR_SOURCES:
        return None
    if latest.given and contact.confirmed_at is None:
        return None
    return ConsentGiven(
        latest.given,
        wording=latest.wording,
        version=latest.version,
        language=latest.language,
        at=latest.at,
        source=latest.source,
    )
