"""A shopper's visit: what is done in the browser, and what is seen there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.widgets.storefront.shop import Shop

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WATCH_SHIFTS = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (!hadRecentInput) shifted.push(value, ...sources.map(({ node }) => String(node?.outerHTML)));
  }
}).observe({ type: "layout-shift", buffered: true });
"""
NETWORK = ("Failed to load resource", "Content Security Policy", "has been blocked by CORS")


class Visit:
    """One browser page in a shop, with the errors that it wrote."""

    def __init__(self, shop: Shop, page: Page) -> None:
        """Begin at noon, with an eye on layout shifts and errors."""
        self.shop = shop
        self.page = page
        self.errors: list[str] = []
        page.add_init_script(WATCH_SHIFTS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.clock.set_fixed_time(NOON)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(word in message.text for word in NETWORK):
            self.errors.append(message.text)

    def open(self, path: str = "/", **options: Any) -> None:
        """Open a page of the shop and wait until nothing more is asked for."""
        self.page.goto(self.shop.shop_url + path, **options)
        self.page.wait_for_load_state("networkidle")

    def later(self, **passed: float) -> None:
        """Let time pass since noon (`timedelta`'s words)."""
        self.page.clock.set_fixed_time(NOON + timedelta(**passed))

    def away(self, **passed: float) -> None:
        """Close the shop and let time pass since noon."""
        self.page.goto("about:blank")
        self.later(**passed)

    def leave(self) -> None:
        """Take the pointer out through the top of the page."""
        self.page.mouse.move(600, 400)
        self.page.mouse.move(600, 2)
        self.page.evaluate(
            "document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: -1}))"
        )

    def flick_up(self) -> None:
        """Scroll down, then quickly upwards, as a thumb does."""
        self.page.evaluate("""async () => {
            const frame = () => new Promise(requestAnimationFrame);
            for (const y of [400, 900, 1400, 1000, 500, 100]) {
                scrollTo(0, y);
                await frame();
                await frame();
            }
        }""")

    @property
    def popup(self) -> Locator:
        """The pop-up's dialog."""
        return self.page.locator("[data-rebasket] dialog")

    @property
    def card(self) -> Locator:
        """The reminder's card."""
        return self.page.locator("[data-rebasket] section")

    def sees_popup(self) -> Locator:
        """Leave, and wait for the pop-up."""
        self.leave()
        expect(self.popup).to_be_visible()
        return self.popup

    def sees_nothing(self) -> None:
        """Nothing of ours is on the page, though the shopper leaves and all is quiet."""
        self.leave()
        self.flick_up()
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator("[data-rebasket]")).to_have_count(0)

    def is_unharmed(self) -> None:
        """The page works, did not move and wrote no error of ours."""
        assert self.errors == []
        assert self.page.evaluate("window.shifted") == []
        assert self.page.evaluate("document.cookie") == ""
        self.page.click("#first")
        assert self.page.url.endswith("#grid")
