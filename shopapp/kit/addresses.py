"""E-mail addresses and phone numbers: written one way, and compared as one person's."""

from __future__ import annotations

import re

import idna
import phonenumbers

_MAX_ADDRESS = 254
_MAX_LOCAL = 64
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def normalised_email(text: str) -> str:
    """Return the address as we write it: trimmed, lower case, its domain in ASCII (IDNA).

    Raises ValueError whose message tells a person what is wrong.
    """
    trimmed = text.strip()
    if not trimmed:
        raise ValueError("Enter an e-mail address.")
    local, at, domain = trimmed.lower().rpartition("@")
    if not at or not local or not domain:
        raise ValueError("An e-mail address has a name, an @ and a domain, like anna@example.com.")
    if len(local) > _MAX_LOCAL or len(trimmed) > _MAX_ADDRESS:
        raise ValueError("This e-mail address is too long.")
    if not _LOCAL.fullmatch(local):
        raise ValueError("The part before the @ has a character that we cannot write to.")
    ascii_domain = _ascii_domain(domain)
    if not _DOMAIN.fullmatch(ascii_domain):
        raise ValueError("The part after the @ is not a domain, like example.com.")
    address = f"{local}@{ascii_domain}"
    if len(address) > _MAX_ADDRESS:
        raise ValueError("This e-mail address is too long.")
    return address


def address_key(email: str) -> str:
    """Return the key under which spellings of one mailbox are the same.

    Lower case, IDNA, without plus-tag, Gmail's dots ignored. Serves orders, caps, offers and
    suppression; never merging. Never raises; '' for what has no local part or no domain, and
    an empty key must match nothing.
    """
    local, _, domain = email.strip().lower().rpartition("@")
    if not local or not domain:
        return ""
    domain = _ascii_domain(domain)
    base = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{base.replace('.', '') or base}@gmail.com"
    return f"{base}@{domain}"


def phone_e164(text: str, country: str) -> str:
    """Return the number in E.164 ('+46701234567'), or '' when it is not a valid one.

    ``country``: two letters, for numbers typed without their country code; '' if unknown.
    """
    try:
        number = phonenumbers.parse(text[:64], country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ascii_domain(domain: str) -> str:
    # idna's cost grows faster than its input; no domain is longer than this.
    if len(domain) > _MAX_ADDRESS:
        return domain
    try:
        return idna.encode(domain.rstrip("."), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain
