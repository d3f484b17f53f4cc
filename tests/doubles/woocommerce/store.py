"""A whole WooCommerce shop in this process: the handle that tests and the demonstration hold."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Literal

import httpx

from tests.doubles.base.certificate import write_certificate
from tests.doubles.base.http import Request, Response, as_wsgi
from tests.doubles.base.outgoing import outgoing_client
from tests.doubles.base.server import Listener
from tests.doubles.woocommerce import cart as carts
from tests.doubles.woocommerce import catalogue_arabic, catalogue_nordic, shopkeeping, stockroom
from tests.doubles.woocommerce.app import answer
from tests.doubles.woocommerce.background import start_background
from tests.doubles.woocommerce.cart import priced
from tests.doubles.woocommerce.checkout import Caller, place_block, place_classic
from tests.doubles.woocommerce.delivery import Delivered
from tests.doubles.woocommerce.news import Faults
from tests.doubles.woocommerce.plugin.outbox import send_waiting
from tests.doubles.woocommerce.plugin.snapshots import mint_cart_id, report_cart
from tests.doubles.woocommerce.profiles import Profile
from tests.doubles.woocommerce.records import ApiKey, Order, Product, Visit
from tests.doubles.woocommerce.seed import opened_shop
from tests.doubles.woocommerce.state import Asked, State
from tests.doubles.woocommerce.visits import keep, new_visit

PROFILES: dict[str, Profile] = {
    one.key: one for one in (catalogue_nordic.PROFILE, catalogue_arabic.PROFILE)
}
Kind = Literal["order", "product", "coupon"]
_USUAL = {
    "first_name": "Anna",
    "last_name": "Holm",
    "address_1": "Storgatan 1",
    "postcode": "211 20",
}


class Store:
    """A running shop. ``with Store() as store:`` listens on two free ports and sends by itself;
    ``Store(threads=False)`` only answers through ``store.wsgi`` and sends when told to.

    ``transport``: how deliveries reach the reader in the second mode, say a WSGI transport.
    ``app_ca``: a certificate to trust besides the usual ones. ``clock_tick``: real seconds between
    two runs of the queue.
    """

    def __init__(
        self,
        profile: str | Profile = "nordic",
        *,
        port: int = 0,
        https_port: int | None = 0,
        app_url: str = "",
        app_ca: Path | None = None,
        plugin: bool = True,
        threads: bool = True,
        plain_http: bool = False,
        login_required: bool = False,
        block_checkout: bool = True,
        plain_permalinks: bool = False,
        transport: httpx.BaseTransport | None = None,
        past_orders: int = 72,
        clock_tick: float = 0.5,
        home: str = "",
    ) -> None:
        """Seed the shop; nothing listens yet."""
        chosen = PROFILES[profile] if isinstance(profile, str) else profile
        self._ports = (port, None if plain_http else https_port)
        self._threads, self._tick, self._wanted_home = threads, clock_tick, home
        self._listeners: list[Listener] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._stopping = threading.Event()
        self._workers: list[threading.Thread] = []
        self._pair: tuple[Path, Path] | None = None
        self.certificate: Path | None = None
        self.url, self.https_url = "http://shop.test", "" if plain_http else "https://shop.test"
        first_home = home or self.https_url or self.url
        client = outgoing_client(app_ca, transport)
        self.shop = opened_shop(chosen, client, first_home, plugin=plugin, orders=past_orders)
        self.shop.app_url = app_url.rstrip("/")
        self.shop.login_required = login_required
        self.shop.plain_permalinks = plain_permalinks
        self.shop.block_checkout = block_checkout
        self.wsgi = as_wsgi(self._answer)

    def __enter__(self) -> Store:
        """Begin to listen and to send, unless this is the mode without threads."""
        if self._threads:
            self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(self) -> None:
        """Listen on both ports, and send news and reports in the background."""
        self.come_back()
        self.call_home(self._wanted_home or self.https_url or self.url)
        self._workers = start_background(self.shop, self._stopping, self._tick)

    def stop(self) -> None:
        """Stop listening and sending."""
        self._stopping.set()
        if self.shop.plugin:
            self.shop.plugin.news.set()
        self.go_down()
        for worker in self._workers:
            worker.join(timeout=5)
        self.shop.client.close()
        if self._folder:
            self._folder.cleanup()

    def call_home(self, address: str) -> None:
        """Let the shop call this its own address, in payloads and headers."""
        self.shop.home = self.shop.deliveries.home = address.rstrip("/")

    def _answer(self, request: Request) -> Response:
        return answer(self.shop, request)

    @property
    def home(self) -> str:
        """Return the address that the shop calls its own."""
        return self.shop.home

    @property
    def state(self) -> State:
        """Return all that the shop knows."""
        return self.shop.state

    @property
    def faults(self) -> Faults:
        """Return the switches for what goes wrong."""
        return self.shop.news.faults

    @property
    def webhook_deliveries(self) -> list[Delivered]:
        """Return every delivery and ping that was tried, in order."""
        return list(self.shop.deliveries.ledger)

    @property
    def rest_requests(self) -> list[Asked]:
        """Return every call of the REST interface, in order."""
        return list(self.state.asked)

    def run_queue(self) -> int:
        """Send the webhooks that wait; return how many were tried."""
        return self.shop.deliveries.run()

    def send_outbox(self) -> int:
        """Send the plugin's reports that wait; return how many were taken."""
        return send_waiting(self.shop.plugin, self.shop.client) if self.shop.plugin else 0

    def go_down(self) -> None:
        """Refuse connections from now on, as a shop does whose machine is off."""
        for listener in self._listeners:
            listener.stop()
        self._listeners = []

    def come_back(self) -> None:
        """Listen, on the same ports as before if there was a before."""
        port, https_port = self._ports
        plain = Listener(self.wsgi, port)
        self._listeners, self.url, self.https_url = [plain], plain.url, ""
        if https_port is not None:
            if self._pair is None:
                self._folder = tempfile.TemporaryDirectory(prefix="woocommerce-double-")
                self._pair = write_certificate(Path(self._folder.name), "shop")
                self.certificate = self._pair[0]
            secure = Listener(self.wsgi, https_port, self._pair)
            self._listeners.append(secure)
            self.https_url, https_port = secure.url, secure.port
        self._ports = (plain.port, https_port)

    def make_key(self, permissions: str = "read_write") -> ApiKey:
        """Return a new key, as an approval makes it."""
        number = self.state.next_id("key")
        key = ApiKey(number, f"ck_{number:040x}", f"cs_{number:040x}", permissions)
        self.state.keys[number] = key
        return key

    def visitor(self, email: str = "") -> Visit:
        """Return a new guest's session, with the address typed at checkout if one is given."""
        visit = new_visit()
        if email:
            visit.billing["email"] = email
        keep(self.shop, visit)
        return visit

    def buyable(self) -> list[Product]:
        """Return what can be put into a cart now, by number."""
        found = [one for one in self.state.products.values() if one.buyable and one.available]
        return sorted(found, key=lambda one: one.id)

    def add_to_cart(self, visit: Visit, product_id: int, quantity: int = 1) -> None:
        """Put a product or variation into a visitor's cart and report it; raises ApiError."""
        with self.state.lock:
            product = carts.sellable(self.state, product_id)
            carts.add(self.state, visit, product, quantity)
            mint_cart_id(visit)
            report_cart(self.shop, visit, priced(self.state, visit))

    def place_order(
        self,
        visit: Visit | None = None,
        *,
        products: Sequence[tuple[int, int]] = (),
        email: str = "",
        payment: str = "cod",
        block: bool = True,
    ) -> Order:
        """Place a visitor's cart (or these products) as an order, told as that checkout tells."""
        visit = visit or self.visitor()
        with self.state.lock:
            for product_id, quantity in products:
                self.add_to_cart(visit, product_id, quantity)
            settings = self.state.settings
            usual = {
                **_USUAL,
                "city": settings.city,
                "country": settings.country,
            }
            known = {key: value for key, value in visit.billing.items() if value}
            visit.billing = {**usual, "email": "anna@shopper.example", **known}
            if email:
                visit.billing["email"] = email
            visit.notes["block"] = "yes" if block else ""
            place = place_block if block else place_classic
            return place(self.shop, visit, payment, Caller(user_agent="Mozilla/5.0"))

    def change_status(self, order: Order, status: str) -> None:
        """Move an order to another status."""
        shopkeeping.set_status(self.shop.news, order, status)

    def refund(self, order: Order, amount: str) -> None:
        """Give money back for an order."""
        shopkeeping.refund(self.shop.news, order, Decimal(amount))

    def change_price(self, product_id: int, regular: str, sale: str = "") -> None:
        """Change what a product or variation costs."""
        product = self.state.products[product_id]
        stockroom.change_product(self.shop.news, product, regular_price=regular, sale_price=sale)

    def change_stock(self, product_id: int, stock: int) -> None:
        """Set how many pieces there are."""
        stockroom.change_product(self.shop.news, self.state.products[product_id], stock=stock)

    def trash(self, kind: Kind, id: int) -> None:
        """Put an order, product or coupon into the trash."""
        news, state = self.shop.news, self.state
        match kind:
            case "order":
                shopkeeping.trash_order(news, state.orders[id])
            case "product":
                stockroom.trash_product(news, state.products[id])
            case "coupon":
                stockroom.trash_coupon(news, state.coupons[id])

    def restore(self, kind: Literal["order", "product"], id: int) -> None:
        """Take an order or product out of the trash."""
        if kind == "order":
            shopkeeping.restore_order(self.shop.news, self.state.orders[id])
        else:
            stockroom.restore_product(self.shop.news, self.state.products[id])

    def delete(self, kind: Kind, id: int) -> None:
        """Delete for good, of which nothing is told."""
        if kind == "order":
            shopkeeping.delete_order(self.shop.news, self.state.orders[id])
        elif kind == "product":
            stockroom.delete_product(self.shop.news, self.state.products[id])
        else:
            self.state.coupons.pop(id, None)
