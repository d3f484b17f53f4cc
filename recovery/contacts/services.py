"""Change contacts, their consents and suppressions; every function needs the shop in scope."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from recovery.contacts import erasure
from recovery.contacts.models import Channel, Consent, Contact, Suppression
from shopapp.kit.addresses import address_key, normalised_email, phone_e164
from shopapp.platforms.base import ConsentChanged, ConsentGiven, ContactChanged, Shopper
from shopapp.shops.models import Shop

_STRENGTH = {
    Contact.Evidence.BROWSER: 0,
    Contact.Evidence.SIGNED: 1,
    Contact.Evidence.CONFIRMED: 2,
}


def find_or_make(
    shop: Shop,
    *,
    email: str,
    evidence: Contact.Evidence,
    at: datetime,
    phone: str = "",
    first_name: str = "",
    last_name: str = "",
    country: str = "",
    locale: str = "",
    customer_id: str = "",
) -> Contact:
    """Return the contact of this address, made or brought up to date.

    Stronger evidence wins; blanks never overwrite. Raises ValueError for what is no address.
    """
    address = normalised_email(email)
    known = {
        "phone": phone_e164(phone, country) if phone else "",
        "first_name": first_name[:100],
        "last_name": last_name[:100],
        "country": country[:2].upper(),
        "locale": locale[:16],
        "customer_id": customer_id,
    }
    contact: Contact
    contact, made = Contact.objects.get_or_create(
        shop=shop,
        email=address,
        defaults={
            **known,
            "address_key": address_key(address),
            "evidence": evidence,
            "created_at": at,
        },
    )
    if not made:
        _bring_up_to_date(contact, known, evidence)
    return contact


def _bring_up_to_date(contact: Contact, known: dict[str, str], evidence: Contact.Evidence) -> None:
    changed = [name for name, value in known.items() if value and getattr(contact, name) != value]
    # A browser may name an address; only the shop itself may say whose it is, and in which country.
    if evidence is Contact.Evidence.BROWSER:
        claimed = contact.evidence == Contact.Evidence.BROWSER
        changed = [name for name in changed if claimed and not getattr(contact, name)]
    for name in changed:
        setattr(contact, name, known[name])
    if _STRENGTH[evidence] > _STRENGTH[Contact.Evidence(contact.evidence)]:
        contact.evidence = evidence
        changed.append("evidence")
    if changed:
        contact.save(update_fields=changed)


def know_shopper(shop: Shop, shopper: Shopper, *, at: datetime) -> Contact | None:
    """Return the contact that a signed source names, with its consent recorded; None without."""
    if not shopper.email:
        return None
    try:
        contact = find_or_make(
            shop,
            email=shopper.email,
            evidence=Contact.Evidence.SIGNED,
            at=at,
            phone=shopper.phone,
            first_name=shopper.first_name,
            last_name=shopper.last_name,
            country=shopper.country,
            locale=shopper.locale,
            customer_id=shopper.customer_id,
        )
    except ValueError:
        return None
    if shopper.consent is not None:
        _record_given(contact, shopper.consent, at=at)
    return contact


def _record_given(contact: Contact, consent: ConsentGiven, *, at: datetime) -> None:
    if consent.given is None:
        return
    record_consent(
        contact,
        channel=Channel.EMAIL,
        given=consent.given,
        wording=consent.wording,
        version=consent.version,
        language=consent.language,
        source=consent.source or "checkout",
        at=consent.at or at,
    )


@transaction.atomic
def record_customer(
    shop: Shop, event: ContactChanged, *, at: datetime, read: bool = False
) -> Contact | None:
    """Bring a customer account's contact up to date; None when the news is stale or nobody's.

    ``read``: the store itself said so just now, which settles two contents of one second. An
    address that nobody can write to ("admin@localhost") changes nothing.
    """
    address = _address(event.shopper.email)
    if not address:
        return None
    content = hashlib.sha256(repr((event.shopper, event.role)).encode()).hexdigest()
    rows = Contact.objects.select_for_update()
    known = rows.filter(customer_id=event.customer_id).order_by("-changed_at", "id").first()
    if known is not None and known.changed_at is not None:
        settles = read and known.changed_at == event.changed_at
        if (known.changed_at, known.content_hash) >= (event.changed_at, content) and not settles:
            return None
        if known.email != address:
            # The account moved to another address: the old one stays a contact without account.
            Contact.objects.filter(pk=known.pk).update(customer_id="")
    contact = know_shopper(shop, _answered_by(event), at=at)
    if contact is not None:
        Contact.objects.filter(pk=contact.pk).update(
            changed_at=event.changed_at,
            content_hash=content,
            customer_id=event.customer_id,
            vanished_at=None,
        )
    return contact


def _answered_by(event: ContactChanged) -> Shopper:
    """Return the shopper, an answer without a moment being no newer than the account's change."""
    consent = event.shopper.consent
    if consent is None or consent.at is not None:
        return event.shopper
    return replace(event.shopper, consent=replace(consent, at=event.changed_at))


