"""The road of a Shopify shop: from the admin's grant screen to two recovered orders, and away."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from playwright.sync_api import Frame, Page, expect

from tests.demo.walking import SHOPPER, RoadBlocked, Walk, link_in

GUEST = "karin@example.se"


class ShopifyWalk(Walk):
    """A merchant installs the app in their admin; two shoppers leave, one a cart, one a checkout,
    and come back by their mails. Then one asks to be forgotten, and the merchant leaves."""

    def take(self) -> int:
        """Take every step; return the exit status."""
        merchant = self.device()
        self._install(merchant)
        self._import(merchant)
        self._switch_on(merchant)
        self._switch_embed_on(merchant)
        phone = self.device()
        self._ask_for_cart(phone)
        self._confirm(phone)
        phone.context.close()
        self._leave_checkout()
        self._abandoned(merchant)
        self._order_by_permalink(self._reminder(SHOPPER))
        self._order_by_recovery(self._reminder(GUEST))
        recovered = self._count(merchant)
        self._written_back()
        self._forget_one(merchant)
        self._leave(merchant)
        print(f"{recovered} recovered orders", flush=True)
        return 0 if recovered == 2 else 1

    # The merchant, in the admin's frame.

    def _install(self, page: Page) -> None:
        page.goto(self.stage.office)
        page.locator(".person").first.click()
        self.say("the shop's admin, the app not installed yet", page)
        self.click(page, "a.button.main >> text=Install")
        page.wait_for_selector("text=will be able to do this")
        self.say("the admin's own grant screen", page)
        self.click(page, "button.main >> text=Install")
        frame = self._frame(page)
        expect(frame.locator("h1").first).to_be_visible()
        self.say(f"installed after {self.clicks} clicks, the admin's consent included", page)
        if self.clicks > 2:
            raise RoadBlocked(f"{self.clicks} clicks are more than two")

    def _import(self, page: Page) -> None:
        frame = self._frame(page)
        frame.wait_for_selector("#import", timeout=30_000)
        self.say("the first import, in the frame", page)
        self.until(
            "SELECT count(*) FROM ingest_reading WHERE state = 'done' HAVING count(*) >= 5",
            "the import did not end",
        )
        waiting = "() => !document.querySelector('#import[data-poll]')"
        frame.wait_for_function(waiting, timeout=90_000)
        counts = self.row(
            "SELECT (SELECT count(*) FROM catalog_product), (SELECT count(*) FROM catalog_variant),"
            " (SELECT count(*) FROM orders_order), (SELECT count(*) FROM contacts_contact)"
        )
        self.say("imported {} products, {} variants, {} orders, {} customers".format(*counts), page)

    def _switch_on(self, page: Page) -> None:
        self._menu(page, "Settings")
        frame = self._frame(page)
        expect(frame.locator("nav.tabs a[aria-current]")).to_have_text("Store")
        frame.locator("nav.tabs a", has_text="Sender").click()
        frame.fill("[name=sender_address]", "hello@almgrenvik.example")
        frame.fill("[name=legal_address]", "Norra Vallgatan 12, 211 25 Malmö, Sweden")
        expect(page.locator("#save-bar")).to_be_visible()
        self.say("the sender is typed; the admin's save bar waits", page)
        page.locator("#save-bar button", has_text="Save").click()
        expect(page.locator("#save-bar")).to_be_hidden()
        self._menu(page, "Flows")
        expect(frame.locator("h1", has_text="Flows")).to_be_visible()
        for number in range(1, 3):
            frame.locator("summary.switch").first.click()
            frame.locator("details[open] button.primary").first.click()
            self.until(
                f"SELECT count(*) FROM flows_flow WHERE live HAVING count(*) >= {number}",
                "a flow could not be switched on",
            )
            page.wait_for_timeout(500)
        self.say("sender and postal address set, both flows switched on", page)

    def _switch_embed_on(self, page: Page) -> None:
        page.goto(f"{self.stage.store}/admin/themes/current/editor?context=apps")
        page.locator("form input[type=checkbox]").first.check()
        page.locator("form button.main").click()
        page.wait_for_load_state()
        self.say("the app embed switched on in the theme's editor", page)

    def _menu(self, page: Page, label: str) -> None:
        page.locator("#app-nav a", has_text=label).click()

    def _frame(self, page: Page) -> Frame:
        handle = page.wait_for_selector("iframe#app")
        frame = handle.content_frame() if handle else None
        if frame is None:
            raise RoadBlocked("the app has no frame in the admin")
        frame.wait_for_selector("main")
        return frame

    def _app(self, page: Page, path: str) -> Frame:
        """Open a page of the app by its address in the admin."""
        page.goto(f"{self.stage.store}/admin/apps/rebasket{path}")
        return self._frame(page)

    # The shoppers.

    def _fill_cart(self, page: Page) -> str:
        page.goto(self.stage.store)
        page.click("main a[href*='/products/'] >> nth=0")
        name = page.inner_text("h1")
        page.click("form.cart button.primary")
        page.wait_for_timeout(1500)
        return name

    def _ask_for_cart(self, page: Page) -> None:
        self.product = self._fill_cart(page)
        page.goto(self.stage.store)
        self.say(f"a shopper puts “{self.product}” into the cart", page)
        self.leave_through_the_top(page)
        page.fill("[data-rebasket] input[type=email]", SHOPPER)
        page.check("[data-rebasket] input[type=checkbox]")
        self.say("the exit-intent pop-up asks for the address, with the consent wording", page)
        page.click("[data-rebasket] button[type=submit]")
        page.wait_for_selector("[data-rebasket] >> text=Thank you")
        self.say("the pop-up's answer", page)

    def _confirm(self, page: Page) -> None:
        mail = self.mail("the mail asked for arrived", lambda one: "/c/" in one.part("plain"))
        page.goto(link_in(mail, "c"))
        page.click("main button")
        page.wait_for_load_state()
        self.say("the shopper confirms the address", page)

    def _leave_checkout(self) -> None:
        page = self.device()
        self.other_product = self._fill_cart(page)
        page.goto(f"{self.stage.store}/checkout")
        page.fill("#email", GUEST)
        page.check("[name=news]")
        for name, value in (
            ("first_name", "Karin"),
            ("last_name", "Ek"),
            ("address1", "Storgatan 3"),
            ("zip", "111 22"),
            ("city", "Stockholm"),
        ):
            page.fill(f"#{name}", value)
            page.locator(f"#{name}").blur()
        self.say("another shopper gives address and consent at the checkout, and leaves", page)
        self.until(
            f"SELECT count(*) FROM contacts_contact WHERE email = '{GUEST}'",
            "the checkout was not told of",
        )
        page.context.close()

    def _abandoned(self, page: Page) -> None:
        self.until(
            "SELECT count(*) FROM flows_flowrun HAVING count(*) >= 2", "the carts entered no flow"
        )
        shop = self.row("SELECT id FROM shops_shop")[0]
        frame = self._app(page, f"/shops/{shop}/carts/")
        frame.click("a.row-link >> nth=0")
        frame.wait_for_selector("#drawer h2")
        self.say("both carts are abandoned and in recovery; the drawer tells why", page)

    def _reminder(self, shopper: str) -> str:
        mail = self.mail(
            "the flow's mail arrived",
            lambda one: (
                one.recipients[0] == shopper
                and "/r/" in one.part("plain")
                and "/c/" not in one.part("plain")
            ),
        )
        if "List-Unsubscribe-Post" not in mail.message:
            raise RoadBlocked("the mail has no one-click unsubscribe")
        return link_in(mail, "r")

    def _order_by_permalink(self, link: str) -> None:
        page = self.device()
        page.goto(link)
        page.wait_for_url("**/cart**")
        page.wait_for_selector(f"text={self.product}")
        self.say("a permalink opens the cart on a second device", page)
        page.wait_for_timeout(1500)
        page.goto(f"{self.stage.store}/checkout")
        self._pay(page, SHOPPER)
        self.say("the first shopper orders", page)

    def _order_by_recovery(self, link: str) -> None:
        page = self.device()
        page.goto(link)
        page.wait_for_url("**/checkouts/**")
        if page.input_value("#email") != GUEST:
            raise RoadBlocked("the recovered checkout has forgotten its shopper")
        self.say("the other's link opens their checkout as it was left", page)
        self._pay(page, GUEST)
        self.say("the other shopper orders", page)

    def _pay(self, page: Page, email: str) -> None:
        for name, value in (
            ("email", email),
            ("first_name", "Anna"),
            ("last_name", "Bergström"),
            ("address1", "Storgatan 2"),
            ("zip", "111 22"),
            ("city", "Stockholm"),
        ):
            if not page.input_value(f"#{name}"):
                page.fill(f"#{name}", value)
        page.click("[name=place]")
        page.wait_for_url("**/thank-you**")

    # What came of it.

    def _count(self, page: Page) -> int:
        credited = "SELECT count(*) FROM attribution_credit"
        self.until(f"{credited} HAVING count(*) >= 2", "the orders were not credited")
        shop = self.row("SELECT id FROM shops_shop")[0]
        frame = self._app(page, f"/shops/{shop}/results/")
        expect(frame.locator("h1").first).to_be_visible()
        owed = self.row(
            "SELECT sum(total_minor) FROM orders_order JOIN attribution_credit c"
            " ON c.order_id = orders_order.id"
        )[0]
        shown = f"{owed // 100:,}.{owed % 100:02}"
        if shown not in frame.inner_text("main"):
            raise RoadBlocked(f"the results page does not say {shown}, as the rows do")
        self.say(f"the results page, in the admin, says {shown}, as the rows do", page)
        self.no_mail_follows()
        return self.row(credited)[0]

    def _written_back(self) -> None:
        """See the pop-up's shopper in the shop's own admin, agreement included."""
        self.until(
            f"SELECT count(*) FROM contacts_contact WHERE email = '{SHOPPER}'"
            " AND owed_since IS NULL AND customer_id <> ''",
            "the shopper was not written back to the shop",
        )
        self.say("the shopper and their agreement stand in the shop's own admin")

    def _forget_one(self, page: Page) -> None:
        for what, told in (
            ("for their data", "privacy_datarequest"),
            ("for erasure", ""),
        ):
            page.goto(f"{self.stage.store}/admin/settings/apps")
            page.select_option("[name=customer]", label=GUEST)
            page.click(f"button >> text={what}")
            page.wait_for_load_state()
            if told:
                self.until(f"SELECT count(*) FROM {told}", "the request did not arrive")
        self._gone(f"SELECT count(*) FROM contacts_contact WHERE email = '{GUEST}'", "a shopper")
        self.say("one shopper asked for their data, then to be erased; both was done", page)

    def _leave(self, page: Page) -> None:
        page.goto(f"{self.stage.store}/admin/settings/apps")
        page.click("button >> text=Uninstall")
        self.until(
            "SELECT count(*) FROM shops_shop WHERE state = 'uninstalled'", "the shop did not leave"
        )
        self.say("the merchant takes the app out of the admin", page)
        # The platform's word comes 48 hours later: the double is told not to wait.
        self._control("hurry")
        self._gone("SELECT count(*) FROM contacts_contact", "shoppers")
        for table in ("carts_cart", "contacts_consent", "messaging_link"):
            if left := self.row(f"SELECT count(*) FROM {table}")[0]:
                raise RoadBlocked(f"{left} rows of {table} are left after the redaction")
        self.say("after the redaction the database holds counts and nobody's data")

    def _gone(self, query: str, what: str, *, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while self.row(query)[0]:
            if time.monotonic() > end:
                raise RoadBlocked(f"{what} not erased: {query}")
            time.sleep(0.3)

    def _control(self, name: str, **posted: Any) -> Any:
        request = urllib.request.Request(
            f"{self.stage.store}/__double/{name}", json.dumps(posted).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())
