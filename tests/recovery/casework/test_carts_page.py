"""The carts page through its doors: tabs, search, the drawer and its buttons."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from recovery.carts.models import Cart, CartLine, Entry
from recovery.casework import selectors
from recovery.contacts.models import Channel, Contact, Suppression
from recovery.contacts.services import suppress
from recovery.flows import services as flows
from recovery.flows.models import Flow, FlowRun
from recovery.messaging.models import Link, Message
from shopapp.shops import access
from shopapp.shops.models import AccessRecord, Member, Shop, User
from tests.conftest import MORNING
from tests.recovery.messaging import scene

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "aside#drawer"}


def url_of(shop: Shop, rest: str = "") -> str:
    return f"/shops/{shop.pk}/carts/{rest}"


def make_run(cart: Cart, **values: Any) -> FlowRun:
    """Put the cart's shopper into the standard flow."""
    flow = Flow.objects.get(preset="cart-standard")
    defaults: dict[str, Any] = {
        "abandoned_at": MORNING,
        "entered_at": MORNING,
        "due_at": MORNING + timedelta(hours=2),
        "address_key": cart.contact.address_key if cart.contact else f"k{cart.pk}",
        "contact": cart.contact,
    }
    run: FlowRun = FlowRun.objects.create(
        shop_id=cart.shop_id,
        flow=flow,
        version=flows.newest_version(flow),
        cart=cart,
        **(defaults | values),
    )
    return run


def fill(shop: Shop) -> dict[str, Cart]:
    """Put one cart into every tab of the shop and return them by tab."""
    flows.make_presets(shop, at=MORNING)
    scene.make_product(shop, "1", "Wool runner")
    people = {
        name: scene.make_contact(shop, f"{name}@{shop.host}", first_name=name.title())
        for name in ("anna", "bo", "carin", "dag")
    }

    def cart(contact: Contact | None = None, **values: Any) -> Cart:
        return scene.make_cart(shop, contact, ("1", "", 1), **values)

    carts = {
        "live": cart(state=Cart.State.OPEN, abandoned_at=None),
        "abandoned": cart(people["dag"]),
        "in_recovery": cart(people["anna"]),
        "recovered": cart(people["bo"], state=Cart.State.ORDERED),
        "lost": cart(people["carin"]),
        "not_contactable": cart(blocked_reason="no_address"),
    }
    CartLine.objects.update(name="Wool runner")
    make_run(carts["in_recovery"])
    make_run(carts["lost"], state=FlowRun.State.FINISHED, outcome="completed")
    return carts


@pytest.fixture
def carts(shop: Shop, other_shop: Shop) -> dict[str, Cart]:
    """Return the shop's carts by tab; the other shop has the same ones of its own."""
    with access.scope(other_shop):
        fill(other_shop)
    with access.scope(shop):
        return fill(shop)


def ids_on(page: Any) -> set[int]:
    return {row["id"] for row in page.context["page"].object_list}


@pytest.mark.parametrize("tab", [key for key, _ in selectors.TABS])
def test_each_tab_shows_its_own_cart_and_no_other(
    tab: str, owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop), {"tab": tab})
    assert ids_on(page) == {carts[tab].pk}
    assert page["Cache-Control"] == "no-store"
    assert "other.example" not in page.content.decode()
    assert {one["key"]: one["count"] for one in page.context["tabs"]} == dict.fromkeys(carts, 1)


def test_the_menu_counts_the_carts_in_recovery(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop))
    assert '<span class="side-count">1</span>' in page.content.decode()


def test_why_nobody_is_written_to_is_counted_and_told_in_a_few_words(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop), {"tab": "not_contactable"})
    assert page.context["reasons"] == [{"label": "no address", "count": 1}]


def test_very_many_carts_are_counted_only_so_far(
    owner_client: Client, shop: Shop, carts: dict[str, Cart], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shopapp.kit.long_lists.count_up_to.__defaults__", (1,))
    with access.scope(shop):
        scene.make_cart(shop, None, state=Cart.State.OPEN)
    page = owner_client.get(url_of(shop), {"tab": "live"})
    assert "Live <span>1+</span>" in page.content.decode()


@pytest.mark.parametrize("words", ["anna", "ANNA@shop", "wool anna", "Runner anna@"])
def test_search_finds_a_cart_by_shopper_and_product(
    words: str, owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop), {"tab": "in_recovery", "q": words})
    assert ids_on(page) == {carts["in_recovery"].pk}


@pytest.mark.parametrize("words", ["bo@", "anna other.example", "nothing like it"])
def test_search_stays_in_its_tab_and_shop(
    words: str, owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop), {"tab": "in_recovery", "q": words})
    assert ids_on(page) == set()
    assert "No cart matches" in page.content.decode()


