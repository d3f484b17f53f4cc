"""The admin around an app in another origin's frame, in a browser that sends it no cookies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import jwt
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from shopapp.kit.clock import real_now
from shopapp.platforms.shopify import verify
from tests.conformance.shopify.framed_app import FramedApp
from tests.conformance.shopify.front import SECRET, Front, open_front
from tests.doubles.base.http import as_wsgi
from tests.doubles.base.server import Listener
from tests.doubles.shopify.installing import uninstall

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, closed with the module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Admin:
    """A person in the admin, with the app in front of them."""

    front: Front
    app: FramedApp
    page: Page

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe#app")

    def open(self, path: str = "") -> None:
        """Open the app and wait until it has spoken to the admin."""
        self.page.goto(f"/admin/apps/rebasket{path}")
        expect(self.page.locator("#app-nav a")).to_have_count(2)

    def fetch(self, body: str) -> str:
        """Post to the app from its page, as htmx does, and return the answer."""
        frame = next(one for one in self.page.frames if one.parent_frame)
        told = frame.evaluate(
            "(body) => fetch('/api', {method: 'POST', body}).then((r) => r.text())", body
        )
        return str(told)


@pytest.fixture
def admin(chromium: Browser) -> Iterator[Admin]:
    front, app = open_front(), FramedApp()
    with Listener(as_wsgi(app.answer)) as framed, Listener(as_wsgi(front.answer)) as listener:
        front.shop.setup.url = framed.url
        app.admin = listener.url.replace("127.0.0.1", "localhost")
        page = chromium.new_page(base_url=app.admin)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/admin")
        page.get_by_role("button", name="Owner").click()
        yield Admin(front, app, page)
        page.close()
        assert errors == []


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token, SECRET, algorithms=["HS256"], audience="client-id-123")


def test_installing_shows_the_scopes_and_opens_the_app(admin: Admin) -> None:
    uninstall(admin.front.shop)
    admin.page.goto("/admin/apps/rebasket")
    expect(admin.page.get_by_role("listitem").first).to_contain_text("View orders")
    assert admin.app.asked == []
    admin.page.get_by_role("button", name="Install").click()
    expect(admin.frame.get_by_role("heading")).to_have_text("Embedded")
    assert admin.front.shop.installed


def test_the_first_document_carries_a_signed_query_and_no_cookie(admin: Admin) -> None:
    admin.open()
    first = next(one for one in admin.app.asked if one.path == "/embedded/")
    assert "cookie" not in first.headers
    told = verify.admin_query(first.query_string, (SECRET,), at=real_now())
    assert told is not None
    assert (told["shop"], told["embedded"], told["locale"]) == (admin.front.shop.host, "1", "en")
    token = claims(told["id_token"])
    assert token["sub"] == str(admin.front.shop.users[0].id)
    assert token["dest"] == f"https://{admin.front.shop.host}"


def test_every_request_of_the_page_carries_a_fresh_token(admin: Admin) -> None:
    admin.open()
    assert (admin.fetch("one"), admin.fetch("two")) == ("one", "two")
    tokens = [claims(one) for one in admin.app.tokens("/api")]
    assert len({one["jti"] for one in tokens}) == 2
    assert [one for one in admin.app.asked if "cookie" in one.headers] == []


def test_a_refused_token_is_tried_once_more_with_the_same_body(admin: Admin) -> None:
    admin.open()
    admin.app.refuse = 1
    assert admin.fetch("kept") == "kept"
    assert len(set(admin.app.tokens("/api"))) == 2
    admin.app.refuse = 9
    assert admin.fetch("lost") == ""
    assert len(admin.app.tokens("/api")) == 4


def test_the_apps_menu_and_title_stand_in_the_admin(admin: Admin) -> None:
    admin.open()
    menu = admin.page.locator("#app-nav")
    expect(menu.get_by_role("link")).to_have_text(["Carts", "Settings"])
    expect(admin.frame.locator("s-app-nav")).to_be_hidden()
    menu.get_by_role("link", name="Carts").click()
    expect(admin.frame.get_by_role("heading")).to_have_text("Carts")
    expect(admin.page).to_have_title("Carts · Almgren & Vik · Admin")
    expect(admin.page).to_have_url(f"{admin.app.admin}/admin/apps/rebasket/embedded/carts")
    admin.page.reload()
    expect(admin.frame.get_by_role("heading")).to_have_text("Carts")


def test_a_document_without_a_token_comes_back_with_one(admin: Admin) -> None:
    admin.open()
    admin.app.patch = True
    admin.page.locator("#app-nav").get_by_role("link", name="Settings").click()
    expect(admin.frame.get_by_role("heading")).to_have_text("Settings")
    last = [one for one in admin.app.asked if one.path == "/embedded/settings"][-1]
    assert claims(last.query["id_token"])["aud"] == "client-id-123"


def test_the_save_bar_saves_discards_and_guards(admin: Admin) -> None:
    admin.open()
    bar, field = admin.page.locator("#save-bar"), admin.frame.get_by_label("Name")
    expect(bar).to_be_hidden()
    field.fill("two")
    expect(bar).to_contain_text("Unsaved changes")
    field.fill("one")
    expect(bar).to_be_hidden()
    admin.frame.get_by_label("Kind").select_option("a")
    bar.get_by_role("button", name="Discard").click()
    expect(bar).to_be_hidden()
    expect(admin.frame.get_by_label("Kind")).to_have_value("b")
    field.fill("three")
    admin.page.locator("#app-nav").get_by_role("link", name="Carts").click()
    admin.page.get_by_role("button", name="Stay").click()
    expect(field).to_have_value("three")
    bar.get_by_role("button", name="Save").click()
    expect(admin.frame.get_by_role("heading")).to_have_text("Saved")
    saved = next(one for one in admin.app.asked if one.path == "/saved")
    assert saved.query["name"] == "three"
    expect(bar).to_be_hidden()


def test_leaving_for_good_needs_a_word(admin: Admin) -> None:
    admin.open()
    admin.frame.get_by_label("Name").fill("lost")
    admin.page.locator("nav.menu").get_by_role("link", name="Home").click()
    admin.page.get_by_role("button", name="Leave page").click()
    expect(admin.page.get_by_role("heading", name="Hello")).to_be_visible()


def test_the_embed_is_off_until_it_is_saved_in_the_editor(admin: Admin) -> None:
    admin.open()
    frame = next(one for one in admin.page.frames if one.parent_frame)
    ask = "shopify.app.extensions().then((all) => all[0].activations[0].status)"
    assert frame.evaluate(ask) == "available"
    admin.page.goto(
        "/admin/themes/current/editor?context=apps&activateAppId=client-id-123/rebasket"
    )
    assert admin.front.shop.front.embeds == set()
    expect(admin.page.get_by_role("switch")).to_be_checked()
    admin.page.get_by_role("button", name="Save").click()
    admin.page.wait_for_load_state()
    assert admin.front.shop.front.embeds == {"rebasket"}
    admin.open()
    frame = next(one for one in admin.page.frames if one.parent_frame)
    assert frame.evaluate(ask) == "active"


def test_the_merchants_ways_out_are_told(admin: Admin) -> None:
    admin.page.goto("/admin/settings/apps")
    admin.page.get_by_label("read_products").uncheck()
    admin.page.get_by_role("button", name="Save").click()
    admin.page.get_by_role("button", name="for erasure").click()
    admin.page.get_by_role("button", name="for their data").click()
    admin.page.get_by_role("button", name="Uninstall").click()
    expect(admin.page.get_by_text("No app is installed.")).to_be_visible()
    topics = {one.topic for one in admin.front.shop.news.waiting}
    assert topics >= {
        "app/scopes_update",
        "customers/redact",
        "customers/data_request",
        "app/uninstalled",
        "shop/redact",
    }
