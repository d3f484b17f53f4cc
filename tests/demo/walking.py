"""What a merchant and a shopper do on every platform's road: mails, links, waiting, results."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from tests.demo.stage import Stage
from tests.doubles.mailbox.box import Mail

SHOPPER = "anna@example.se"


class RoadBlocked(Exception):
    """A step of the road could not be taken; the message says which and why."""


class Walk(ABC):
    """One walk; ``clicks`` counts what the merchant clicks until the shop is connected."""

    def __init__(self, stage: Stage, browser: Browser, screenshots: str) -> None:
        self.stage, self.browser, self.screenshots = stage, browser, screenshots
        self.clicks = 0
        self.started = time.monotonic()
        self.pictures = 0

    @abstractmethod
    def take(self) -> int:
        """Take every step; return the exit status."""

    def device(self) -> Page:
        """Return a page of a browser that has never been here."""
        context: BrowserContext = self.browser.new_context(viewport={"width": 1280, "height": 860})
        context.set_default_timeout(20_000)
        return context.new_page()

    def say(self, text: str, page: Page | None = None) -> None:
        """Print one step with the seconds since the start, and keep a picture if asked."""
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)
        if page is not None and self.screenshots:
            self.pictures += 1
            name = re.sub(r"[^a-z]+", "-", text.lower())[:40].strip("-")
            path = Path(self.screenshots) / f"{self.pictures:02}-{name}.png"
            page.screenshot(path=path, full_page=True)

    def click(self, page: Page, selector: str) -> None:
        """Click as the merchant, and count it."""
        self.clicks += 1
        page.click(selector)

    def leave_through_the_top(self, page: Page) -> None:
        """Move the pointer out of the window until the pop-up asks."""
        for _ in range(10):
            page.mouse.move(640, 400)
            page.wait_for_timeout(700)
            page.mouse.move(640, 120, steps=5)
            page.mouse.move(640, 1, steps=3)
            page.evaluate(
                "document.documentElement.dispatchEvent(new MouseEvent('mouseleave',"
                " {clientY: -5, clientX: 640, bubbles: false, relatedTarget: null}))"
            )
            try:
                page.wait_for_selector("[data-rebasket] input[type=email]", timeout=1500)
            except BrowserError:
                continue
            return
        raise RoadBlocked("the exit-intent pop-up did not appear")

    def mail(self, what: str, wanted: Callable[[Mail], bool], seconds: float = 260) -> Mail:
        """Return the first mail of this kind, waited for as long as a night; raises RoadBlocked."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in self.stage.box.mails:
                if wanted(mail):
                    self.say(f"{what}: “{mail.subject}” to {mail.recipients[0]}")
                    return mail
            time.sleep(0.3)
        seen = [mail.subject for mail in self.stage.box.mails]
        raise RoadBlocked(f"{what} did not arrive; the mailbox has {seen}")

    def until(self, query: str, what: str, seconds: float = 90) -> int:
        """Return the number that this query counts, once it is not nought; raises RoadBlocked."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.row(query)[0]:
                return found
            time.sleep(0.3)
        raise RoadBlocked(what)

    def no_mail_follows(self) -> None:
        """Wait for 20 minutes of the demo; raises RoadBlocked when a mail goes out."""
        mails = len(self.stage.box.mails)
        time.sleep(5)
        if len(self.stage.box.mails) != mails:
            raise RoadBlocked("a mail went out after the order")
        self.say("no mail followed the order")

    def row(self, query: str) -> tuple[int, ...]:
        """Return the first row of a query, asked with the owner's rights."""
        with psycopg.connect(self.stage.database_owner_url) as connection:
            row = connection.execute(query).fetchone()
        return row or (0,)


def link_in(mail: Mail, kind: str) -> str:
    """Return the link of this kind (r, c, u) in a mail's text; raises RoadBlocked."""
    found = re.search(rf"https?://\S+/{kind}/\S+", mail.part("plain"))
    if found is None:
        raise RoadBlocked(f"no link of kind {kind} in “{mail.subject}”")
    return found[0].rstrip(".,)>")
