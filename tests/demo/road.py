"""Walk the demo's whole road as a merchant and a shopper would, and print what was seen."""

from __future__ import annotations

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from tests.demo.shopify_road import ShopifyWalk
from tests.demo.stage import Stage
from tests.demo.walking import RoadBlocked, Walk
from tests.demo.woocommerce_road import WooCommerceWalk

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ROADS: dict[str, type[Walk]] = {"woocommerce": WooCommerceWalk, "shopify": ShopifyWalk}


def walk(stage: Stage, *, screenshots: str = "") -> int:
    """Walk the road and print it step by step; return 0 when it ends in a recovered order."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            return _ROADS[stage.platform](stage, browser, screenshots).take()
        except BrowserError as error:
            raise RoadBlocked(f"The browser could not go on: {error}") from error
        finally:
            browser.close()
