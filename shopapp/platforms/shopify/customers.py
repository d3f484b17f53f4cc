"""Customers, their agreement to marketing, and what the law asks for about them.

GraphQL fields needed, Customer: ``{legacyResourceId firstName lastName locale createdAt updatedAt
defaultEmailAddress{emailAddress marketingState marketingUpdatedAt}
defaultPhoneNumber{phoneNumber} defaultAddress{firstName lastName phone countryCodeV2}}``.
"""

from __future__ import annotations

from datetime import datetime

from shopapp.kit.addresses import phone_e164
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import (
    ConsentChanged,
    ConsentGiven,
    ContactChanged,
    ContactRedacted,
    DataRequested,
    Shopper,
    Unreadable,
)
from shopapp.platforms.shopify import fields, people

_GIVEN = {"SUBSCRIBED": True, "UNSUBSCRIBED": False, "REDACTED": False}


def parse_customer(customer: JsonObject) -> ContactChanged:
    """Return the account of a webhook. It says nothing about marketing: that is a topic of its
    own, and an absent agreement must not undo a known one."""
    return _contact(customer, None, "", "created_at", "updated_at")


def parse_customer_node(node: JsonObject) -> ContactChanged:
    """Return the account of a GraphQL node, with what it says about marketing."""
    mail = fields.optional_object(node, "defaultEmailAddress")
    locale = fields.locale(node.get("locale"))
    consent = None
    if mail.get("marketingState") is not None:
        consent = ConsentGiven(
            given=_GIVEN.get(fields.text(mail, "marketingState").upper()),
            language=locale,
            at=fields.optional_instant(mail, "marketingUpdatedAt"),
            source="account",
        )
    return _contact(node, consent, locale, "createdAt", "updatedAt")


def parse_consent(source: JsonObject, said_at: datetime | None) -> ConsentChanged:
    """Return what a customer now says about marketing by e-mail. The moment is Shopify's own for
    the agreement, else that of the news."""
    told = fields.as_object(source.get("email_marketing_consent"), "email_marketing_consent")
    at = fields.optional_instant(told, "consent_updated_at") or said_at
    if at is None:
        raise Unreadable("a consent without a moment")
    email = fields.optional_text(source, "email_address", people.MAX_EMAIL)
    state = fields.optional_text(told, "state").upper()
    shopper = Shopper(
        customer_id=fields.optional_identifier(source, "customer_id"),
        email=email,
        email_source=people.source_of(email, "account"),
        consent=ConsentGiven(given=_GIVEN.get(state), at=at, source="account"),
    )
    if not (shopper.customer_id or email):
        raise Unreadable("a consent of nobody")
    return ConsentChanged(shopper, at)


def parse_data_request(source: JsonObject) -> DataRequested:
    """Return whose data was asked for, as Shopify writes them."""
    person = fields.as_object(source.get("customer"), "customer")
    return DataRequested(
        request_id=fields.identifier(fields.optional_object(source, "data_request"), "id"),
        customer_id=fields.optional_identifier(person, "id"),
        email=fields.optional_text(person, "email", people.MAX_EMAIL),
        phone=fields.optional_text(person, "phone", people.MAX_PHONE),
        order_ids=fields.identifiers(source, "orders_requested"),
    )


def parse_redaction(source: JsonObject) -> ContactRedacted:
    """Return whose data has to go, as Shopify writes them."""
    person = fields.as_object(source.get("customer"), "customer")
    return ContactRedacted(
        customer_id=fields.optional_identifier(person, "id"),
        email=fields.optional_text(person, "email", people.MAX_EMAIL),
        phone=fields.optional_text(person, "phone", people.MAX_PHONE),
        order_ids=fields.identifiers(source, "orders_to_redact"),
    )


def _contact(
    customer: JsonObject, consent: ConsentGiven | None, locale: str, created: str, updated: str
) -> ContactChanged:
    home = people.address_of(customer, "default_address", "defaultAddress")
    person = people.account_of(customer, home)
    return ContactChanged(
        customer_id=person.customer_id,
        shopper=Shopper(
            customer_id=person.customer_id,
            email=person.email,
            email_source=people.source_of(person.email, "account"),
            phone=phone_e164(person.phone, person.country) if person.phone else "",
            first_name=person.first_name,
            last_name=person.last_name,
            country=person.country,
            locale=locale,
            consent=consent,
        ),
        changed_at=fields.optional_instant(customer, updated) or fields.instant(customer, created),
    )
