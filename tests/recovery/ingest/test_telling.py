"""What shoppers answered to us reaches the store: once, never more than they said, and never over
what they said there later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from recovery.contacts.models import Contact
from recovery.contacts.services import owe, record_consent
from recovery.ingest import errands, tasks, telling
from recovery.messaging import answers
from recovery.messaging.models import Link, Message
from shopapp.kit import later
from shopapp.platforms.answers import KeysRefused, StoreSaidNo, StoreUnavailable
from shopapp.platforms.connector import CustomerToWrite
from shopapp.platforms.shopify.client import Client
from shopapp.shops import access, credentials
from shopapp.shops.models import Credential, Shop
from tests.conftest import MORNING, make_shop
from tests.doubles.shopify import people
from tests.doubles.shopify.records import Customer
from tests.recovery.ingest.little_shopify import (
    LittleShopify,
    app_identity,
    connect,
    make_shopify_shop,
    open_store,
)
from tests.recovery.messaging import scene

HOUR = timedelta(hours=1)
EMAIL = "anna@example.se"


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shopify_shop("little")
    connect(shop)
    return shop


@pytest.fixture
def little(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleShopify]:
    app_identity(monkeypatch)
    little = LittleShopify(open_store(shop.host))
    little.answer_outbound(monkeypatch)
    with time_machine.travel(MORNING + 3 * HOUR, tick=False):
        yield little


def asked_for_cart(shop: Shop) -> tuple[Link, Link]:
    """Return the confirmation and the way out of a mail asked for in the pop-up."""
    contact = scene.make_contact(
        shop, EMAIL, agreed=None, evidence="browser", confirmed_at=None, last_name="Berg"
    )
    message: Message = Message.objects.create(
        shop=shop, dedup_key="a", kind=Message.Kind.MY_CART, contact=contact, address=EMAIL,
        address_key=EMAIL, created_at=MORNING, due_at=MORNING, too_late_at=MORNING,
        content={"consent": {"given": True, "wording": "Yes", "version": "3", "source": "popup"}},
    )  # fmt: skip
    first, second = (
        Link.objects.create(
            shop=shop,
            purpose=purpose,
            token_hash=purpose,
            click_ref=purpose,
            message=message,
            contact=contact,
            created_at=MORNING,
            expires_at=MORNING + 99 * HOUR,
        )
        for purpose in (Link.Purpose.CONFIRM, Link.Purpose.UNSUBSCRIBE)
    )
    return first, second


def owed(shop: Shop, *, source: str = "popup", given: bool = True, at: datetime = MORNING) -> None:
    """Make a confirmed contact with this answer, of whom the store is owed."""
    with access.scope(shop):
        contact = scene.make_contact(shop, EMAIL, agreed=None)
        record_consent(
            contact, channel="email", given=given, wording="", version="", language="",
            source=source, at=at,
        )  # fmt: skip
        owe(contact, at=MORNING)


def found(little: LittleShopify) -> Customer | None:
    return little.store.state.customer_with(EMAIL)


def state_of(little: LittleShopify) -> str:
    customer = found(little)
    return "" if customer is None else customer.consent.state


def contact_in(shop: Shop) -> Contact:
    with access.scope(shop):
        contact: Contact = Contact.objects.get()
    return contact


def test_who_confirms_in_the_popup_is_found_in_the_shops_admin(
    shop: Shop, little: LittleShopify
) -> None:
    with access.scope(shop):
        confirmation, way_out = asked_for_cart(shop)
        assert access.due_shops("contacts_owed_shops", MORNING) == []
        answers.confirm(shop, confirmation, at=MORNING)
    assert access.due_shops("contacts_owed_shops", MORNING) == [shop]
    assert telling.tell_store(shop, at=MORNING) == 1
    customer = found(little)
    assert customer is not None
    assert (customer.first_name, customer.last_name) == ("Anna", "Berg")
    assert state_of(little) == "subscribed"
    assert customer.consent.updated_at == MORNING
    told = contact_in(shop)
    assert (told.customer_id, told.owed_since, told.owed_problem) == (str(customer.id), None, "")
    with access.scope(shop):
        answers.unsubscribe(shop, way_out, at=MORNING + HOUR)
    assert telling.tell_store(shop, at=MORNING + HOUR) == 1
    assert state_of(little) == "unsubscribed"
    assert len(little.store.state.customers) == 1


def test_an_agreement_that_nobody_confirmed_is_told_to_nobody(
    shop: Shop, little: LittleShopify
) -> None:
    owed(shop)
    with access.scope(shop):
        Contact.objects.update(confirmed_at=None, evidence="browser")
    telling.tell_store(shop, at=MORNING)
    customer = found(little)
    assert customer is not None
    assert customer.consent.state == "not_subscribed"


@pytest.mark.parametrize(
    ("answered_there", "state"),
    [(MORNING - HOUR, "subscribed"), (MORNING + HOUR, "unsubscribed")],
)
def test_a_no_said_in_the_store_later_stands(
    answered_there: datetime, state: str, shop: Shop, little: LittleShopify
) -> None:
    customer = people.create_customer(little.store, EMAIL, consent="subscribed")
    people.set_consent(little.store, customer, "unsubscribed", at=answered_there)
    owed(shop)
    telling.tell_store(shop, at=MORNING + 2 * HOUR)
    assert customer.consent.state == state


def test_what_the_store_knows_is_not_overwritten(shop: Shop, little: LittleShopify) -> None:
    people.create_customer(little.store, EMAIL, first_name="Annika", last_name="")
    owed(shop)
    telling.tell_store(shop, at=MORNING)
    customer = found(little)
    assert customer is not None
    assert customer.first_name == "Annika"
    assert contact_in(shop).customer_id == str(customer.id)


def test_told_twice_is_told_once(shop: Shop, little: LittleShopify) -> None:
    for _ in range(2):
        with access.scope(shop):
            for contact in Contact.objects.all() or [scene.make_contact(shop, EMAIL)]:
                owe(contact, at=MORNING)
        telling.tell_store(shop, at=MORNING)
    assert len(little.store.state.customers) == 1


def test_a_refusal_is_parked_with_its_reason(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise StoreSaidNo("TAKEN", "Email has already been taken", 422)

    monkeypatch.setattr(Client, "write_customer", refuse)
    owed(shop)
    assert telling.tell_store(shop, at=MORNING) == 0
    parked = contact_in(shop)
    assert parked.owed_since is None
    assert parked.owed_problem == "The store refused: Email has already been taken"


def test_a_store_that_is_away_is_told_later_eight_times_in_all(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> str:
        raise StoreUnavailable("Your store did not answer.", temporary=True)

    monkeypatch.setattr(Client, "write_customer", away)
    owed(shop)
    at, tries = MORNING, 0
    while (due := contact_in(shop).owed_since) is not None and tries < 20:
        at = max(at, due)
        telling.tell_store(shop, at=at)
        tries += 1
    assert tries == errands.TRIES
    assert at - MORNING > timedelta(days=1)
    assert contact_in(shop).owed_problem == "Your store did not answer."


def test_refused_keys_are_nobodys_try(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> str:
        raise KeysRefused("revoked")

    monkeypatch.setattr(Client, "write_customer", refused)
    owed(shop)
    telling.tell_store(shop, at=MORNING)
    waiting = contact_in(shop)
    assert waiting.owed_attempts == 0
    assert waiting.owed_since is not None
    shop.refresh_from_db()
    assert shop.state == Shop.State.REFUSED


def test_what_is_learnt_while_it_is_told_is_told_next(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Client.write_customer

    def slowly(self: Client, customer: CustomerToWrite) -> str:
        done = real(self, customer)
        with access.scope(shop):
            owe(Contact.objects.get(), at=MORNING + HOUR)
        return done

    owed(shop)
    with monkeypatch.context() as patched:
        patched.setattr(Client, "write_customer", slowly)
        assert telling.tell_store(shop, at=MORNING) == 0
    assert contact_in(shop).owed_since == MORNING + HOUR
    assert telling.tell_store(shop, at=MORNING + HOUR) == 1


def test_a_platform_that_takes_no_customers_is_owed_nothing(little: LittleShopify) -> None:
    woo = make_shop("woo.example")
    with access.scope(woo):
        credentials.keep(woo, Credential.Kind.API_KEYS, "ck_1:cs_1", at=MORNING)
    owed(woo)
    assert telling.tell_store(woo, at=MORNING) == 1
    assert contact_in(woo).owed_since is None
    assert little.asked == []


def test_the_tick_finds_the_shop_that_owes(
    shop: Shop, little: LittleShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[object, ...]] = []
    monkeypatch.setattr(later, "enqueue", lambda *task: woken.append(task))
    make_shop("other.example")
    owed(shop)
    tasks.run_errands()
    assert woken == [("ingest.tell_store", shop.pk)]
