"""Every entry of the menu and of the settings opens, on a shop that has nothing yet."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from shopapp.shops.models import Shop

PAGES = {
    "carts:list": "carts",
    "flows:list": "flows",
    "messages:list": "message-list",
    "results:overview": "results",
    "settings:store": "",
    "settings:sender": "",
    "settings:recovery": "",
    "sync:import": "import",
    "inbox:list": "inbox",
    "settings:privacy": "privacy",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_before_the_first_cart(name: str, owner_client: Any, shop: Shop) -> None:
    answer = owner_client.get(reverse(name, args=[shop.pk]))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<main") == 1
    assert 'aria-current="page"' in page, "the menu says where one is"


@pytest.mark.parametrize("name", [name for name, part in PAGES.items() if part])
def test_htmx_gets_the_part_that_it_asked_for(name: str, owner_client: Any, shop: Shop) -> None:
    part = PAGES[name]
    answer = owner_client.get(
        reverse(name, args=[shop.pk]),
        headers={
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Target": f"section#{part}",
        },
    )
    page = answer.content.decode()
    assert re.match(rf'\s*<(section|div) id="{part}"', page)
    assert "<main" not in page


def test_no_entry_of_the_menu_leads_nowhere(owner_client: Any, shop: Shop) -> None:
    page = owner_client.get(reverse("carts:list", args=[shop.pk])).content.decode()
    menu = re.search(r'<nav class="side-menu".*?</nav>', page, flags=re.DOTALL)
    assert menu is not None
    entries = re.findall(r'href="([^"]+)"', menu[0])
    assert len(entries) == 5
    for entry in entries:
        assert owner_client.get(entry).status_code == 200


def test_a_flow_opens_from_the_table_and_its_step_says_what_is_wrong(
    owner_client: Any, shop: Shop
) -> None:
    table = owner_client.get(reverse("flows:list", args=[shop.pk])).content.decode()
    link = re.search(r'class="row-link" href="([^"]+)"', table)
    assert link is not None
    editor = owner_client.get(link[1]).content.decode()
    action = re.search(r'<form class="form panel-body" method="post" action="([^"]+)"', editor)
    assert action is not None
    answer = owner_client.post(
        action[1],
        {"subject": "", "delay_value": "1", "delay_unit": "days"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#flow"},
    )
    assert answer.status_code == 422
    part = answer.content.decode()
    assert part.lstrip().startswith('<div id="flow">')
    assert 'id="id_subject_error">A mail needs a subject.' in part
    assert 'aria-invalid="true"' in part


def test_toasts_travel_with_the_part_that_was_asked_for(owner_client: Any, shop: Shop) -> None:
    where = reverse("settings:recovery", args=[shop.pk])
    saved = owner_client.post(where, {"checkout_cutoff_minutes": "30", "cart_cutoff_minutes": "60"})
    assert saved.status_code == 302
    answer = owner_client.get(
        reverse("carts:list", args=[shop.pk]),
        headers={"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "x#carts"},
    )
    assert 'hx-swap-oob="beforeend"' in answer.content.decode()
    again = owner_client.get(reverse("carts:list", args=[shop.pk])).content.decode()
    assert 'class="toast"' not in again