def _address(email: str) -> str:
    """Return the address as we write it, '' for what is none."""
    try:
        return normalised_email(email)
    except ValueError:
        return ""


@transaction.atomic
def record_platform_consent(shop: Shop, event: ConsentChanged, *, at: datetime) -> Contact | None:
    """Keep what the platform says this person answered; None for somebody we know nothing of.

    Answers count by their own moment, whatever order they arrive in; the platform not knowing is
    no answer. Late news names an address that the account has left, or an account that is gone:
    whose account it is, only news of the account says.
    """
    shopper = event.shopper
    contact = know_shopper(shop, replace(shopper, consent=None, customer_id=""), at=at)
    if contact is None and shopper.customer_id:
        rows = Contact.objects.filter(shop=shop, customer_id=shopper.customer_id)
        contact = rows.order_by("-changed_at", "id").first()
    if contact is not None and shopper.consent is not None:
        told = replace(shopper.consent, source=shopper.consent.source or "platform")
        _record_given(contact, told, at=event.at)
    return contact


def owe(contact: Contact, *, at: datetime) -> None:
    """Note that we learnt something of this person that the store should be told."""
    _owe(Contact.objects.filter(pk=contact.pk), at=at)


def _owe(rows: QuerySet[Contact], *, at: datetime) -> None:
    rows.update(owed_since=at, owed_attempts=0, owed_problem="")


def forget_customer(shop: Shop, customer_id: str, *, at: datetime) -> bool:
    """Take the account off the contact when the store deleted it; True when there was one."""
    rows = Contact.objects.filter(shop=shop, customer_id=customer_id, vanished_at__isnull=True)
    return bool(rows.update(vanished_at=at, customer_id="", changed_at=at))


def record_consent(
    contact: Contact,
    *,
    channel: str,
    given: bool,
    wording: str,
    version: str,
    language: str,
    source: str,
    at: datetime,
) -> bool:
    """Keep an answer with its evidence; False when this very answer is kept already."""
    _, made = Consent.objects.get_or_create(
        shop=contact.shop,
        contact=contact,
        channel=channel,
        given=given,
        at=at,
        defaults={
            "wording": wording,
            "version": version[:64],
            "language": language[:16],
            "source": source[:32],
        },
    )
    return made


def suppress(
    shop: Shop, *, channel: str, address_key: str, reason: Suppression.Reason, at: datetime
) -> bool:
    """Stop all mail to this mailbox in this shop and channel; False when it was stopped before."""
    forms = erasure.forms_of(address_key)
    if Suppression.objects.filter(channel=channel, address_key__in=forms).exists():
        return False
    _, made = Suppression.objects.get_or_create(
        shop=shop,
        channel=channel,
        address_key=erasure.form_to_keep(address_key),
        defaults={"reason": reason, "at": at},
    )
    if made and reason in {Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.COMPLAINED}:
        _owe(Contact.objects.filter(shop=shop, address_key=address_key), at=at)
    return made


def confirm(contact: Contact, *, at: datetime) -> bool:
    """Mark the address as its owner's own; False when it was already."""
    moved = Contact.objects.filter(pk=contact.pk, confirmed_at__isnull=True).update(
        confirmed_at=at, evidence=Contact.Evidence.CONFIRMED
    )
    return moved == 1
