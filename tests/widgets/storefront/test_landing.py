"""The report that a restore link was followed."""

from __future__ import annotations

import pytest

from tests.widgets.storefront.shop import CART_ID, FULL
from tests.widgets.storefront.visit import Visit

TAGS = "utm_source=rebasket&utm_medium=email&utm_campaign=cart&utm_content="


def test_a_landing_is_reported_once_the_page_was_looked_at(visit: Visit) -> None:
    visit.shop.cart = FULL
    with visit.page.expect_response("**/landings"):
        visit.open(f"/cart/?{TAGS}Ab3dEf6hIj9_")
    [sent] = visit.shop.bodies("landings")
    assert len(sent.pop("event_id")) == 36
    assert sent == {"schema": 1, "click_ref": "Ab3dEf6hIj9_", "cart_id": CART_ID}


def test_the_plugin_may_name_the_click(visit: Visit) -> None:
    visit.shop.script = 'data-click="Zz3dEf6hIj9_"'
    with visit.page.expect_response("**/landings"):
        visit.open("/cart/")
    assert visit.shop.bodies("landings")[0]["click_ref"] == "Zz3dEf6hIj9_"


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=news&utm_content=Ab3dEf6hIj9_",
        f"{TAGS}%3Cscript%3E",
        f"{TAGS}x",
        "utm_source=rebasket",
    ],
)
def test_other_tags_are_none_of_our_business(visit: Visit, query: str) -> None:
    visit.page.clock.install()
    visit.open(f"/?{query}")
    visit.page.clock.run_for(5000)
    visit.page.wait_for_load_state("networkidle")
    assert len(visit.shop.asked("/wc/store/v1/cart")) == 1
    assert visit.shop.asked("landings") == []


def test_a_page_in_the_background_is_not_a_person(visit: Visit) -> None:
    visit.page.add_init_script(
        "Object.defineProperty(document, 'hidden', {get: () => window.away !== false})"
    )
    visit.page.clock.install()
    visit.open(f"/?{TAGS}Ab3dEf6hIj9_")
    visit.page.clock.run_for(5000)
    visit.page.wait_for_load_state("networkidle")
    assert visit.shop.asked("landings") == []
    with visit.page.expect_response("**/landings"):
        visit.page.evaluate("away = false; document.dispatchEvent(new Event('visibilitychange'))")
        visit.page.clock.run_for(1000)
