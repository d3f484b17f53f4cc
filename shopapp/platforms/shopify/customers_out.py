"""Writing a shopper, and what they said about marketing, into the shop's own admin.

https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerSet : fields left out stay.
"""

from __future__ import annotations

from datetime import UTC

from shopapp.kit.safe_json import Json, JsonObject
from shopapp.platforms.answers import StoreSaidNo
from shopapp.platforms.base import ConsentGiven
from shopapp.platforms.connector import CustomerToWrite
from shopapp.platforms.shopify import fields, pages
from shopapp.platforms.shopify.api import Api

_STATES = {True: "SUBSCRIBED", False: "UNSUBSCRIBED"}
# Somebody who was never asked is as little subscribed as somebody who said no, but said nothing.
_OPEN_STATES = {"NOT_SUBSCRIBED", "PENDING"}


def write_customer(api: Api, customer: CustomerToWrite) -> str:
    """Make or complete the customer and set the consent; return the shop's id of them.

    Only what the shop does not know yet is filled in. A consent that is older than what the shop
    has is kept back. StoreSaidNo where the shop refuses this one.
    """
    known = _known(api, customer.email)
    missing = _missing(customer, known)
    gid = known.get("id")
    if not isinstance(gid, str) or missing:
        gid = _set(api, customer.email, missing)
    consent = customer.consent
    if consent is not None and consent.given is not None and _is_news(consent, known):
        told: JsonObject = {"customerId": gid, "emailMarketingConsent": _consent(consent)}
        api.change("customer_consent", "customerEmailMarketingConsentUpdate", input=told)
    return fields.as_identifier(gid)


def _known(api: Api, email: str) -> JsonObject:
    """Return what the shop knows of this address, {} for nothing."""
    found = api.ask("customer_by_email", email=email).get("customerByIdentifier")
    return found if isinstance(found, dict) else {}


def _missing(customer: CustomerToWrite, known: JsonObject) -> JsonObject:
    phone = fields.optional_object(known, "defaultPhoneNumber")
    wanted: dict[str, tuple[str, Json]] = {
        "firstName": (customer.first_name, known.get("firstName")),
        "lastName": (customer.last_name, known.get("lastName")),
        "phone": (customer.phone, phone.get("phoneNumber")),
        # A known customer has a language, if only the shop's.
        "locale": (customer.locale, known.get("locale")),
    }
    return {name: ours for name, (ours, theirs) in wanted.items() if ours and not theirs}


def _set(api: Api, email: str, values: JsonObject) -> str:
    """Write these values; without the phone number where another customer has it already."""
    try:
        return _set_once(api, email, values)
    except StoreSaidNo as error:
        if "phone" not in values or error.code not in {"TAKEN", "INVALID"}:
            raise
    return _set_once(api, email, {name: one for name, one in values.items() if name != "phone"})


def _set_once(api: Api, email: str, values: JsonObject) -> str:
    told = {"email": email, **values}
    payload = api.change("customer_set", "customerSet", email=email, customer=told)
    return fields.text(pages.expect(payload, "customer"), "id")


def _is_news(consent: ConsentGiven, known: JsonObject) -> bool:
    """Say whether the shop does not know this yet, or something older."""
    mail = fields.optional_object(known, "defaultEmailAddress")
    state = fields.optional_text(mail, "marketingState") or "NOT_SUBSCRIBED"
    if state == _STATES[bool(consent.given)]:
        return False
    if state in _OPEN_STATES:
        return True
    theirs = fields.optional_instant(mail, "marketingUpdatedAt")
    if theirs is None:
        # Nobody knows which is newer: the no stands.
        return not consent.given
    return consent.at is not None and consent.at > theirs


def _consent(consent: ConsentGiven) -> JsonObject:
    """Return the consent in Shopify's words. We ask once, without a mail to confirm."""
    told: JsonObject = {"marketingState": _STATES[bool(consent.given)]}
    if consent.given:
        told["marketingOptInLevel"] = "SINGLE_OPT_IN"
    if consent.at is not None:
        told["consentUpdatedAt"] = f"{consent.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return told
