"""The road of a WooCommerce shop: from the plugin's Connect button to a recovered order."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.demo.walking import SHOPPER, RoadBlocked, Walk, link_in


class WooCommerceWalk(Walk):
    """A merchant connects their store; a shopper leaves a cart and comes back by the mail."""

    def take(self) -> int:
        """Take every step; return the exit status."""
        merchant = self.device()
        self._connect(merchant)
        self._import(merchant)
        self._switch_on(merchant)
        phone = self.device()
        self._ask_for_cart(phone)
        self._confirm(phone)
        phone.context.close()
        self._abandoned(merchant)
        link = self._reminder()
        self._order(link)
        return self._count(merchant)

    def _connect(self, page: Page) -> None:
        page.goto(self.stage.office)
        self.say("the plugin's page in the store, not connected yet", page)
        self.click(page, "#connect")
        page.wait_for_selector(".wc-auth-approve")
        self.say("the store's own consent page", page)
        self.click(page, ".wc-auth-approve")
        page.wait_for_selector("text=is connected")
        self.say(f"connected after {self.clicks} clicks, the store's consent included", page)
        if self.clicks > 3:
            raise RoadBlocked(f"{self.clicks} clicks are more than three")

    def _import(self, page: Page) -> None:
        page.click("text=See the first import")
        page.wait_for_function(
            "() => !document.querySelector('#import[data-poll]')", timeout=60_000
        )
        counts = self.row(
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

    def _abandoned(self, page: Page) -> None:
        self.until("SELECT count(*) FROM flows_flowrun", "the cart entered no flow")
        page.goto(f"{self.stage.app}/shops/{self.shop}/carts/")
        page.click("a.row-link >> nth=0")
        page.wait_for_selector("#drawer h2")
        self.say("the cart is abandoned and in recovery; the drawer tells why", page)

    def _reminder(self) -> str:
        mail = self.mail(
            "the flow's mail arrived",
            lambda one: "/r/" in one.part("plain") and "/c/" not in one.part("plain"),
        )
        if "List-Unsubscribe-Post" not in mail.message:
            raise RoadBlocked("the mail has no one-click unsubscribe")
        return link_in(mail, "r")

    def _order(self, link: str) -> None:
        page = self.device()
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
        recovered = self.until(
            "SELECT count(*) FROM attribution_credit JOIN orders_order o ON o.id = order_id"
            " WHERE o.stage = 'placed'",
            "no order was credited",
        )
        page.goto(f"{self.stage.app}/shops/{self.shop}/results/")
        self.say("the results page", page)
        self.no_mail_follows()
        print(f"{recovered} recovered order{'' if recovered == 1 else 's'}", flush=True)
        return 0 if recovered == 1 else 1
