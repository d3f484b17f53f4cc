"""Who is shopping: customers and addresses, as webhooks and GraphQL write them.

One and the same thing has two spellings (``first_name``, ``firstName``); both are read here.

GraphQL fields needed: Customer ``{legacyResourceId firstName lastName locale
defaultEmailAddress{emailAddress} defaultPhoneNumber{phoneNumber} defaultAddress{ADDRESS}}``,
MailingAddress ``{firstName lastName phone countryCodeV2}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shopapp.kit.addresses import phone_e164
from shopapp.kit.safe_json import JsonObject
from shopapp.platforms.base import ConsentGiven, Shopper
from shopapp.platforms.shopify import fields

MAX_EMAIL = 254
MAX_PHONE = 64


@dataclass(frozen=True, slots=True)
class Person:
    """A name, a country and ways to reach somebody, as one source tells them."""

    customer_id: str = ""
    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    country: str = ""


def address_of(source: JsonObject, *keys: str) -> Person:
    """Return who the first of these addresses names that is there at all."""
    for key in keys:
        address = fields.optional_object(source, key)
        if address:
            return Person(
                phone=fields.optional_text(address, "phone", MAX_PHONE),
                first_name=_name(address, "first_name", "firstName"),
                last_name=_name(address, "last_name", "lastName"),
                country=fields.country(address.get("country_code") or address.get("countryCodeV2")),
            )
    return Person()


def account_of(customer: JsonObject, home: Person | None = None) -> Person:
    """Return the person of a customer account; ``home``: who its default address names."""
    home = home or Person()
    email = fields.optional_object(customer, "defaultEmailAddress")
    phone = fields.optional_object(customer, "defaultPhoneNumber")
    return Person(
        customer_id=fields.node_id(customer),
        email=fields.optional_text(customer, "email", MAX_EMAIL)
        or fields.optional_text(email, "emailAddress", MAX_EMAIL),
        phone=fields.optional_text(customer, "phone", MAX_PHONE)
        or fields.optional_text(phone, "phoneNumber", MAX_PHONE)
        or home.phone,
        first_name=_name(customer, "first_name", "firstName") or home.first_name,
        last_name=_name(customer, "last_name", "lastName") or home.last_name,
        country=home.country,
    )


def buyer(
    source: JsonObject,
    *,
    email: str,
    phone: str,
    locale: str,
    consent: ConsentGiven | None = None,
) -> Shopper:
    """Return the shopper of a checkout or an order: what was typed there counts before what their
    account says. The phone number is in E.164, '' when it is no valid one."""
    there = address_of(
        source, "billing_address", "billingAddress", "shipping_address", "shippingAddress"
    )
    sent_to = address_of(source, "shipping_address", "shippingAddress")
    customer = fields.optional_object(source, "customer")  # null: a guest, or not approved
    account = account_of(customer) if customer else Person()
    country = there.country or sent_to.country or account.country
    reached = email or account.email
    numbers = (phone, there.phone, sent_to.phone, account.phone)
    return Shopper(
        customer_id=account.customer_id,
        email=reached,
        email_source=source_of(reached, "checkout"),
        phone=next(filter(None, (phone_e164(one, country) for one in numbers if one)), ""),
        first_name=account.first_name or there.first_name,
        last_name=account.last_name or there.last_name,
        country=country,
        locale=locale,
        consent=consent,
    )


def source_of(
    email: str, source: Literal["account", "checkout"]
) -> Literal["", "account", "checkout"]:
    """Return where an address comes from, '' without one."""
    return source if email else ""


def _name(source: JsonObject, *keys: str) -> str:
    return next(filter(None, (fields.name(source, key) for key in keys)), "")