def test_a_tab_keeps_the_words_that_were_searched(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    page = owner_client.get(url_of(shop), {"tab": "live", "q": "anna & bo"})
    assert "?tab=lost&amp;q=anna+%26+bo" in page.content.decode()


def test_the_drawer_tells_the_story_and_records_who_looked(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    cart = carts["not_contactable"]
    with access.scope(shop):
        Entry.objects.create(
            shop=shop, cart=cart, at=MORNING, kind="not_contacted", reason="no_address"
        )
    page = owner_client.get(url_of(shop, f"{cart.pk}/"), headers=FRAGMENT)
    text = page.content.decode()
    assert text.lstrip().startswith('<aside id="drawer"')
    assert "Not written to" in text
    assert "Nobody knows this shopper&#x27;s address" in text
    with access.scope(shop):
        seen = AccessRecord.objects.get()
    assert (seen.what, seen.subject, seen.user.email) == (
        "cart",
        str(cart.pk),
        "owner@shop.example",
    )


def test_what_a_flow_plans_stands_on_the_timeline(
    owner_client: Client, shop: Shop, carts: dict[str, Cart], time_machine: Any
) -> None:
    time_machine.move_to(MORNING + timedelta(hours=1))
    page = owner_client.get(url_of(shop, f"{carts['in_recovery'].pk}/"))
    planned = [entry["title"] for entry in page.context["timeline"] if entry["kind"] == "planned"]
    assert len(planned) == 2


def test_nothing_is_planned_for_somebody_who_unsubscribed(
    owner_client: Client, shop: Shop, carts: dict[str, Cart], time_machine: Any
) -> None:
    time_machine.move_to(MORNING + timedelta(hours=1))
    cart = carts["in_recovery"]
    with access.scope(shop):
        suppress(
            shop,
            channel=Channel.EMAIL,
            address_key="anna@shop.example",
            reason=Suppression.Reason.UNSUBSCRIBED,
            at=MORNING,
        )
    (row,) = owner_client.get(url_of(shop)).context["page"].object_list
    assert row["next_text"] == "unsubscribed"
    page = owner_client.get(url_of(shop, f"{cart.pk}/"))
    assert "planned" not in {entry["kind"] for entry in page.context["timeline"]}
    assert not page.context["cart"]["can_send_now"]
    assert "unsubscribed" in page.context["cart"]["send_now_why"]


def test_stop_ends_the_run_and_says_so_on_the_timeline(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    cart = carts["in_recovery"]
    answer = owner_client.post(url_of(shop, f"{cart.pk}/stop/"), follow=True)
    assert "Nobody will be written to about this cart." in answer.content.decode()
    assert not answer.context["cart"]["can_stop"]
    with access.scope(shop):
        assert not FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).exists()
        assert Cart.objects.get(pk=cart.pk).blocked_reason == "stopped_by_merchant"


def test_send_now_queues_the_next_mail_once(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    cart = carts["in_recovery"]
    with access.scope(shop):
        scene.make_sender(shop)
    owner_client.post(url_of(shop, f"{cart.pk}/sending/"))
    owner_client.post(url_of(shop, f"{cart.pk}/sending/"))
    with access.scope(shop):
        assert Message.objects.filter(cart=cart, step_key="reminder").count() == 1


def test_a_cart_without_a_run_has_nothing_to_send(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    answer = owner_client.post(url_of(shop, f"{carts['lost'].pk}/sending/"), follow=True)
    assert "There is no mail left to send about this cart." in answer.content.decode()


def test_marked_as_won_closes_the_cart_and_its_run(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    cart = carts["in_recovery"]
    owner_client.post(url_of(shop, f"{cart.pk}/win/"))
    with access.scope(shop):
        assert Cart.objects.get(pk=cart.pk).state == Cart.State.ORDERED
        assert not FlowRun.objects.filter(cart=cart, state=FlowRun.State.ACTIVE).exists()


def test_a_made_link_is_shown_once_and_opens_this_cart(
    owner_client: Client, shop: Shop, carts: dict[str, Cart]
) -> None:
    cart = carts["in_recovery"]
    answer = owner_client.post(url_of(shop, f"{cart.pk}/link/"), headers=FRAGMENT)
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="restore-link">')
    found = re.search(r'value="(http://[^"]+/r/[\w-]+)"', text)
    assert found is not None
    with access.scope(shop):
        link = Link.objects.get()
    assert link.cart_id == cart.pk
    assert link.token_hash not in found[1]


@pytest.mark.parametrize("door", ["", "stop/", "sending/", "win/", "link/"])
def test_another_shops_cart_is_not_there(
    door: str, owner_client: Client, shop: Shop, other_shop: Shop, carts: dict[str, Cart]
) -> None:
    with access.scope(other_shop):
        theirs = Cart.objects.values_list("pk", flat=True)[0]
    method = owner_client.post if door else owner_client.get
    assert method(url_of(shop, f"{theirs}/{door}")).status_code == 404
    assert method(url_of(other_shop, f"{theirs}/{door}")).status_code == 404


def test_who_may_only_look_cannot_act(client: Client, shop: Shop, carts: dict[str, Cart]) -> None:
    viewer = User.objects.create_user("viewer@shop.example")
    Member.objects.create(user=viewer, shop=shop, role=Member.Role.VIEWER)
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    cart = carts["in_recovery"]
    assert client.get(url_of(shop, f"{cart.pk}/")).status_code == 200
    assert client.post(url_of(shop, f"{cart.pk}/stop/")).status_code == 403


def test_the_search_goes_with_the_tab(owner_client: Client, shop: Shop) -> None:
    field = '<input type="hidden" id="search-tab" name="tab" value="lost"'
    url = url_of(shop, "?tab=lost")
    part = owner_client.get(url, headers=FRAGMENT | {"HX-Target": "section#carts"})
    assert f'{field} hx-swap-oob="true">' in part.content.decode()
    whole = owner_client.get(url).content.decode()
    assert f"{field}>" in whole
    assert whole.count('id="search-tab"') == 1
