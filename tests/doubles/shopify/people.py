"""What happens to customers and to what they agreed to, and the news each step makes."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.doubles.shopify.payloads.customer_json import (
    consent_json,
    customer_json,
    deleted_customer_json,
    request_json,
)
from tests.doubles.shopify.records import Address, Checkout, Consent, ConsentState, Customer
from tests.doubles.shopify.shop import Shop

REDACTION_WAIT = timedelta(days=10)
"""Erasures are handed on ten days after the merchant asked."""


def create_customer(
    shop: Shop,
    email: str,
    *,
    first_name: str = "",
    last_name: str = "",
    phone: str = "",
    locale: str = "",
    consent: ConsentState = "not_subscribed",
) -> Customer:
    """Make a customer and tell of them."""
    with shop.action() as at:
        customer = Customer(shop.state.next_id("customer"), email, at, at)
        customer.first_name, customer.last_name = first_name, last_name
        customer.phone, customer.locale = phone, locale or shop.settings.locale
        if consent != "not_subscribed":
            customer.consent = Consent(consent, updated_at=at)
        shop.state.keep_customer(customer)
        shop.tell("customers/create", customer_json(shop.state, customer))
        if consent != "not_subscribed":
            shop.tell("customers_email_marketing_consent/update", consent_json(customer))
        return customer


def change_customer(
    shop: Shop,
    customer: Customer,
    *,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    phone: str | None = None,
    locale: str | None = None,
    address: Address | None = None,
) -> Customer:
    """Change what is known about a customer; None leaves a part as it is."""
    with shop.action():
        if email is not None:
            shop.state.forget_customer(customer.id)
            customer.email = email
            shop.state.keep_customer(customer)
        for name, value in (
            ("first_name", first_name),
            ("last_name", last_name),
            ("phone", phone),
            ("locale", locale),
        ):
            if value is not None:
                setattr(customer, name, value)
        if address is not None:
            customer.addresses = [address, *customer.addresses]
        tell_customer(shop, customer)
        return customer


def set_consent(
    shop: Shop,
    customer: Customer,
    state: ConsentState,
    *,
    at: datetime | None = None,
    opt_in_level: str = "single_opt_in",
) -> Customer:
    """Write down what a customer says about marketing by e-mail, and tell of it."""
    with shop.action() as now:
        customer.consent = Consent(state, opt_in_level, at or now)
        customer.updated_at = now
        shop.tell("customers_email_marketing_consent/update", consent_json(customer))
        tell_customer(shop, customer)
        return customer


def customer_at_checkout(
    shop: Shop, checkout: Checkout, *, first_name: str, last_name: str, at: datetime
) -> Customer | None:
    """Return the customer whose address was typed at a checkout, made when nobody has it; agreeing
    there subscribes. None for a checkout with a phone number only."""
    if not checkout.email:
        return None
    customer = shop.state.customer_with(checkout.email)
    if customer is None:
        customer = create_customer(
            shop,
            checkout.email,
            first_name=first_name,
            last_name=last_name,
            phone=checkout.phone,
            locale=checkout.locale,
        )
    if checkout.accepts_marketing and customer.consent.state != "subscribed":
        set_consent(shop, customer, "subscribed", at=at)
    return customer


def tell_customer(shop: Shop, customer: Customer) -> None:
    """Mark a customer changed now and tell of them."""
    with shop.action() as at:
        customer.updated_at = at
        shop.tell("customers/update", customer_json(shop.state, customer))


def delete_customer(shop: Shop, customer: Customer) -> None:
    """Delete a customer for good."""
    with shop.action():
        shop.state.forget_customer(customer.id)
        shop.tell("customers/delete", deleted_customer_json(customer))


def request_data(shop: Shop, customer: Customer) -> None:
    """Ask the app, in a customer's name, for all that it has about them."""
    with shop.action():
        payload = request_json(shop.state, customer, "orders_requested")
        payload["data_request"] = {"id": shop.state.next_count("data request")}
        shop.tell("customers/data_request", payload)


def redact_customer(shop: Shop, customer: Customer, *, wait: timedelta = REDACTION_WAIT) -> None:
    """Erase a customer; the app is told to do the same after ``wait`` on the shown clock."""
    with shop.action() as at:
        payload = request_json(shop.state, customer, "orders_to_redact")
        shop.tell("customers/redact", payload, wait=wait)
        shop.state.forget_customer(customer.id)
        customer.email = customer.phone = customer.first_name = customer.last_name = ""
        customer.addresses.clear()
        customer.consent = Consent("redacted", updated_at=at)
        shop.state.keep_customer(customer)
        tell_customer(shop, customer)
