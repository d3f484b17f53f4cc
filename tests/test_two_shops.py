"""Two shops: nothing of one is reachable from the other by any address of the URL map."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from recovery.carts.models import Cart
from recovery.contacts.models import Contact
from recovery.flows.models import Flow
from recovery.flows.services import make_presets
from recovery.ingest.models import Delivery
from recovery.messaging.models import Message
from recovery.privacy.models import DataRequest
from shopapp.shops import access
from shopapp.shops.models import Member, Shop, User
from tests.conftest import MORNING

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Stands in every row of the first shop; no page of the second may hold it.
MARK = "only-of-this-shop"
METHODS = ("get", "post")


def routes(
    resolver: URLResolver | None = None, before: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Yield every route of the URL map, whole, with its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from routes(entry, route, inner)
        else:
            yield route, ":".join([*namespaces, str(entry.name)])


OF_A_SHOP = {
    name: tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
    for route, name in routes()
    if "shop_id" in route
}
OF_A_ROW = {name: places for name, places in OF_A_SHOP.items() if len(places) > 1}


@pytest.fixture
def rows(shop: Shop, other_shop: Shop) -> dict[str, object]:
    """Return one row of the first shop for every place of an address."""
    with access.scope(shop):
        contact = Contact.objects.create(
            shop=shop, email=f"{MARK}@shopper.example", address_key=f"{MARK}@shopper.example",
            created_at=MORNING,
        )  # fmt: skip
        cart = Cart.objects.create(
            shop=shop, cart_id=MARK, contact=contact, currency="EUR", signed=True, decimals=2,
            started_at=MORNING, changed_at=MORNING,
        )  # fmt: skip
        flow = make_presets(shop, at=MORNING)[0]
        Flow.objects.filter(pk=flow.pk).update(name=MARK)
        delivery = Delivery.objects.create(
            shop=shop, source="webhook", topic=MARK, event_key="1", body=MARK.encode(),
            received_at=MORNING, due_at=MORNING, state=Delivery.State.PARKED,
        )  # fmt: skip
        message = Message.objects.create(
            shop=shop, dedup_key="1", kind=Message.Kind.FLOW, contact=contact, cart=cart,
            subject=MARK, created_at=MORNING, due_at=MORNING, too_late_at=MORNING,
            address=contact.email, address_key=contact.address_key,
        )  # fmt: skip
        asked = DataRequest.objects.create(
            shop=shop, request_id="1", email=contact.email, asked_at=MORNING, due_at=MORNING
        )
    with access.scope(other_shop):
        make_presets(other_shop, at=MORNING)
    member = Member.objects.create(user=User.objects.create_user("m@shop.example"), shop=shop)
    return {
        "cart_id": cart.pk,
        "flow_id": flow.pk,
        "delivery_id": delivery.pk,
        "message_id": message.pk,
        "request_id": asked.pk,
        "member_id": member.pk,
        "key": "service",
    }


def address(name: str, shop: Shop, rows: dict[str, object]) -> str:
    """Return the address under this shop; a place that no row is made for is a failure."""
    places = [rows[place] for place in OF_A_SHOP[name] if place != "shop_id"]
    return reverse(name, args=[shop.pk, *places])


def browser_of(shop: Shop, role: str = Member.Role.OWNER) -> Client:
    user = User.objects.create_user(f"{role}@{shop.host}")
    Member.objects.create(user=user, shop=shop, role=role)
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def test_the_walk_finds_the_pages_that_there_are() -> None:
    assert {"carts:list", "flows:step", "inbox:redrive", "sync:uninstall", "settings:sender"} <= (
        set(OF_A_SHOP)
    )
    assert len(OF_A_SHOP) >= 23


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_another_shops_page_is_not_found(
    name: str, shop: Shop, other_shop: Shop, rows: dict[str, object]
) -> None:
    browser = browser_of(other_shop)
    answers = [getattr(browser, method)(address(name, shop, rows)) for method in METHODS]
    statuses = {answer.status_code for answer in answers}
    assert 404 in statuses
    assert statuses <= {404, 405}, "405 says the same of every shop"
    for answer in answers:
        assert MARK not in answer.content.decode()
        assert shop.host not in answer.content.decode()


@pytest.mark.parametrize("name", OF_A_ROW)
def test_another_shops_row_is_not_found_under_ones_own_shop(
    name: str, other_shop: Shop, rows: dict[str, object]
) -> None:
    browser = browser_of(other_shop)
    answers = [getattr(browser, method)(address(name, other_shop, rows)) for method in METHODS]
    statuses = {answer.status_code for answer in answers}
    assert 404 in statuses
    assert statuses <= {404, 405}
    assert not any(MARK in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_nobody_gets_in_without_signing_in(
    name: str, client: Client, shop: Shop, rows: dict[str, object]
) -> None:
    wanted = address(name, shop, rows)
    answers = [getattr(client, method)(wanted) for method in METHODS]
    let_through = [answer for answer in answers if answer.status_code != 405]
    assert let_through
    for answer in let_through:
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/sign-in/?next={wanted}"


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_one_own_page_is_found(name: str, shop: Shop, rows: dict[str, object]) -> None:
    """What makes the other tests mean something: the rows are there, and their addresses right."""
    if name == "sync:uninstall":
        return
    browser = browser_of(shop)
    statuses = [
        getattr(browser, method)(address(name, shop, rows)).status_code for method in METHODS
    ]
    assert {200, 302, 422} & set(statuses)
    assert set(statuses) <= {200, 302, 405, 422}


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_a_viewer_changes_nothing(name: str, shop: Shop, rows: dict[str, object]) -> None:
    browser = browser_of(shop, Member.Role.VIEWER)
    assert browser.post(address(name, shop, rows)).status_code in {403, 405}
