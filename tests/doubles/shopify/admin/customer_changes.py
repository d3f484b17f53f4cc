"""Mutations that write customers and what they agreed to."""

from __future__ import annotations

import re
from typing import Any

from tests.doubles.shopify.admin.call import Call, Reader, number_in, user_error
from tests.doubles.shopify.admin.inputs import moment_of
from tests.doubles.shopify.people import change_customer, create_customer, set_consent
from tests.doubles.shopify.records import Address, ConsentState, Customer

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9 ()-]{6,20}")
_SETTABLE: dict[str, ConsentState] = {
    "SUBSCRIBED": "subscribed",
    "UNSUBSCRIBED": "unsubscribed",
    "PENDING": "pending",
}


def _set_customer(_: Any, call: Call) -> dict[str, Any]:
    """Make or change the customer whom ``identifier`` names; fields left out stay."""
    told, identifier = call.args["input"], call.args.get("identifier") or {}
    email = identifier.get("email") or told.get("email") or ""
    known = _known(call, identifier, email)
    if identifier.get("id") and known is None:
        return _refused("The customer could not be found.", ["identifier", "id"], "NOT_FOUND")
    wrong = _wrong(call, told, email, known)
    if wrong:
        return wrong
    if known is None:
        known = create_customer(
            call.shop,
            email,
            first_name=told.get("firstName") or "",
            last_name=told.get("lastName") or "",
            phone=told.get("phone") or "",
            locale=told.get("locale") or "",
        )
    else:
        change_customer(
            call.shop,
            known,
            email=told.get("email"),
            first_name=told.get("firstName"),
            last_name=told.get("lastName"),
            phone=told.get("phone"),
            locale=told.get("locale"),
        )
    if "addresses" in told:
        known.addresses = [_address(call, one) for one in told["addresses"]]
    if "note" in told:
        known.note = told["note"] or ""
    if "tags" in told:
        known.tags = list(told["tags"])
    return {"customer": known, "userErrors": []}


def _known(call: Call, identifier: dict[str, Any], email: str) -> Customer | None:
    state = call.shop.state
    if identifier.get("id"):
        return state.customers.get(number_in(identifier["id"], "Customer"))
    if identifier.get("phone"):
        found = (one for one in state.customers.values() if one.phone == identifier["phone"])
        return next(found, None)
    return state.customer_with(email) if email and identifier else None


def _wrong(
    call: Call, told: dict[str, Any], email: str, known: Customer | None
) -> dict[str, Any] | None:
    """Return the refusal that this input earns, None for a good one."""
    if email and not _ADDRESS.fullmatch(email):
        return _refused("Email is invalid", ["input", "email"], "INVALID")
    holder = call.shop.state.customer_with(email) if email else None
    if holder is not None and holder is not known:
        return _refused("Email has already been taken", ["input", "email"], "TAKEN")
    phone = told.get("phone")
    if phone and not _PHONE.fullmatch(phone):
        return _refused("Phone is invalid", ["input", "phone"], "INVALID")
    others = (one for one in call.shop.state.customers.values() if one is not known)
    if phone and any(one.phone == phone for one in others):
        return _refused("Phone has already been taken", ["input", "phone"], "TAKEN")
    if known is None and not any((email, phone, told.get("firstName"), told.get("lastName"))):
        message = "A name, phone number, or email address must be present"
        return _refused(message, ["input"], "BLANK")
    return None


def _address(call: Call, told: dict[str, Any]) -> Address:
    return Address(
        call.shop.state.next_id("address"), told.get("firstName") or "",
        told.get("lastName") or "", told.get("address1") or "", told.get("address2") or "",
        told.get("company") or "", told.get("city") or "",
        province_code=told.get("provinceCode") or "", country_code=told.get("countryCode") or "",
        zip=told.get("zip") or "", phone=told.get("phone") or "",
    )  # fmt: skip


def _refused(message: str, field_path: list[str], code: str) -> dict[str, Any]:
    return {"customer": None, "userErrors": [user_error(message, field_path, code)]}


def _update_consent(_: Any, call: Call) -> dict[str, Any]:
    told = call.args["input"]
    consent = told["emailMarketingConsent"]
    customer = call.shop.state.customers.get(number_in(told["customerId"], "Customer"))
    base = ["input", "emailMarketingConsent"]
    at = moment_of(consent.get("consentUpdatedAt"))
    wanted = _SETTABLE.get(consent["marketingState"])
    if customer is None:
        wrong = user_error("Customer not found", ["input", "customerId"], "INVALID")
    elif not customer.email:
        message = "The customer must have a unique email address associated to the record."
        wrong = user_error(message, ["input", "customerId"], "INVALID")
    elif wanted is None:
        message = f"Cannot specify {consent['marketingState']} as a marketing state input"
        wrong = user_error(message, [*base, "marketingState"], "INVALID")
    elif at is not None and at > call.shop.now():
        message = "Consent updated at must be in the past"
        wrong = user_error(message, [*base, "consentUpdatedAt"], "INVALID")
    else:
        level = (consent.get("marketingOptInLevel") or "SINGLE_OPT_IN").lower()
        set_consent(call.shop, customer, wanted, at=at, opt_in_level=level)
        return {"customer": customer, "userErrors": []}
    return {"customer": None, "userErrors": [wrong]}


CUSTOMER_CHANGES: dict[tuple[str, str], Reader] = {
    ("Mutation", "customerSet"): _set_customer,
    ("Mutation", "customerEmailMarketingConsentUpdate"): _update_consent,
}
