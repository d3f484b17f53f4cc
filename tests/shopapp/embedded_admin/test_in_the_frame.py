"""The pages inside the admin's frame, in a real browser, on another site than the admin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Request, Route, expect

from recovery.carts.models import Cart, CartLine
from recovery.contacts.models import Contact
from recovery.messaging.models import Sender
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import MORNING
from tests.doubles.base.http import Request as Asked
from tests.doubles.base.http import Response, as_wsgi, text_answer
from tests.doubles.base.server import Listener
from tests.shopapp.embedded_admin.visit import Visit


def fill_sender(frame: Frame, name: str) -> None:
    frame.fill("[name=sender_name]", name)
    frame.fill("[name=sender_address]", "shop@almgrenvik.example")
    frame.fill("[name=legal_address]", "Almgren & Vik, Norra Vallgatan 12, Malmö")


def test_signing_in_takes_no_cookie(visit: Visit) -> None:
    frame = visit.enter()
    expect(frame.locator("h1")).to_be_visible()
    assert frame.url.startswith(visit.app)
    frame.wait_for_function("!location.search.includes('id_token')")
    visit.menu("Flows")
    expect(frame.locator("h1", has_text="Flows")).to_be_visible()
    visit.page.reload()
    expect(visit.frame().locator("h1", has_text="Flows")).to_be_visible()
    assert visit.cookies_of_app() == []


def test_the_admins_menu_title_and_address_follow_the_pages(visit: Visit) -> None:
    frame = visit.enter()
    frame.evaluate("window.stillHere = true")
    for entry in ("Flows", "Messages", "Results", "Settings", "Flows"):
        visit.menu(entry)
        expect(frame.locator("h1", has_text=entry)).to_be_visible()
    expect(visit.page).to_have_title(re.compile("^Flows · "))
    expect(visit.page).to_have_url(re.compile("/admin/apps/rebasket/shops/[0-9]+/flows/$"))
    assert frame.evaluate("window.stillHere"), "no whole page was loaded on the way"
    assert frame.evaluate("document.querySelector('#app-title').getAttribute('heading')") == "Flows"
    frame.locator("a", has_text="Checkout").first.click()
    expect(frame.locator(".bar-back")).to_be_visible()
    visit.page.go_back()
    expect(frame.locator("h1", has_text="Flows")).to_be_visible()
    assert frame.evaluate("document.activeElement.tagName") in {"MAIN", "BODY"}
    assert frame.locator(".side").count() == 0
    assert frame.locator("text=Sign out").count() == 0


def test_every_request_of_ours_carries_a_token_and_no_cookie(visit: Visit) -> None:
    frame = visit.enter()
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    visit.page.on("request", note)
    visit.menu("Settings")
    expect(frame.locator("h1", has_text="Settings")).to_be_visible()
    frame.locator("nav.tabs a", has_text="Sender").click()
    fill_sender(frame, "Almgren")
    visit.save()
    expect(frame.locator(".toast")).to_be_visible()
    ours = [one for one in asked if one.url.startswith(visit.app) and one.resource_type == "fetch"]
    assert {one.method for one in ours} == {"GET", "POST"}
    for one in ours:
        headers = one.all_headers()
        assert headers["authorization"].startswith("Bearer ")
        assert "cookie" not in headers
        assert "id_token" not in one.url
        assert "id_token" not in headers.get("referer", "")


def test_a_form_has_its_buttons_in_the_admins_save_bar(visit: Visit) -> None:
    frame = visit.enter()
    visit.settings("Recovery")
    field = frame.locator("[name=cart_cutoff_minutes]")
    before = field.input_value()
    assert frame.locator("main button", has_text="Save").count() == 0
    field.fill("95")
    visit.sees_bar()
    visit.discard()
    expect(field).to_have_value(before)
    visit.sees_bar(there=False)
    field.fill("95")
    visit.save()
    expect(frame.locator(".toast")).to_be_visible()
    visit.sees_bar(there=False)
    expect(frame.locator("[name=cart_cutoff_minutes]")).to_have_value("95")
    expect(frame.locator(".toast")).to_have_count(0, timeout=10_000)


def test_a_late_answer_does_not_come_in_over_a_newer_page(visit: Visit) -> None:
    frame = visit.enter()
    visit.settings("Sender")
    fill_sender(frame, "Almgren & Vik")
    held: list[Route] = []

    def hold(route: Route) -> None:
        (held.append if route.request.method == "POST" else Route.continue_)(route)

    visit.page.route("**/settings/sender/", hold)
    visit.page.locator("#save-bar button", has_text="Save").click()
    expect(visit.page.locator("#save-bar")).to_be_hidden()
    visit.menu("Flows")
    expect(frame.locator("h1", has_text="Flows")).to_be_visible()
    with visit.page.expect_response(lambda answer: answer.request.method == "GET"):
        held[0].continue_()
    visit.page.wait_for_timeout(500)
    assert frame.locator("h1").inner_text() == "Flows"


def test_a_refused_form_says_what_is_wrong_and_keeps_what_was_typed(visit: Visit) -> None:
    frame = visit.enter()
    visit.settings("Recovery")
    frame.fill("[name=cart_cutoff_minutes]", "1")
    length = frame.evaluate("history.length")
    frame.evaluate("document.querySelector('form[data-save-bar]').noValidate = true")
    visit.save()
    expect(frame.locator(".field-error").first).to_be_visible()
    expect(frame.locator("[name=cart_cutoff_minutes]")).to_have_value("1")
    assert frame.evaluate("history.length") == length
    frame.fill("[name=cart_cutoff_minutes]", "80")
    frame.locator("main button", has_text="Save").click()
    expect(frame.locator(".toast")).to_be_visible()


def test_a_token_that_expired_in_mid_work_is_renewed_unseen(visit: Visit) -> None:
    """The first answer to the form is a 401: the admin's script asks again with a fresh token."""
    frame = visit.enter()
    visit.settings("Recovery")
    frame.fill("[name=cart_cutoff_minutes]", "77")
    seen: list[int] = []

    def spoil(route: Route) -> None:
        headers = route.request.headers
        if route.request.method == "POST" and not seen:
            headers = headers | {"authorization": "Bearer " + "x" * 20}
        answer = route.fetch(headers=headers, max_redirects=0)
        seen.append(answer.status)
        route.fulfill(response=answer)

    visit.page.route(re.compile(r".*/settings/recovery/.*"), spoil)
    visit.save()
    expect(frame.locator(".toast")).to_be_visible()
    assert seen[:2] == [401, 302]
    visit.page.unroute_all()
    shop = Shop.objects.get()
    visit.page.reload()
    frame = visit.frame()
    expect(frame.locator("[name=cart_cutoff_minutes]")).to_have_value("77")
    assert shop.host == visit.admins.first.host


