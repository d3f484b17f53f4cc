"""What the platform says of a person's answer counts by its moment, in whatever order it comes."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from recovery.contacts.models import Channel, Consent, Contact, Suppression
from recovery.contacts.selectors import answer_for_store, latest_consent, may_write
from recovery.contacts.services import (
    forget_customer,
    record_consent,
    record_customer,
    record_platform_consent,
    suppress,
)
from shopapp.platforms.base import ConsentChanged, ConsentGiven, ContactChanged, Shopper
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING

HOUR = timedelta(hours=1)


def said(given: bool | None, at: datetime, **shopper: str) -> ConsentChanged:
    named = {"customer_id": "7", "email": "anna@example.se"} | shopper
    consent = ConsentGiven(given, at=at, source="shopify")
    return ConsentChanged(Shopper(**named, consent=consent), at)  # type: ignore[arg-type]


def latest(contact: Contact) -> bool | None:
    row = latest_consent(contact, channel=Channel.EMAIL)
    return None if row is None else row.given


STORY = ((True, MORNING), (False, MORNING + HOUR), (True, MORNING + 2 * HOUR))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_latest_answer_stands_whatever_comes_first(
    order: tuple[int, ...], shop: Shop, in_shop: None
) -> None:
    for place in order:
        given, at = STORY[place]
        record_platform_consent(shop, said(given, at), at=MORNING + 5 * HOUR)
    contact = Contact.objects.get()
    assert latest(contact) is True
    assert Consent.objects.count() == 3, "every answer stays, as evidence"
    assert set(Consent.objects.values_list("source", flat=True)) == {"shopify"}


@pytest.mark.parametrize("first", [True, False])
def test_of_two_answers_of_one_moment_the_no_stands(first: bool, shop: Shop, in_shop: None) -> None:
    for given in (first, not first):
        record_platform_consent(shop, said(given, MORNING), at=MORNING)
    assert latest(Contact.objects.get()) is False


def test_told_twice_is_kept_once(shop: Shop, in_shop: None) -> None:
    for _ in range(2):
        record_platform_consent(shop, said(True, MORNING), at=MORNING)
    assert Consent.objects.count() == 1


def test_not_knowing_is_no_answer(shop: Shop, in_shop: None) -> None:
    record_platform_consent(shop, said(True, MORNING), at=MORNING)
    contact = record_platform_consent(shop, said(None, MORNING + HOUR), at=MORNING)
    assert contact is not None
    assert latest(contact) is True


def account(email: str, at: datetime) -> ContactChanged:
    return ContactChanged("7", Shopper(customer_id="7", email=email), at)


def test_a_customer_is_found_by_the_account_alone(shop: Shop, in_shop: None) -> None:
    record_customer(shop, account("anna@example.se", MORNING), at=MORNING)
    contact = record_platform_consent(shop, said(False, MORNING + HOUR, email=""), at=MORNING)
    assert contact is not None
    assert latest(contact) is False
    unknown = said(False, MORNING, email="", customer_id="8")
    assert record_platform_consent(shop, unknown, at=MORNING) is None


def test_late_news_ties_no_account_to_the_address_that_it_left(shop: Shop, in_shop: None) -> None:
    record_customer(shop, account("anna@example.se", MORNING), at=MORNING)
    record_customer(shop, account("new@example.se", MORNING + HOUR), at=MORNING + HOUR)
    record_platform_consent(shop, said(True, MORNING), at=MORNING + 2 * HOUR)
    held = Contact.objects.filter(customer_id="7").values_list("email", flat=True)
    assert list(held) == ["new@example.se"]


def test_late_news_brings_no_account_back_that_is_gone(shop: Shop, in_shop: None) -> None:
    record_customer(shop, account("anna@example.se", MORNING), at=MORNING)
    forget_customer(shop, "7", at=MORNING + HOUR)
    contact = record_platform_consent(shop, said(False, MORNING), at=MORNING + 2 * HOUR)
    assert contact is not None
    contact.refresh_from_db()
    assert (contact.customer_id, latest(contact)) == ("", False)


def test_a_no_on_the_platform_stops_mail_here(shop: Shop, other_shop: Shop, in_shop: None) -> None:
    record_platform_consent(shop, said(True, MORNING), at=MORNING)
    record_platform_consent(shop, said(False, MORNING + HOUR), at=MORNING)
    contact = Contact.objects.get()
    refused = may_write(contact, channel=Channel.EMAIL, is_customer=True, country="US")
    assert getattr(refused, "reason", "") == "consent_refused"


def test_an_account_read_again_and_again_agrees_no_later_than_it_changed(
    shop: Shop, in_shop: None
) -> None:
    """A store that names no moment must not seem to agree anew with each reading."""
    shopper = Shopper(customer_id="7", email="anna@example.se", consent=ConsentGiven(True))
    for day in range(3):
        event = ContactChanged("7", shopper, MORNING)
        record_customer(shop, event, at=MORNING + day * 24 * HOUR, read=True)
    assert list(Consent.objects.values_list("at", flat=True)) == [MORNING]


def test_platform_news_owes_the_platform_nothing(shop: Shop, in_shop: None) -> None:
    record_platform_consent(shop, said(True, MORNING), at=MORNING)
    contact = Contact.objects.get()
    assert contact.owed_since is None
    assert answer_for_store(contact) is None


def contact_who(shop: Shop, *, confirmed: bool) -> Contact:
    contact: Contact = Contact.objects.create(
        shop=shop, email="anna@example.se", address_key="anna@example.se", created_at=MORNING,
        evidence="confirmed" if confirmed else "browser",
        confirmed_at=MORNING if confirmed else None,
    )  # fmt: skip
    return contact


def answer(contact: Contact, given: bool, source: str, at: datetime) -> None:
    record_consent(
        contact, channel=Channel.EMAIL, given=given, wording="w", version="1", language="sv",
        source=source, at=at,
    )  # fmt: skip


STOPPED = MORNING + 3 * HOUR
# Confirmed, answers in their order, stopped by the person -> what the store is told.
TOLD = [
    (True, [(True, "popup", MORNING)], False, True),
    (False, [(True, "popup", MORNING)], False, None),
    (True, [(True, "popup", MORNING), (False, "shopify", MORNING + HOUR)], False, None),
    (True, [(False, "shopify", MORNING), (True, "popup", MORNING + HOUR)], False, True),
    (True, [(True, "shopify", MORNING)], False, None),
    (True, [], False, None),
    (True, [(True, "shopify", MORNING)], True, False),
    (True, [(True, "popup", MORNING)], True, False),
    (False, [], True, False),
    (True, [(True, "shopify", STOPPED + HOUR)], True, None),
]


@pytest.mark.parametrize(("confirmed", "answers", "stopped", "told"), TOLD)
def test_what_the_store_is_told(
    confirmed: bool,
    answers: list[tuple[bool, str, datetime]],
    stopped: bool,
    told: bool | None,
    shop: Shop,
    in_shop: None,
) -> None:
    contact = contact_who(shop, confirmed=confirmed)
    for given, source, at in answers:
        answer(contact, given, source, at)
    if stopped:
        suppress(
            shop, channel=Channel.EMAIL, address_key=contact.address_key,
            reason=Suppression.Reason.UNSUBSCRIBED, at=STOPPED,
        )  # fmt: skip
    found = answer_for_store(contact)
    assert (None if found is None else found.given) is told
    contact.refresh_from_db()
    assert (contact.owed_since is not None) == stopped


def test_a_mailbox_that_does_not_exist_has_said_nothing(shop: Shop, in_shop: None) -> None:
    contact = contact_who(shop, confirmed=True)
    suppress(
        shop, channel=Channel.EMAIL, address_key=contact.address_key,
        reason=Suppression.Reason.BOUNCED, at=MORNING,
    )  # fmt: skip
    contact.refresh_from_db()
    assert contact.owed_since is None
    assert answer_for_store(contact) is None


def test_an_opt_out_is_owed_in_the_shop_where_it_was_said(shop: Shop, other_shop: Shop) -> None:
    for here in (shop, other_shop):
        with access.scope(here):
            contact_who(here, confirmed=True)
    with access.scope(shop):
        suppress(
            shop, channel=Channel.EMAIL, address_key="anna@example.se",
            reason=Suppression.Reason.UNSUBSCRIBED, at=MORNING,
        )  # fmt: skip
    assert access.due_shops("contacts_owed_shops", MORNING) == [shop]
