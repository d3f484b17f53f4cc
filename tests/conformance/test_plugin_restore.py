"""The plugin's twin restores a cart by link as docs/wire.md describes."""

from __future__ import annotations

import httpx
import pytest

from tests.conformance.twin import App, connect, put_mug, restore_link
from tests.doubles.woocommerce import Store


def test_a_restore_link_merges_and_its_landing_is_reported_by_the_page(
    store: Store, browser: httpx.Client, app: App
) -> None:
    connect(store, browser)
    mug = put_mug(browser, store)
    tray = next(one for one in store.state.products.values() if one.slug == "serving-tray")
    bowl = next(one for one in store.state.products.values() if one.slug == "breakfast-bowl")
    page = browser.get(restore_link([[mug, 0, 3], [bowl.id, 0, 1], [tray.id, 0, 1]]))
    assert page.url.path == "/cart/"
    assert dict(page.url.params) == {"utm_source": "rebasket", "utm_content": "click1"}
    assert "Welcome back" in page.text
    assert "no longer available" in page.text
    [visit] = store.state.visits.values()
    assert [(one.product_id, one.quantity) for one in visit.lines] == [(mug, 3), (bowl.id, 1)]
    store.send_outbox()
    assert "link.followed" not in [one["type"] for one in app.events()]
    browser.post("/?wc-ajax=rebasket_landing")
    browser.post("/?wc-ajax=rebasket_landing")
    store.send_outbox()
    followed = [one["data"] for one in app.events() if one["type"] == "link.followed"]
    assert followed == [{"click_ref": "click1", "cart_id": visit.notes["cart_id"]}]


@pytest.mark.parametrize("wrong", ["expired", "forged", "damaged"])
def test_a_wrong_restore_link_changes_nothing(
    store: Store, browser: httpx.Client, wrong: str
) -> None:
    connect(store, browser)
    mug = put_mug(browser, store)
    links = {
        "expired": restore_link([[mug, 0, 5]], expires_in=-1),
        "forged": restore_link([[mug, 0, 5]], secret="x" * 43),
        "damaged": "/?rebasket-restore=%00.zz",
    }
    page = browser.get(links[wrong])
    assert "This link has expired" in page.text
    [visit] = store.state.visits.values()
    assert [one.quantity for one in visit.lines] == [1]