def test_a_sign_in_that_cannot_be_renewed_keeps_the_form(visit: Visit) -> None:
    frame = visit.enter()
    visit.settings("Sender")
    fill_sender(frame, "Typed for a long while")
    visit.admins.first.front.stale_tokens = True
    visit.save()
    expect(frame.locator(".toast.bad", has_text="Nothing that you typed is lost")).to_be_visible()
    expect(frame.locator("[name=sender_name]")).to_have_value("Typed for a long while")
    visit.admins.first.front.stale_tokens = False
    frame.evaluate("document.querySelector('form[data-save-bar]').requestSubmit()")
    expect(frame.locator(".toast:not(.bad)")).to_be_visible()
    expect(frame.locator("[name=sender_name]")).to_have_value("Typed for a long while")
    with access.scope(Shop.objects.get()):
        assert Sender.objects.get().name == "Typed for a long while"


def test_a_document_without_a_good_token_goes_over_the_page_that_fetches_one(visit: Visit) -> None:
    frame = visit.enter()
    visit.menu("Messages")
    expect(frame.locator("h1", has_text="Messages")).to_be_visible()
    path = frame.evaluate("location.pathname")
    ways: list[str] = []
    visit.page.on("framenavigated", lambda moved: ways.append(moved.url))
    frame.evaluate(f"location.assign('{path}?tab=sent')")
    visit.page.wait_for_timeout(100)
    frame = visit.frame()
    expect(frame.locator("h1", has_text="Messages")).to_be_visible()
    assert "id_token" not in frame.evaluate("location.href")
    assert any("/embedded/session/" in way for way in ways)
    assert visit.cookies_of_app() == []


def test_leaving_with_unsaved_changes_is_asked_about(visit: Visit) -> None:
    frame = visit.enter()
    visit.settings("Recovery")
    frame.fill("[name=cart_cutoff_minutes]", "66")
    answers = iter([False, True])
    visit.page.on("dialog", lambda box: box.accept() if next(answers) else box.dismiss())
    frame.locator("nav.tabs a", has_text="Sender").click()
    expect(frame.locator("[name=cart_cutoff_minutes]")).to_have_value("66")
    frame.locator("nav.tabs a", has_text="Sender").click()
    expect(frame.locator("[name=sender_name]")).to_be_visible()


@pytest.fixture
def stranger(visit: Visit) -> Iterator[str]:
    """Another site that puts the app's page into a frame of its own."""

    def answer(asked: Asked) -> Response:
        src = asked.query.get("src", "")
        return text_answer(f'<iframe id="app" src="{src}"></iframe>'.replace("&", "&amp;"))

    with Listener(as_wsgi(answer)) as listener:
        yield listener.url


def test_no_other_site_may_show_the_pages(visit: Visit, stranger: str, chromium: Browser) -> None:
    visit.enter()
    shop = Shop.objects.get()
    token = visit.admins.token()
    for path in (f"/shops/{shop.pk}/carts/?id_token={token}", "/sign-in/"):
        page = chromium.new_page()
        page.goto(f"{stranger}/?src={visit.app}{path}")
        page.wait_for_timeout(500)
        handle = page.query_selector("iframe#app")
        assert handle is not None
        inner = handle.content_frame()
        assert inner is not None
        assert inner.locator("main").count() == 0
        page.close()


def test_a_mail_is_previewed_in_a_frame_within_the_frame(visit: Visit) -> None:
    frame = visit.enter()
    shop = Shop.objects.get()
    with access.scope(shop):
        contact = Contact.objects.create(
            shop=shop, email="a@shopper.example", address_key="a@shopper.example",
            created_at=MORNING,
        )  # fmt: skip
        cart = Cart.objects.create(
            shop=shop, cart_id="1", contact=contact, currency="EUR", signed=True, decimals=2,
            started_at=MORNING, changed_at=MORNING, quantity=1,
        )  # fmt: skip
        CartLine.objects.create(
            shop=shop, cart=cart, position=0, product_id="1", variant_id="1", quantity=1,
            name="Harbour wool sweater",
        )  # fmt: skip
    visit.menu("Flows")
    frame.locator("main a", has_text="Checkout abandoned").first.click()
    preview = frame.frame_locator("iframe.preview-frame")
    # No product of the shop was read yet, and the letter says so.
    expect(preview.locator("body")).to_contain_text("Nothing in this cart can be bought")
    frame.locator(".segments a", has_text="Plain text").click()
    expect(frame.locator(".segments a[aria-current]")).to_have_text("Plain text")
    expect(preview.locator("body")).to_contain_text("Nothing in this cart can be bought")
    assert visit.cookies_of_app() == []
