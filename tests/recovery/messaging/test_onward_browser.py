"""In a real browser: our page counts a person on the way, and leads on with and without scripts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django import Settings

from recovery.messaging import links
from recovery.messaging.models import Click, Link
from shopapp.kit import clock
from shopapp.shops import access
from shopapp.shops.models import Shop
from tests.conftest import make_shop
from tests.doubles.base.server import Listener
from tests.recovery.messaging import scene

HOST = "hedge.myshopify.com"
CHECKOUT = f"https://{HOST}/1/checkouts/abc12345/recover?key=k"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_HANDLER = WSGIHandler()


def _application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    answer = _HANDLER(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()
        connections.close_all()


@dataclass(frozen=True)
class Mail:
    """The link in a shopper's mail, and whose shop it is of."""

    shop: Shop
    address: str

    def counted(self) -> list[bool]:
        """Return of each following of the link whether it counts as a person's."""
        with access.scope(self.shop):
            return [click.counted_at is not None for click in Click.objects.order_by("pk")]


@pytest.fixture
def mail(committed_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    # Playwright's loop runs in this thread; the database is asked between its steps.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.ALLOWED_HOSTS = ["localhost"]
    shop = make_shop(HOST, platform=Shop.Platform.SHOPIFY)
    with Listener(_application) as listener:
        settings.APP_URL = f"http://localhost:{listener.port}"
        with access.scope(shop):
            scene.make_sender(shop)
            cart = scene.make_cart(shop, scene.make_contact(shop))
            cart.recovery_url = CHECKOUT
            cart.save()
            _, address = links.mint(shop, Link.Purpose.RESTORE, at=clock.now(), cart=cart)
        yield Mail(shop, address)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def _visitor(chromium: Browser, *, scripts: bool) -> BrowserContext:
    context = chromium.new_context(java_script_enabled=scripts)
    context.set_default_timeout(20_000)
    context.route(f"https://{HOST}/**", lambda route: route.fulfill(body="<p>Checkout</p>"))
    return context


def test_a_browser_goes_on_by_itself_and_counts(chromium: Browser, mail: Mail) -> None:
    context = _visitor(chromium, scripts=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(mail.address, wait_until="commit")
    page.wait_for_url(f"https://{HOST}/1/checkouts/**")
    assert "utm_source=rebasket" in page.url
    # The news is still on its way when the next page is there.
    until = time.monotonic() + 10
    while mail.counted() != [True] and time.monotonic() < until:
        time.sleep(0.05)
    assert mail.counted() == [True]
    assert wrong == []
    assert context.cookies() == []
    context.close()


def test_without_scripts_the_button_leads_on(chromium: Browser, mail: Mail) -> None:
    context = _visitor(chromium, scripts=False)
    page = context.new_page()
    page.goto(mail.address)
    page.locator("a.button").click()
    page.wait_for_url(f"https://{HOST}/1/checkouts/**")
    assert mail.counted() == [False]
    context.close()
