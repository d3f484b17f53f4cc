"""Walk the demo's whole road as a merchant and a shopper would, and print what was seen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.demo.stage import Stage
from tests.doubles.mailbox.box import Mail

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOPPER = "anna@example.se"


class RoadBlocked(Exception):
    """A step of the road could not be taken; the message says which and why."""


def walk(stage: Stage, *, screenshots: str = "") -> int:
    """Walk the road and print it step by step; return 0 when it ends in a recovered order."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            return _Walk(stage, browser, screenshots).take()
        except BrowserError as error:
            raise RoadBlocked(f"The browser could not go on: {error}") from error
        finally:
            browser.close()


class _Walk:
    """One walk; ``clicks`` counts what the merchant clicks from Connect to connected."""

    def __init__(self, stage: Stage, browser: Browser, screenshots: str) -> None:
        self.stage, self.browser, self.screenshots = stage, browser, screenshots
        self.clicks = 0
        self.started = time.monotonic()
        self.pictures = 0

    def take(self) -> int:
        """Take every step; return the exit status."""
        merchant = self._device()
        self._connect(merchant)
        self._import(merchant)
        self._switch_on(merchant)
        phone = self._device()
        self._ask_for_cart(phone)
        self._confirm(phone)
        phone.context.close()
        self._abandoned(merchant)
        link = self._reminder()
        self._order(link)
        return self._count(merchant)

    def _device(self) -> Page:
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

    def _click(self, page: Page, selector: str) -> None:
        self.clicks += 1
        page.click(selector)

    def _connect(self, page: Page) -> None:
        page.goto(f"{self.stage.store}/wp-admin/admin.php?page=rebasket")
        self.say("the plugin's page in the store, not connected yet", page)
        self._click(page, "#connect")
        page.wait_for_selector(".wc-auth-approve")
        self.say("the store's own consent page", page)
        self._click(page, ".wc-auth-approve")
        page.wait_for_selector("text=is connected")
        self.say(f"connected after {self.clicks} clicks, the store's consent included", page)
        if self.clicks > 3:
            raise RoadBlocked(f"{self.clicks} clicks are more than three")

    def _import(self, page: Page) -> None:
        page.click("text=See the first import")
        page.wait_for_function(
            "() => !document.querySelector('#import[data-poll]')", timeout=60_000
        )
        counts = self._row(
            "SELECT (SELECT count(*) FROM catalog_product), (SELECT count(*) FROM catalog_variant),"
            " (SELECT count(*) FROM orders_order), (SELECT count(*) FROM contacts_contact)"
        )
        self.say("imported {} products, {} variants, {} orders, {} customers".format(*counts), page)

    def _switch_on(self, page: Page) -> None:
        shop = re.search(r"/shops/(\d+)/", page.url)
        if shop is None:
            raise RoadBlocked(f"no shop in {page.url}")
        self.shop = shop[1]
        page.goto(f"{self.stage.app}/shops/{self.shop}/settings/sender/")
        page.fill("[name=sender_address]", "hello@almgrenvik.example")
        page.fill("[name=legal_address]", "Storgatan 1, 111 22 Stockholm, Sweden")
        page.click("main button.primary")
        page.goto(f"{self.stage.app}/shops/{self.shop}/flows/")
        for _ in range(2):
            page.click("summary.switch >> nth=0")
            page.click("details[open] button.primary")
            page.wait_for_load_state()
        self.say("sender and postal address set, both flows switched on", page)

    def _ask_for_cart(self, page: Page) -> None:
        page.goto(self.stage.store)
        page.click("main a[href*='/product/'] >> nth=0")
        self.product = page.inner_text("h1")
        page.click("form.cart button.primary")
        page.wait_for_load_state()
        page.goto(self.stage.store)
        self.say(f"a shopper puts “{self.product}” into the cart", page)
        self._leave_through_the_top(page)
        page.fill("[data-rebasket] input[type=email]", SHOPPER)
        page.check("[data-rebasket] input[type=checkbox]")
        self.say("the exit-intent pop-up asks for the address, with the consent wording", page)
        page.click("[data-rebasket] button[type=submit]")
        page.wait_for_selector("[data-rebasket] >> text=Thank you")
        self.say("the pop-up's answer", page)

    def _leave_through_the_top(self, page: Page) -> None:
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

    def _mail(self, what: str, wanted: Callable[[Mail], bool], seconds: float = 120) -> Mail:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in self.stage.box.mails:
                if wanted(mail):
                    self.say(f"{what}: “{mail.subject}” to {mail.recipients[0]}")
                    return mail
            time.sleep(0.3)
        seen = [mail.subject for mail in self.stage.box.mails]
        raise RoadBlocked(f"{what} did not arrive; the mailbox has {seen}")

    def _confirm(self, page: Page) -> None:
        mail = self._mail("the mail asked for arrived", lambda one: "/c/" in one.part("plain"))
        page.goto(_link_in(mail, "c"))
        page.click("main button")
        page.wait_for_load_state()
        self.say("the shopper confirms the address", page)

    def _abandoned(self, page: Page) -> None:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            if self._row("SELECT count(*) FROM flows_flowrun")[0]:
                break
            time.sleep(0.3)
        else:
            raise RoadBlocked("the cart entered no flow")
        page.goto(f"{self.stage.app}/shops/{self.shop}/carts/")
        page.click("a.row-link >> nth=0")
        page.wait_for_selector("#drawer h2")
        self.say("the cart is abandoned and in recovery; the drawer tells why", page)

    def _reminder(self) -> str:
        mail = self._mail(
            "the flow's mail arrived",
            lambda one: "/r/" in one.part("plain") and "/c/" not in one.part("plain"),
        )
        if "List-Unsubscribe-Post" not in mail.message:
            raise RoadBlocked("the mail has no one-click unsubscribe")
        return _link_in(mail, "r")

    def _order(self, link: str) -> None:
        page = self._device()
        page.goto(link)
        page.wait_for_selector(f"text={self.product}")
        self.say("the link opens the cart on a second device", page)
        page.wait_for_timeout(1500)
        page.goto(f"{self.stage.store}/checkout/")
        for name, value in (
            ("email", SHOPPER),
            ("first_name", "Anna"),
            ("last_name", "Bergström"),
            ("address_1", "Storgatan 2"),
            ("city", "Stockholm"),
            ("postcode", "111 22"),
            ("phone", "0701234567"),
        ):
            field = page.locator(f"[name=billing_{name}]")
            if field.count():
                field.fill(value)
        page.click("#place_order")
        page.wait_for_url("**/order-received/**")
        self.say("the shopper orders, cash on delivery", page)

    def _count(self, page: Page) -> int:
        until = time.monotonic() + 60
        recovered = 0
        while time.monotonic() < until and not recovered:
            recovered = self._row(
                "SELECT count(*) FROM attribution_credit JOIN orders_order o ON o.id = order_id"
                " WHERE o.stage = 'placed'"
            )[0]
            time.sleep(0.3)
        page.goto(f"{self.stage.app}/shops/{self.shop}/results/")
        self.say("the results page", page)
        mails = len(self.stage.box.mails)
        time.sleep(5)
        if len(self.stage.box.mails) != mails:
            raise RoadBlocked("a mail went out after the order")
        self.say("no mail followed the order")
        print(f"{recovered} recovered order{'' if recovered == 1 else 's'}", flush=True)
        return 0 if recovered == 1 else 1

    def _row(self, query: str) -> tuple[int, ...]:
        with psycopg.connect(self.stage.database_owner_url) as connection:
            row = connection.execute(query).fetchone()
        return row or (0,)


def _link_in(mail: Mail, kind: str) -> str:
    found = re.search(rf"https?://\S+/{kind}/\S+", mail.part("plain"))
    if found is None:
        raise RoadBlocked(f"no link of kind {kind} in “{mail.subject}”")
    return found[0].rstrip(".,)>")
