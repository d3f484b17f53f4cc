"""Questions about a contact that gather several rows."""

from __future__ import annotations

from recovery.contacts import erasure, policy
from recovery.contacts.models import Consent, Contact, Suppression


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
