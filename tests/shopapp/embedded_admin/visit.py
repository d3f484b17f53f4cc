"""A merchant in their shop's admin, in a real browser, with the app in the admin's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Frame, Page, expect

from tests.shopapp.embedded_admin.admins import Admins

# Watches what Built for Shopify is judged by, from the first moment of the page in the frame.
VITALS = """
window.vitals = { lcp: 0, cls: 0, inp: 0, shifts: [] };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.vitals.lcp = entry.startTime;
})).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (entry.hadRecentInput) return;
  window.vitals.cls += entry.value;
  window.vitals.shifts.push(entry.sources.map(({ node, previousRect, currentRect }) =>
    [node?.outerHTML?.slice(0, 60), JSON.stringify(previousRect), JSON.stringify(currentRect)]));
})).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (entry.interactionId) window.vitals.inp = Math.max(window.vitals.inp, entry.duration);
})).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass
class Visit:
    """One browser window. ``app``: where the app answers, on another site than the admin."""

    page: Page
    admins: Admins
    app: str

    def enter(self, path: str = "") -> Frame:
        """Sign in to the admin as the owner, open the app there, and return its frame."""
        self.page.goto(f"{self.admins.url}/admin/apps/rebasket{path}")
        self.page.locator(".person").first.click()
        return self.frame()

    def frame(self) -> Frame:
        """Return the app's frame, when its page is there."""
        self.page.wait_for_selector("iframe#app")
        handle = self.page.query_selector("iframe#app")
        assert handle is not None
        found = handle.content_frame()
        assert found is not None
        found.wait_for_selector("main", timeout=15_000)
        return found

    def menu(self, label: str) -> None:
        """Click an entry of the app's menu in the admin."""
        self.page.locator("#app-nav a", has_text=label).click()

    def settings(self, tab: str) -> None:
        """Open a tab of the settings, once their first page is there."""
        self.menu("Settings")
        tabs = self.frame().locator("nav.tabs a")
        expect(tabs.and_(self.frame().locator("[aria-current]"))).to_have_text("Store")
        tabs.filter(has_text=tab).click()

    def save(self) -> None:
        """Click Save in the admin's save bar."""
        self.page.locator("#save-bar button", has_text="Save").click()

    def discard(self) -> None:
        """Click Discard in the admin's save bar."""
        self.page.locator("#save-bar button", has_text="Discard").click()

    def sees_bar(self, *, there: bool = True) -> None:
        """Wait for the save bar to be there, or gone."""
        bar = expect(self.page.locator("#save-bar"))
        if there:
            bar.to_be_visible()
        else:
            bar.to_be_hidden()

    def cookies_of_app(self) -> list[Any]:
        """Return the cookies that the app has set."""
        return list(self.page.context.cookies(self.app))
