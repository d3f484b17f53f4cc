"""The browser and the shop that the storefront script is tried in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.widgets.storefront.shop import Shop, open_shop
from tests.widgets.storefront.visit import Visit

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Closed with the module: Playwright's loop must not outlive it, for
    Django refuses its database where a loop runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def storefront() -> Iterator[Shop]:
    """A shop with an empty cart and the plugin."""
    with open_shop() as opened:
        yield opened


@pytest.fixture
def visit(chromium: Browser, storefront: Shop) -> Iterator[Visit]:
    """A shopper at a desk."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield Visit(storefront, context.new_page())
    context.close()


@pytest.fixture
def phone(chromium: Browser, storefront: Shop) -> Iterator[Visit]:
    """A shopper with a phone."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    yield Visit(storefront, context.new_page())
    context.close()


@pytest.fixture
def module_page(chromium: Browser, storefront: Shop) -> Iterator[Page]:
    """A bare page on the shop's origin, for trying a source module's functions."""
    page = chromium.new_page()
    page.goto(f"{storefront.shop_url}/bare")
    yield page
    page.close()
