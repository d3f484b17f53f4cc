"""The flows pages through their doors: switches, the editor, the preview and the test mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from recovery.carts.models import Cart
from recovery.flows import services
from recovery.flows.models import Flow, FlowVersion
from recovery.messaging.models import Message
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.recovery.messaging import scene

STEP: dict[str, Any] = {
    "on": "on",
    "delay_value": "3",
    "delay_unit": "hours",
    "subject": "Your {{ first_item }}",
    "preheader": "",
    "heading": "Still here",
    "text": "Hello {{ first_name }}",
    "button_label": "Open it",
}


@pytest.fixture
def flow(shop: Shop, other_shop: Shop) -> Flow:
    """Return the standard flow of a shop that has one cart and no sender."""
    with access.scope(other_shop):
        services.make_presets(other_shop, at=MORNING)
        scene.make_product(other_shop, "1", "Secret hat")
        scene.make_cart(other_shop, None, ("1", "", 1))
    with access.scope(shop):
        services.make_presets(shop, at=MORNING)
        scene.make_product(shop, "1", "Wool runner")
        scene.make_cart(shop, scene.make_contact(shop), ("1", "", 1))
        found: Flow = Flow.objects.get(preset="cart-standard")
        return found


def url_of(flow: Flow, rest: str = "") -> str:
    return f"/shops/{flow.shop_id}/flows/{flow.pk}/{rest}"


def address(client: Client, flow: Flow, name: str) -> str:
    """Return where the editor's page posts to, or frames: the URL that has this word in it."""
    page = client.get(url_of(flow), {"step": "reminder"}).content.decode()
    found = [part for part in page.split('"') if part.startswith("/shops/") and name in part]
    return found[0].replace("&amp;", "&")


def newest(flow: Flow) -> dict[str, Any]:
    with access.scope(flow.shop):
        steps: list[dict[str, Any]] = FlowVersion.objects.filter(flow=flow).latest("number").steps
    return next(step for step in steps if step["key"] == "reminder")


def test_a_flow_without_a_sender_leads_to_the_sender(owner_client: Client, flow: Flow) -> None:
    door = address(owner_client, flow, "activation")
    answer = owner_client.post(door, {"active": "on", "look_back": "0"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/shops/{flow.shop_id}/settings/sender/"
    assert "Before a flow is switched on" in answer.content.decode()
    with access.scope(flow.shop):
        assert not Flow.objects.filter(live=True).exists()


def test_a_flow_is_switched_on_and_off(owner_client: Client, flow: Flow) -> None:
    with access.scope(flow.shop):
        scene.make_sender(flow.shop)
    door = address(owner_client, flow, "activation")
    for active, live in (("on", True), ("off", False)):
        owner_client.post(door, {"active": active, "look_back": "0"})
        with access.scope(flow.shop):
            assert Flow.objects.get(pk=flow.pk).live is live


def test_a_changed_step_becomes_a_new_version(owner_client: Client, flow: Flow) -> None:
    door = address(owner_client, flow, "steps/reminder")
    answer = owner_client.post(door, STEP, follow=True)
    assert "Saved as version 2" in answer.content.decode()
    changed = newest(flow)
    assert changed["after_minutes"] == 180
    assert changed["content"]["subject"] == "Your {{ first_item }}"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("subject", "", "A mail needs a subject."),
        ("subject", "Hi {{ first_nam", "A placeholder is not written right"),
        ("text", "", "A mail needs a text."),
        ("button_label", "", "The button needs words."),
        ("delay_value", "0", "The shortest wait is 1."),
        ("delay_value", "soon", "Enter a whole number."),
        ("delay_value", "9999", "A mail later than 60 days is not about this cart."),
    ],
)
def test_what_is_wrong_with_a_step_is_told_beside_its_field(
    field: str, value: str, told: str, owner_client: Client, flow: Flow
) -> None:
    door = address(owner_client, flow, "steps/reminder")
    answer = owner_client.post(door, STEP | {field: value})
    assert answer.status_code == 422
    assert told in " ".join(answer.context["form"].errors[field])
    assert 'class="field-error"' in answer.content.decode()
    assert newest(flow)["after_minutes"] == 120


def test_the_preview_shows_a_real_cart_where_nothing_can_run(
    owner_client: Client, flow: Flow
) -> None:
    answer = owner_client.get(address(owner_client, flow, "/preview/"))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Wool runner" in answer.content.decode()


def test_the_preview_is_dark_only_when_asked(owner_client: Client, flow: Flow) -> None:
    door = address(owner_client, flow, "/preview/").partition("?")[0]
    light, dark = (
        owner_client.get(door, {"as": shown}).content.decode() for shown in ("desktop", "dark")
    )
    assert "@media not all" in light
    assert "@media all" in dark


def test_the_plain_text_is_plain(owner_client: Client, flow: Flow) -> None:
    door = address(owner_client, flow, "/preview/").partition("?")[0]
    assert owner_client.get(door, {"as": "text"})["Content-Type"].startswith("text/plain")


def test_another_shops_cart_cannot_be_previewed(
    owner_client: Client, flow: Flow, other_shop: Shop
) -> None:
    with access.scope(other_shop):
        theirs = Cart.objects.get().pk
    door = address(owner_client, flow, "/preview/").partition("?")[0]
    assert owner_client.get(door, {"cart": theirs}).status_code == 404


def test_a_test_mail_goes_to_the_signed_in_person_only(owner_client: Client, flow: Flow) -> None:
    with access.scope(flow.shop):
        scene.make_sender(flow.shop)
    owner_client.post(address(owner_client, flow, "/test"), {"email": "victim@example.com"})
    with access.scope(flow.shop):
        assert [mail.address for mail in Message.objects.all()] == ["owner@shop.example"]
