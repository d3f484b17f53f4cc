"""Find everything of one person in the shop in scope: by account, mailbox, phone and orders."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from recovery.carts.models import Cart
from recovery.contacts.erasure import Names
from recovery.contacts.models import Contact
from recovery.flows.models import FlowRun
from recovery.messaging.models import Message
from recovery.orders.models import Order
from shopapp.kit.addresses import address_key, phone_e164


@dataclass(frozen=True, slots=True)
class Person:
    """One person's rows by their ids, and all the names that they go by there."""

    names: Names
    contacts: frozenset[int]
    carts: frozenset[int]
    orders: frozenset[int]
    messages: frozenset[int]
    runs: frozenset[int]
    # Mails of tests that a merchant sent to themselves, which greet this person.
    tests: frozenset[int]
    spellings: frozenset[str]
    tokens: frozenset[str]
    """What the platform calls their carts and checkouts."""

    @property
    def known(self) -> bool:
        """Say whether the shop holds anything of them."""
        return bool(self.contacts or self.carts or self.orders or self.messages)


def names_of(
    *, customer_id: str, email: str, phone: str, order_ids: tuple[str, ...] | list[str]
) -> Names:
    """Return the names that a platform's request uses, as our rows write them."""
    return Names(
        customer_ids=frozenset({customer_id} - {""}),
        address_keys=frozenset({address_key(email)} - {""}),
        phones=frozenset({phone, phone_e164(phone, "")} - {""}),
        order_ids=frozenset(order_ids),
    )


def find(asked: Names, *, email: str = "") -> Person:
    """Return everything of the person of these names.

    An order meant by its id counts whoever it names. A phone names nobody who has an account or
    an address besides, unless it is all that is asked by: families share numbers.
    """
    contacts = _contacts(asked)
    names = _widened(asked, contacts)
    ids = frozenset(contact.pk for contact in contacts)
    orders = _orders(names)
    carts = _carts(names, ids, orders)
    cart_ids = frozenset(cart.pk for cart in carts)
    messages = _messages(names, ids)
    tests = Message.objects.filter(kind=Message.Kind.TEST, cart_id__in=cart_ids)
    return Person(
        names=names,
        contacts=ids,
        carts=cart_ids,
        orders=frozenset(order.pk for order in orders),
        messages=frozenset(messages.values_list("pk", flat=True)),
        runs=_runs(names, ids),
        tests=frozenset(tests.values_list("pk", flat=True)),
        spellings=frozenset(
            {email.strip().lower()}
            | {contact.email for contact in contacts}
            | {order.email.lower() for order in orders}
            | {address.lower() for address in messages.values_list("address", flat=True)}
        )
        - {""},
        tokens=_tokens(carts, orders),
    )


def _contacts(asked: Names) -> list[Contact]:
    rows = Contact.objects.filter(
        Q(customer_id__in=asked.customer_ids)
        | Q(address_key__in=asked.address_keys)
        | _by_phone(asked)
    )
    return list(rows)


def _by_phone(names: Names) -> Q:
    if not (names.customer_ids or names.address_keys):
        return Q(phone__in=names.phones)
    return Q(phone__in=names.phones, customer_id="", address_key="")


def _widened(asked: Names, contacts: list[Contact]) -> Names:
    """Return the names with those that the contacts have besides."""
    return Names(
        customer_ids=asked.customer_ids | {c.customer_id for c in contacts if c.customer_id},
        address_keys=asked.address_keys | {c.address_key for c in contacts if c.address_key},
        phones=asked.phones | {c.phone for c in contacts if c.phone},
        order_ids=asked.order_ids,
    )


def _orders(names: Names) -> list[Order]:
    rows = Order.objects.filter(
        Q(platform_id__in=names.order_ids)
        | Q(customer_id__in=names.customer_ids)
        | Q(address_key__in=names.address_keys)
        | _by_phone(names)
    )
    return list(rows)


def _carts(names: Names, contacts: frozenset[int], orders: list[Order]) -> list[Cart]:
    ended = [order.ended_cart_id for order in orders if order.ended_cart_id is not None]
    cart_ids = {order.cart_id for order in orders} - {""}
    tokens = {order.checkout_token for order in orders} - {""}
    rows = Cart.objects.filter(
        Q(contact_id__in=contacts)
        | Q(customer_id__in=names.customer_ids)
        # A cart that became this person's order is theirs, unless it names somebody else.
        | Q(contact=None) & (Q(pk__in=ended) | Q(cart_id__in=cart_ids) | Q(alias__in=tokens))
    )
    return list(rows)


def _messages(names: Names, contacts: frozenset[int]) -> QuerySet[Message]:
    theirs = Q(contact_id__in=contacts) | Q(address_key__in=names.address_keys)
    # A test was mailed to a merchant, whosever cart it shows.
    found: QuerySet[Message] = Message.objects.filter(theirs).exclude(kind=Message.Kind.TEST)
    return found


def _runs(names: Names, contacts: frozenset[int]) -> frozenset[int]:
    rows = FlowRun.objects.filter(
        Q(contact_id__in=contacts) | Q(address_key__in=names.address_keys)
    )
    return frozenset(rows.values_list("pk", flat=True))


def _tokens(carts: list[Cart], orders: list[Order]) -> frozenset[str]:
    told = {name for cart in carts for name in (cart.cart_id, cart.alias, cart.checkout_id)}
    told |= {name for order in orders for name in (order.cart_id, order.checkout_token)}
    return frozenset(told - {""})
